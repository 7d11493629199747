/**
 * The catalogue of known models. This module carries all configs and all importers, so a page should load it lazily
 * (`default-model.ts` has one model ready without it); the command line imports it outright.
 */
import { closest } from '../units.ts'
import type { Architecture } from './architecture.ts'
import type { CatalogueEntry } from './catalogue/entry.ts'
import { inListOrder } from './catalogue/list-order.ts'
import data from './catalogue/models.json'
import {
  baseKey,
  formatInName,
  nameKey,
  shorterKeys,
  totalKey,
  untrainedKey,
  withoutAddress,
} from './catalogue/names.ts'
import { UnknownModelError } from './errors.ts'
import { importHuggingFaceConfig } from './hugging-face/import.ts'

// The file's shape is tested; its type as TypeScript infers it is a union of all configs.
export const CATALOGUE = data as unknown as readonly CatalogueEntry[]

/** The catalogue as a list shows it. */
export const listed = (): readonly CatalogueEntry[] => inListOrder(CATALOGUE)

const built = new Map<string, Architecture>()
const entries = new Map(CATALOGUE.map((entry) => [entry.id, entry]))
/** Ids by the keys of names; made when a name is to be found that is no id. */
let index: Map<string, string> | null = null
const names = () => (index ??= indexNames())

/**
 * The id under which the catalogue holds a model, however its name is written: case, spaces, punctuation and the
 * organisation do not matter, nor do endings such as -Instruct or -AWQ.
 * @throws UnknownModelError with the nearest names; a name is never matched by likeness.
 */
export const findModel = (query: string): string => findVariant(query).id

/** A model, and the endings of the name that it was found without. @throws UnknownModelError */
function findVariant(query: string): { id: string; endings: string } {
  if (entries.has(query)) return { id: query, endings: '' }
  const whole = nameKey(query)
  // An instruct model's quantised copy is the instruct model, where that has its own entry.
  const keys = shorterKeys(whole)
  for (const known of [(key: string) => key, untrainedKey]) {
    for (const key of keys) {
      const id = names().get(known(key))
      if (id !== undefined) return { id, endings: whole.slice(key.length) }
    }
  }
  throw new UnknownModelError(query, suggestModels(query, 5))
}

/** The name of a model without the address it was copied with; an empty list when it names none here. */
export function named(query: string): string[] {
  try {
    findModel(query)
    return [withoutAddress(query)]
  } catch {
    return []
  }
}

/** The ids most like a query, for a picker or an error. */
export function suggestModels(query: string, count: number): string[] {
  const keys = closest(baseKey(nameKey(query)), [...names().keys()], 4 * count)
  return [...new Set(keys.map((key) => names().get(key) ?? ''))].slice(0, count)
}

const imported = new WeakMap<object, Architecture>()

/**
 * The architecture of a catalogue model, or of a whole config.json object; built once, shared afterwards, not to be changed.
 * @throws UnknownModelError or ModelImportError
 */
export function architectureOf(query: string | Record<string, unknown>): Architecture {
  if (typeof query !== 'string') {
    const architecture = imported.get(query) ?? importHuggingFaceConfig(query)
    imported.set(query, architecture)
    return architecture
  }
  const { id, endings } = findVariant(query)
  const format = formatInName(endings)
  const key = `${id} ${format}`
  let architecture = built.get(key)
  if (!architecture) {
    architecture = storedAs(importHuggingFaceConfig(entries.get(id)?.config, id), format)
    built.set(key, architecture)
  }
  return architecture
}

/** A copy of a model in a format of its own, as its name says. */
function storedAs(architecture: Architecture, format: string | null): Architecture {
  if (format === null || format === architecture.quantisation) return architecture
  const dtype = format === 'fp8' ? 'fp8' : architecture.dtype === 'fp8' ? 'bf16' : architecture.dtype
  return { ...architecture, quantisation: format === 'bf16' ? null : format, dtype }
}

/** Full names first, so that a variant's own entry wins over the shortened name of another. */
function indexNames(): Map<string, string> {
  const ids = new Map<string, string>()
  const add = (key: string, id: string) => {
    if (!ids.has(key)) ids.set(key, id)
  }
  for (const entry of CATALOGUE) add(nameKey(entry.id), entry.id)
  for (const entry of CATALOGUE) for (const alias of entry.aliases ?? []) add(nameKey(alias), entry.id)
  for (const shorten of [
    baseKey,
    (key: string) => untrainedKey(baseKey(key)),
    (key: string) => totalKey(baseKey(key)),
  ]) {
    for (const { id, aliases = [] } of CATALOGUE) for (const name of [id, ...aliases]) add(shorten(nameKey(name)), id)
  }
  return ids
}
