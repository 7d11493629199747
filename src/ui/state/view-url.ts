/** The view's part of a link: `s=1k..128k&b=1..256&by=kv,gpus&units=GB`. A range on a linear scale ends in `,linear`. */

import { DEFAULT_MODEL } from '../../model/default-model.ts'
import { limits } from '../../scenario/schema.ts'
import { type Decoded, decodeScenario, encodeScenario, type UrlProblem } from '../../scenario/url.ts'
import { escapePart, unescapePart, writeCount } from '../../scenario/url-fields.ts'
import { parseQuantity } from '../../units.ts'
import { type Over, type OverField, type PanelField, type Range, type View, viewNames } from './document.ts'

const panelKeys: Record<string, PanelField> = {
  weights: 'precision.weights',
  kv: 'precision.kvCache',
  gpus: 'hardware.count',
  gpu: 'hardware.gpu',
  runtime: 'runtime',
  ckpt: 'training.checkpointing',
  opt: 'training.optimizer',
  loss: 'training.loss',
  zero: 'parallelism.zero',
}

/** Fields that lines of an overlay differ in. */
const overKeys: Record<string, OverField> = {
  gpu: 'hardware.gpu',
  model: 'model',
  weights: 'precision.weights',
  kv: 'precision.kvCache',
  gpus: 'hardware.count',
}

const views = Object.fromEntries(viewNames.map((name) => [name, name]))

const writeRange = ({ from, to, scale }: Range) =>
  `${writeCount(Math.round(from))}..${writeCount(Math.round(to))}${scale === 'linear' ? ',linear' : ''}`

/**
 * Entries of a link; none for what is as usual.
 * @param packedAgainst the packed model of the scenario A, where that is a custom one; empty for the same as the present scenario's
 */
export function encodeView({ show, x, y, by, over, against, units }: View, packedAgainst?: string): string[] {
  const panels = by.map((field) => Object.keys(panelKeys).find((key) => panelKeys[key] === field))
  return [
    ...(show === 'map' ? [] : [`view=${show}`]),
    ...(x ? [`s=${writeRange(x)}`] : []),
    ...(y ? [`b=${writeRange(y)}`] : []),
    ...(by.length ? [`by=${panels}`] : []),
    ...(over ? [`lines=${writeOver(over)}`] : []),
    ...(against ? [`a=${escapePart(encodeScenario(against, packedAgainst))}`] : []),
    ...(units === 'GB' ? ['units=GB'] : []),
  ]
}

export interface DecodedView {
  view: Partial<View>
  problems: UrlProblem[]
  /** The custom model of the scenario A as `encodeView` took it; null when A has a model by name, or there is none. */
  packedAgainst: string | null
}

export function decodeView(entries: readonly [key: string, text: string][]): DecodedView {
  const view: Partial<View> = {}
  const problems: UrlProblem[] = []
  let packedAgainst: string | null = null
  for (const [key, text] of entries) {
    // As in `a=1&&b=2`: nothing is lost.
    if (key === '' && text === '') continue
    try {
      if (key === 'view') view.show = oneOf(views, text)
      else if (key === 's') view.x = readRange(text, limits.sequence)
      else if (key === 'b') view.y = readRange(text, limits.batch)
      else if (key === 'lines') view.over = readOver(text)
      else if (key === 'a') {
        const { input, packedModel } = readScenario(text)
        view.against = { model: DEFAULT_MODEL, ...input }
        packedAgainst = packedModel
      } else if (key === 'by') view.by = readPanels(text)
      else if (key === 'units') view.units = oneOf({ GB: 'GB', GiB: 'GiB' }, text)
      else throw new RangeError('is not part of a link of this page')
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      problems.push({ key, text, message: error.message })
    }
  }
  return { view, problems, packedAgainst }
}

/** `gpu:RTX-4090,L40S`; `kv` alone means the usual values, `auto` what the runtime does. */
function writeOver({ field, values }: Over): string {
  const key = Object.keys(overKeys).find((name) => overKeys[name] === field)
  return values ? `${key}:${values.map((value) => escapePart(String(value ?? 'auto'))).join(',')}` : `${key}`
}

function readOver(text: string): Over {
  const [key, list] = text.split(/:(.*)/s)
  const field = oneOf(overKeys, key)
  if (list === undefined) return { field, values: null }
  const values = list.split(',').slice(0, 32).map(unescapePart)
  if (field === 'hardware.count') return { field, values: values.map(parseQuantity) }
  return { field, values: values.map((value) => (value === 'auto' ? null : value.slice(0, 200))) }
}

function readPanels(text: string): PanelField[] {
  const fields = text.split(',').map((key) => oneOf(panelKeys, key))
  if (fields.length > 2 || new Set(fields).size < fields.length) throw new RangeError('must be one field or two')
  return fields
}

function readScenario(text: string): Decoded {
  const decoded = decodeScenario(unescapePart(text))
  const [problem] = decoded.problems
  if (problem) throw new RangeError(`holds a scenario whose ${problem.key} ${problem.message}`)
  return decoded
}

function oneOf<T>(values: Record<string, T>, text: string): T {
  if (Object.hasOwn(values, text)) return values[text]
  throw new RangeError(`must be one of ${Object.keys(values).join(', ')}`)
}

function readRange(text: string, most: number): Range {
  const match = /^([^.,]+)\.\.([^.,]+)(,linear)?$/.exec(text)
  if (!match) throw new RangeError('must be a range such as 1..256 or 1k..128k,linear')
  const from = parseQuantity(match[1])
  const to = parseQuantity(match[2])
  if (from < 1 || to > most || from > to) throw new RangeError(`must run upwards within 1..${most}`)
  return { from, to, scale: match[3] ? 'linear' : 'log2' }
}
