/** The models the page knows: one at once, the catalogue when it is needed, loaded once. */
import type { Architecture } from '../../model/architecture.ts'
import { DEFAULT_ARCHITECTURE, DEFAULT_MODEL } from '../../model/default-model.ts'
import { whenIdle } from '../idle.ts'
import { Signal } from './signal.ts'

type Catalogue = typeof import('../../model/catalogue.ts')

/** The catalogue once it is there; null before. */
export const catalogue = new Signal<Catalogue | null>(null)

let loading: Promise<Catalogue> | null = null

export function loadCatalogue(): Promise<Catalogue> {
  loading ??= import('../../model/catalogue.ts').then((loaded) => {
    catalogue.value = loaded
    return loaded
  })
  loading.catch(() => {
    loading = null
  })
  return loading
}

/** Reads the catalogue's configs a few at a time, so that a list that says how large each model is opens at once. */
export async function readModels(): Promise<void> {
  const { listed, architectureOf } = await loadCatalogue()
  for (const [index, { id }] of listed().entries()) {
    if (index % 4 === 0) await new Promise<void>(whenIdle)
    architectureOf(id)
  }
}

/** Thrown when a model was named that only the catalogue can tell. No error: it says that there will be an answer. */
export class CatalogueNeeded {}

/** @throws CatalogueNeeded before the catalogue is there; an error of the catalogue for a name or config it does not know */
export function architectureOf(model: string | Record<string, unknown>): Architecture {
  if (model === DEFAULT_MODEL) return DEFAULT_ARCHITECTURE
  if (catalogue.value === null) throw new CatalogueNeeded()
  return catalogue.value.architectureOf(model)
}
