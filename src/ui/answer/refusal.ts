/** Why a scenario has no answer, in the words of the page, and the one change that gives it one where there is such. */
import { html, nothing, type TemplateResult } from 'lit'
import { DEFAULT_MODEL } from '../../model/default-model.ts'
import { type FieldError, ScenarioError } from '../../scenario/parse.ts'
import type { ScenarioInput } from '../../scenario/schema.ts'
import { bring } from '../bring/open.ts'
import { allFields } from '../controls/all-fields.ts'
import { inPageWords, labelOf } from '../controls/labels.ts'
import { type Change, changed, edit } from '../state/document.ts'
import { CatalogueNeeded } from '../state/models.ts'
import { answerTo } from '../state/outcome.ts'
import '../../memory/training/index.ts'
import { attempt } from './fixes.ts'

/** A message as a sentence; some end with a question or a hint of their own. */
const sentence = (message: string) => (/[.?!]$/.test(message) ? message : `${message}.`)

/** @param after said behind the reason */
export function refusalInWords(input: ScenarioInput, refusal: ScenarioError, after: string): TemplateResult {
  const fields = everyRefused(input, refusal)
  const back = backToUsual(
    input,
    fields.map(({ field }) => field),
  )
  const remedies = back ? [back] : otherLayouts(input)
  const reasons = fields.map(({ message }) =>
    sentence(inPageWords(message.replace(/; known: .*/s, '; choose from the list'))),
  )
  // One is the answer's own sentence, several are a list.
  const style = reasons.length > 1 ? 'display:block;font-size:1rem;letter-spacing:normal' : ''
  return html`${reasons.map((reason) => html`<span .style=${style}>${reason} </span>`)}<span>${after}</span>
    ${remedies.map(({ words, changes }) => html`<button class="button" @click=${() => edit(changes)}>${words}</button>`)}
    ${fields[0]?.field === 'model' ? html`<button class="button" @click=${() => void bring('model').catch(() => {})}>Bring its config.json …</button>` : nothing}`
}

/** What is refused, and what would be once that is mended: a link with three mistakes is told all three. */
function everyRefused(input: ScenarioInput, { fields }: ScenarioError): readonly FieldError[] {
  const found = [...fields]
  while (found.length < 8) {
    const usual = found.map(({ field }) => ({ path: field, value: field === 'model' ? DEFAULT_MODEL : undefined }))
    const more = refused(changed(input, usual)).filter(({ field }) => found.every((known) => known.field !== field))
    if (more.length === 0) return found
    found.push(...more)
  }
  return found
}

function refused(input: ScenarioInput): readonly FieldError[] {
  try {
    answerTo(input)
  } catch (error) {
    if (error instanceof ScenarioError) return error.fields
    if (!(error instanceof CatalogueNeeded)) throw error
  }
  return []
}

interface Remedy {
  words: string
  changes: Change[]
}

/** The next smaller and the next larger number of GPUs that can be, and the present one as a pipeline. */
function otherLayouts(input: ScenarioInput): Remedy[] {
  const count = input.hardware?.count ?? 1
  if (count === 1) return []
  const withCount = (gpus: number): Remedy => ({
    words: gpus === 1 ? '1 GPU' : `${gpus} GPUs`,
    changes: [{ path: 'hardware.count', value: gpus }],
  })
  const fewer = Array.from({ length: Math.min(count - 1, MOST) }, (_, i) => withCount(count - 1 - i))
  const more = Array.from({ length: MOST }, (_, i) => withCount(count + 1 + i))
  const pipeline = { words: `Pipeline ${count}`, changes: [{ path: 'parallelism.pipeline', value: count }] }
  const found = [fewer.find(works(input)), more.find(works(input)), [pipeline].find(works(input))]
  return found.filter((remedy) => remedy !== undefined)
}

/** GPUs more or fewer that are tried. */
const MOST = 16

const works =
  (input: ScenarioInput) =>
  ({ changes }: Remedy): boolean => {
    try {
      return attempt({ input }, changes) !== null
    } catch (error) {
      if (error instanceof CatalogueNeeded) return false
      throw error
    }
  }

/** Fields left as usual, where that is enough: the refused ones, or a degree of parallelism that was said. */
function backToUsual(input: ScenarioInput, refused: readonly string[]): Remedy | null {
  const degrees = Object.keys(input.parallelism ?? {}).map((degree) => `parallelism.${degree}`)
  for (const paths of [refused, ...degrees.map((degree) => [degree])]) {
    if (paths.length === 0 || paths.includes('model') || paths.includes('scenario')) continue
    const remedy = { words: backInWords(paths), changes: paths.map((path) => ({ path, value: undefined })) }
    if (works(input)(remedy)) return remedy
  }
  return null
}

function backInWords(paths: readonly string[]): string {
  const auto = paths.every((path) => allFields.some((field) => field.path === path && field.usual === null))
  return `Set ${paths.map(labelOf).join(' and ')} ${auto ? 'to auto' : 'back'}`
}
