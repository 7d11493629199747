/** The view's part of a link: `s=1k..128k&b=1..256&by=kv&units=GB`. A range on a linear scale ends in `,linear`. */

import { DEFAULT_MODEL } from '../../model/default-model.ts'
import { limits, type ScenarioInput } from '../../scenario/schema.ts'
import { decodeScenario, encodeScenario, type UrlProblem } from '../../scenario/url.ts'
import { escapePart, unescapePart, writeCount } from '../../scenario/url-fields.ts'
import { parseQuantity } from '../../units.ts'
import { type PanelField, type Range, type View, viewNames } from './document.ts'

const panelKeys: Record<string, PanelField> = {
  weights: 'precision.weights',
  kv: 'precision.kvCache',
  gpus: 'hardware.count',
  gpu: 'hardware.gpu',
}

const views = Object.fromEntries(viewNames.map((name) => [name, name]))

const writeRange = ({ from, to, scale }: Range) =>
  `${writeCount(Math.round(from))}..${writeCount(Math.round(to))}${scale === 'linear' ? ',linear' : ''}`

/** Entries of a link; none for what is as usual. */
export function encodeView({ show, x, y, by, against, units }: View): string[] {
  const panel = Object.keys(panelKeys).find((key) => panelKeys[key] === by)
  return [
    ...(show === 'map' ? [] : [`view=${show}`]),
    ...(x ? [`s=${writeRange(x)}`] : []),
    ...(y ? [`b=${writeRange(y)}`] : []),
    ...(panel ? [`by=${panel}`] : []),
    // A custom model is too long to be in a link twice.
    ...(typeof against?.model === 'string' ? [`a=${escapePart(encodeScenario(against))}`] : []),
    ...(units === 'GB' ? ['units=GB'] : []),
  ]
}

export function decodeView(entries: readonly [key: string, text: string][]): {
  view: Partial<View>
  problems: UrlProblem[]
} {
  const view: Partial<View> = {}
  const problems: UrlProblem[] = []
  for (const [key, text] of entries) {
    try {
      if (key === 'view') view.show = oneOf(views, text)
      else if (key === 's') view.x = readRange(text, limits.sequence)
      else if (key === 'b') view.y = readRange(text, limits.batch)
      else if (key === 'a') view.against = readScenario(text)
      else if (key === 'by') view.by = oneOf(panelKeys, text)
      else if (key === 'units') view.units = oneOf({ GB: 'GB', GiB: 'GiB' }, text)
      else throw new RangeError('is not part of a link of this page')
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      problems.push({ key, text, message: error.message })
    }
  }
  return { view, problems }
}

function readScenario(text: string): ScenarioInput {
  const { input, problems } = decodeScenario(unescapePart(text))
  if (problems.length > 0) throw new RangeError(`holds a scenario whose ${problems[0].key} ${problems[0].message}`)
  return { model: DEFAULT_MODEL, ...input }
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
