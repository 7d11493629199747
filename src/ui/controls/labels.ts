/** Fields by the labels of their controls, and messages of the scenario in these words. Fetched when there is something to say. */
import type { Change } from '../state/document.ts'
import { onPage } from '../words.ts'
import { allFields } from './all-fields.ts'

const everyday: Record<string, string> = {
  model: 'Model',
  'hardware.gpu': 'GPU',
  'hardware.count': 'GPUs',
  task: 'Task',
  runtime: 'Runtime',
  batch: 'Batch',
  sequence: 'Tokens per sequence',
  'precision.weights': 'Weights',
  'precision.kvCache': 'KV cache',
}
const labels: Readonly<Record<string, string>> = {
  ...Object.fromEntries(allFields.map(({ path, label }) => [path, label])),
  ...everyday,
}

/** The label of a field's control; the path itself for what has none. */
export const labelOf = (path: string): string => labels[path] ?? path

/** A message that names fields as scenarios do, with the labels a reader sees: `parallelism.tensor: 3 …` is `Tensor parallel: 3 …`. */
export const inPageWords = (message: string): string =>
  onPage(message)
    .replace(/^([\w.]+)(?=: )/, labelOf)
    .replace(/; ([\w.]+)(?=: )/g, (_, path: string) => `; ${labelOf(path)}`)
    .replace(/\b[a-z]+\.[a-zA-Z]+\b/g, (path) => (path in labels ? `“${labels[path]}”` : path))

/** A remedy that a note names, e.g. `set precision.compute to fp16`: the words before and after it, itself, and as changes. */
export interface Remedy {
  before: string
  words: string
  after: string
  changes: Change[]
}

/** The remedy of a note that names one. */
export function remedyOf(note: string): Remedy | null {
  const found = /\bset ([a-z]+\.[a-zA-Z]+) to ([\w-]+)/.exec(note)
  if (!found || !(found[1] in labels)) return null
  const [text, path, value] = found
  return {
    before: note.slice(0, found.index),
    words: `set ${labelOf(path)} to ${/^(bf|fp|int|tf)\d/.test(value) ? value.toUpperCase() : value}`,
    after: note.slice(found.index + text.length),
    changes: [{ path, value }],
  }
}
