/**
 * One model ready at once, without the importers and the catalogue: the page opens on it. Everything else comes with
 * `loadArchitecture`, which fetches the catalogue the first time it is needed.
 */
import type { Architecture } from './architecture.ts'
import architecture from './catalogue/default.json'

export const DEFAULT_MODEL = 'meta-llama/Meta-Llama-3-8B'

/** What importing the default model's config gives (a test holds the two together). */
export const DEFAULT_ARCHITECTURE = architecture as Architecture

/**
 * The architecture of a catalogue model by any of its names.
 * @throws UnknownModelError with suggestions
 */
export async function loadArchitecture(query: string): Promise<Architecture> {
  if (query === DEFAULT_MODEL) return DEFAULT_ARCHITECTURE
  const { architectureOf } = await import('./catalogue.ts')
  return architectureOf(query)
}
