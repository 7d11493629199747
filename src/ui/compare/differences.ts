/** In which fields two scenarios differ, their values in the words of the page. */
import type { Resolved } from '../../scenario/resolve.ts'
import type { Runtime } from '../../scenario/runtimes.ts'
import type { Scenario } from '../../scenario/schema.ts'
import { type Field, urlFields, writeValue } from '../../scenario/url-fields.ts'
import { cacheOptions, runtimeNames, taskNames, weightOptions } from '../options.ts'
import { cacheName, gpuName, modelName, weightsName } from '../words.ts'

export interface Difference {
  path: string
  a: string
  b: string
}

export function differences(a: Resolved, b: Resolved): Difference[] {
  return urlFields.flatMap((field) => {
    const [x, y] = [at(a.scenario, field.path), at(b.scenario, field.path)]
    if (JSON.stringify(x) === JSON.stringify(y)) return []
    const [left, right] = [inWords(field, x, a), inWords(field, y, b)]
    // A choice that comes to the same is told from one that was made.
    const auto = (value: unknown) => (left === right && value === null ? ' (auto)' : '')
    return [{ path: field.path, a: left + auto(x), b: right + auto(y) }]
  })
}

const at = (object: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null)?.[key], object)

/** An automatic precision is said by what it comes to. */
function inWords({ path, kind }: Field, value: unknown, resolved: Resolved): string {
  const option = (options: { value: string; label: string }[]) =>
    value === null ? undefined : options.find((one) => one.value === value)?.label
  if (path === 'precision.weights') return option(weightOptions(resolved.scenario)) ?? weightsName(resolved)
  if (path === 'precision.kvCache') return option(cacheOptions(resolved.scenario)) ?? cacheName(resolved)
  if (value === null || value === undefined) return 'auto'
  if (path === 'precision.compute') return String(value).toUpperCase()
  if (path === 'runtime') return runtimeNames[value as Runtime]
  if (path === 'task') return taskNames[value as Scenario['task']]
  if (kind === 'model') return modelName(value as Scenario['model'])
  if (kind === 'gpu') return gpuName(value as Scenario['hardware']['gpu'])
  return decodeURIComponent(writeValue(kind, value).replaceAll('+', '%20'))
}
