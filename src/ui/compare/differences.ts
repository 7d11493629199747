/** In which fields two scenarios differ, their values in the words of links. */
import { parseScenario } from '../../scenario/parse.ts'
import type { ScenarioInput } from '../../scenario/schema.ts'
import { type Field, urlFields, writeValue } from '../../scenario/url-fields.ts'
import { modelName } from '../words.ts'

export interface Difference {
  path: string
  a: string
  b: string
}

/** @throws ScenarioError when one of them cannot be parsed */
export function differences(a: ScenarioInput, b: ScenarioInput): Difference[] {
  const [left, right] = [parseScenario(a), parseScenario(b)]
  return urlFields.flatMap((field) => {
    const [x, y] = [at(left, field.path), at(right, field.path)]
    if (JSON.stringify(x) === JSON.stringify(y)) return []
    return [{ path: field.path, a: inWords(field, x), b: inWords(field, y) }]
  })
}

const at = (object: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null)?.[key], object)

function inWords({ kind }: Field, value: unknown): string {
  if (value === null || value === undefined) return 'auto'
  if (kind === 'model') return modelName(value as ScenarioInput['model'])
  if (kind === 'gpu' && typeof value === 'object') return (value as { name: string }).name
  return decodeURIComponent(writeValue(kind, value).replaceAll('+', '%20'))
}
