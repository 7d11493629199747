/** What the page has to say about its document: an answer, or why there is none beside the last good one. */
import { type Estimate, figures } from '../../memory/figures.ts'
import { parseScenario, ScenarioError } from '../../scenario/parse.ts'
import { type Resolved, resolve } from '../../scenario/resolve.ts'
import type { ScenarioInput } from '../../scenario/schema.ts'
import { page } from './document.ts'
import { architectureOf, CatalogueNeeded, catalogue, loadCatalogue } from './models.ts'
import { Signal } from './signal.ts'

export interface Answer {
  input: ScenarioInput
  resolved: Resolved
  estimate: Estimate
}

export interface Outcome {
  /** The answer to the scenario, or to the last one that had one. */
  answer: Answer | null
  /** Why the present scenario has no answer. */
  refusal: ScenarioError | null
  /** The catalogue is on its way. */
  loading: boolean
}

/** @throws ScenarioError or CatalogueNeeded */
export function answerTo(input: ScenarioInput): Answer {
  const resolved = resolve(parseScenario(input), architectureOf)
  return { input, resolved, estimate: figures(resolved) }
}

export const outcome = new Signal<Outcome>({ answer: null, refusal: null, loading: false })

/** Answers the document and keeps answering as it changes. */
export function startAnswering(): void {
  update()
  page.watch(update)
  catalogue.watch(update)
}

function update(): void {
  const { input } = page.value
  const { answer } = outcome.value
  if (answer?.input === input && !outcome.value.refusal) return
  try {
    outcome.value = { answer: answerTo(input), refusal: null, loading: false }
  } catch (error) {
    if (error instanceof CatalogueNeeded) {
      outcome.value = { answer, refusal: null, loading: true }
      loadCatalogue().catch(() => {
        outcome.value = { answer, refusal: unreachable(input.model), loading: false }
      })
    } else if (error instanceof ScenarioError) outcome.value = { answer, refusal: error, loading: false }
    else throw error
  }
}

const unreachable = (value: unknown) =>
  new ScenarioError([
    {
      field: 'model',
      value,
      message: 'model: the catalogue could not be loaded; check the connection and choose the model again',
    },
  ])
