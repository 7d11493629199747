/** Why a scenario has no answer, in the words of the page, and the one change that gives it one where there is such. */
import { html, nothing, type TemplateResult } from 'lit'
import type { ScenarioError } from '../../scenario/parse.ts'
import type { ScenarioInput } from '../../scenario/schema.ts'
import { bring } from '../bring/open.ts'
import { allFields } from '../controls/all-fields.ts'
import { inPageWords, labelOf } from '../controls/labels.ts'
import { type Change, edit } from '../state/document.ts'
import { CatalogueNeeded } from '../state/models.ts'
import { attempt } from './fixes.ts'

/** A message as a sentence; some end with a question or a hint of their own. */
const sentence = (message: string) => (/[.?!]$/.test(message) ? message : `${message}.`)

/** @param after said behind the reason */
export function refusalInWords(
  input: ScenarioInput,
  { message, fields }: ScenarioError,
  after: string,
): TemplateResult {
  const back = backToUsual(input, fields[0]?.field)
  return html`<span>${sentence(inPageWords(message))} ${after}</span>
    ${back ? html`<button class="button" @click=${() => edit(back.changes)}>${back.words}</button>` : nothing}
    ${fields[0]?.field === 'model' ? html`<button class="button" @click=${() => void bring('model').catch(() => {})}>Bring its config.json …</button>` : nothing}`
}

/** A field left as usual, where that is enough: the refused one, or a degree of parallelism that was said. */
function backToUsual(input: ScenarioInput, refused: string | undefined): { words: string; changes: Change[] } | null {
  const degrees = Object.keys(input.parallelism ?? {}).map((degree) => `parallelism.${degree}`)
  for (const path of refused ? [refused, ...degrees] : degrees) {
    if (path === 'model' || path === 'scenario') continue
    const changes = [{ path, value: undefined }]
    try {
      if (attempt({ input }, changes)) return { words: backInWords(path), changes }
    } catch (error) {
      if (!(error instanceof CatalogueNeeded)) throw error
    }
  }
  return null
}

const backInWords = (path: string) =>
  allFields.some((field) => field.path === path && field.usual === null)
    ? `Set ${labelOf(path)} to auto`
    : `Set ${labelOf(path)} back`
