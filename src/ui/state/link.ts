/** The address bar holds the document: written as it changes, read at the start and when the reader goes back or forward. */

import { DEFAULT_MODEL } from '../../model/default-model.ts'
import type { ScenarioInput } from '../../scenario/schema.ts'
import { decodeScenario, encodeScenario, joined, packModel, type UrlProblem, unpackModel } from '../../scenario/url.ts'
import { framePainted } from '../idle.ts'
import { type Document, defaultView, opening, page, steps } from './document.ts'
import { Signal } from './signal.ts'
import { decodeView, encodeView } from './view-url.ts'

/** Entries of the link that could not be used. */
export const problems = new Signal<readonly UrlProblem[]>([])

/** Packed forms of custom models, kept so that a drag does not pack again. */
const packed = new WeakMap<object, string>()

/** Opens what the address says and keeps it up to date. Returns once the document is there; a custom model may follow. */
export function startLink(): void {
  open()
  window.addEventListener('popstate', open)
  // Only finished changes are written: each is a step back, and browsers slow pages down that write with every pointer event.
  // And after the frame that shows them: the browser takes a millisecond for it.
  steps.watch(() => void framePainted().then(write))
}

/** The document as a link's fragment, with its #. A custom model that A shares with the present scenario is in it once. */
export async function fragmentOf({ input, view }: Document): Promise<string> {
  const model = await packedModel(input.model)
  const { against } = view
  const other = against ? await packedModel(against.model) : undefined
  return `#${joined([encodeScenario(input, model), ...encodeView(view, other === model ? '' : other)])}`
}

async function packedModel(model: ScenarioInput['model']): Promise<string | undefined> {
  if (typeof model === 'string') return undefined
  const known = packed.get(model) ?? (await packModel(model))
  packed.set(model, known)
  return known
}

async function write(): Promise<void> {
  const document = page.value
  const fragment = await fragmentOf(document)
  if (document === page.value && fragment !== location.hash) history.pushState(null, '', fragment)
}

/** Unpacks a link's custom model; one that cannot be is among the problems. */
async function unpacked(key: string, text: string): Promise<Record<string, unknown> | null> {
  try {
    const model = await unpackModel(text)
    packed.set(model, text)
    return model
  } catch (error) {
    problems.value = [...problems.value, { key, text: '', message: (error as Error).message }]
    return null
  }
}

function open(): void {
  const { hash } = location
  if (hash.length < 2) {
    page.value = opening
    problems.value = []
    return
  }
  const { input, problems: found, packedModel, rest } = decodeScenario(hash)
  const { view, problems: viewProblems, packedAgainst } = decodeView(rest)
  const named = { model: DEFAULT_MODEL, ...input }
  const { against = null } = view
  page.value = { input: named, view: { ...defaultView, ...view, against: packedAgainst === null ? against : null } }
  problems.value = [...found, ...viewProblems]
  if (packedModel === null && packedAgainst === null) return
  void (async () => {
    const model = packedModel === null ? null : await unpacked('model', packedModel)
    if (model && page.value.input === named) page.value = { ...page.value, input: { ...named, model } }
    if (packedAgainst === null || against === null) return
    const other = packedAgainst === '' && model ? model : await unpacked('a', packedAgainst)
    // Unless another link was opened, or another A chosen, in the meantime.
    if (!other || hash !== location.hash || page.value.view.against) return
    page.value = { ...page.value, view: { ...page.value.view, against: { ...against, model: other } } }
  })()
}
