/** Finds a scenario field by its path (`precision.weights`) or by the short key that links use (`weights`). */
import { closest } from '../units.ts'
import { refuse } from './parse.ts'
import { type Field, type Kind, urlFields } from './url-fields.ts'

const fields: readonly { key: string; path: string; kind: Kind }[] = [
  ...urlFields,
  // Parts of a custom GPU; a link holds them together.
  { key: 'hardware.gpu.name', path: 'hardware.gpu.name', kind: 'text' },
  { key: 'hardware.gpu.memoryMiB', path: 'hardware.gpu.memoryMiB', kind: 'count' },
  { key: 'hardware.gpu.reserveMiB', path: 'hardware.gpu.reserveMiB', kind: 'count' },
]

/**
 * The field of that name. Keys of a model given as a whole config are fields too: `model.num_hidden_layers`.
 * @throws ScenarioError with the nearest names; `at` is where the name stood
 */
export function findField(name: string, at: string): Pick<Field, 'path' | 'kind'> {
  const found = fields.find(({ path, key }) => path === name || key === name)
  if (found) return found
  if (/^model\.[^.]/.test(name)) return { path: name, kind: 'text' }
  const [near] = closest(
    name,
    fields.flatMap(({ path, key }) => [path, key]),
    1,
  )
  throw refuse(at, name, near ? `is no scenario field; did you mean "${near}"?` : 'is no scenario field')
}
