/** Why a scenario has no answer, in the words of the page, and the one change that gives it one where there is such. */
import { html, nothing, type TemplateResult } from 'lit'
import type { ScenarioError } from '../../scenario/parse.ts'
import type { ScenarioInput } from '../../scenario/schema.ts'
import { bring } from '../bring/open.ts'
import { allFields } from '../controls/all-fields.ts'
import { inPageWords, labelOf } from '../controls/labels.ts'
import { type Change, edit } from '../state/document.ts'
import { CatalogueNeeded } from '../state/models.ts'
import '../../memory/training/index.ts'
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
  const remedies = back ? [back] : otherLayouts(input)
  return html`<span>${sentence(inPageWords(message))} ${after}</span>
    ${remedies.map(({ words, changes }) => html`<button class="button" @click=${() => edit(changes)}>${words}</button>`)}
    ${fields[0]?.field === 'model' ? html`<button class="button" @click=${() => void bring('model').catch(() => {})}>Bring its config.json …</button>` : nothing}`
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

/** A field left as usual, where that is enough: the refused one, or a degree of parallelism that was said. */
function backToUsual(input: ScenarioInput, refused: string | undefined): Remedy | null {
  const degrees = Object.keys(input.parallelism ?? {}).map((degree) => `parallelism.${degree}`)
  for (const path of refused ? [refused, ...degrees] : degrees) {
    if (path === 'model' || path === 'scenario') continue
    const remedy = { words: backInWords(path), changes: [{ path, value: undefined }] }
    if (works(input)(remedy)) return remedy
  }
  return null
}

const backInWords = (path: string) =>
  allFields.some((field) => field.path === path && field.usual === null)
    ? `Set ${labelOf(path)} to auto`
    : `Set ${labelOf(path)} back`
