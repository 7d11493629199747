/** What the page has to say about its document: an answer, or why there is none beside the last good one. */
import { type Estimate, figures } from '../../memory/figures.ts'
import { TrainingNeeded } from '../../memory/training-part.ts'
import { parseScenario, ScenarioError } from '../../scenario/parse.ts'
import { type Resolved, resolve } from '../../scenario/resolve.ts'
import type { ScenarioInput } from '../../scenario/schema.ts'
import { page } from './document.ts'
import { architectureOf, CatalogueNeeded, catalogue, loadCatalogue } from './models.ts'
import { Signal } from './signal.ts'
import { loadTraining, training } from './training.ts'

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
  /** What the answer needs is on its way. */
  loading: boolean
}

/** @throws ScenarioError, CatalogueNeeded or TrainingNeeded */
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
  training.watch(update)
}

function update(): void {
  const { input } = page.value
  const { answer } = outcome.value
  if (answer?.input === input && !outcome.value.refusal) return
  try {
    outcome.value = { answer: answerTo(input), refusal: null, loading: false }
  } catch (error) {
    const lacking = missing(error, input)
    if (lacking) {
      outcome.value = { answer, refusal: null, loading: true }
      lacking.load().catch(() => {
        outcome.value = { answer, refusal: unreachable(lacking), loading: false }
      })
    } else if (error instanceof ScenarioError) outcome.value = { answer, refusal: error, loading: false }
    else throw error
  }
}

/** What an answer lacks that the page can fetch. */
interface Lacking {
  field: 'model' | 'task'
  value: unknown
  what: string
  load(): Promise<unknown>
}

function missing(error: unknown, { model, task }: ScenarioInput): Lacking | null {
  if (error instanceof CatalogueNeeded)
    return { field: 'model', value: model, what: 'the catalogue', load: loadCatalogue }
  if (error instanceof TrainingNeeded)
    return { field: 'task', value: task, what: 'what training needs', load: loadTraining }
  return null
}

const unreachable = ({ field, value, what }: Lacking) =>
  new ScenarioError([
    {
      field,
      value,
      message: `${field}: ${what} could not be loaded; check the connection and choose the ${field} again`,
    },
  ])
