/** One model of the catalogue as it is stored: what an importer needs, and the published count it was checked against. */
import type { StoredExtra } from '../stored-extras.ts'

export interface CatalogueEntry {
  /** Hugging Face id. */
  id: string
  /** The keys of its `config.json` that decide sizes. */
  config: Record<string, unknown>
  /** Where the dimensions come from, for models that the published counts in the tests do not list. */
  source?: string
  /** Other names with the same architecture, as people write them; variant endings need not be listed. */
  aliases?: string[]
  published?: {
    /** Elements as published. */
    total: number
    /** Where it was published. */
    source: string
    /** What the figure holds besides the architecture's parameters. */
    extras?: StoredExtra[]
  }
}
