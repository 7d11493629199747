/**
 * Sizes that a part of a larger config leaves out because they equal what transformers' class takes (`defaults.json`, written by
 * scripts/config-defaults.py): LLaVA 1.5 says of its language model little more than its name. A config that stands alone says them all.
 */
import type { ConfigReader } from './config-reader.ts'
import defaults from './defaults.json'

const TABLE: Record<string, Record<string, unknown>> = defaults

/** `place`: the part's name in the whole, for a part that does not name its own type. */
export function withClassDefaults(part: ConfigReader, place: string): void {
  if (part.path === '') return
  const type = [part.word('model_type'), place].find((name) => name !== null && Object.hasOwn(TABLE, name))
  if (type) part.withDefaults(`transformers for ${type}`, TABLE[type] ?? {})
}
