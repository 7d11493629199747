/** What lines of an overlay may differ in, which values they take unless others are chosen, and how these are called. */
import type { Scenario } from '../../scenario/schema.ts'
import type { AxisValue } from '../../sweep/axis.ts'
import { panelValues } from '../map/panels.ts'
import { cacheOptions, weightOptions } from '../options.ts'
import type { Over, OverField } from '../state/document.ts'
import { gpuName, modelName } from '../words.ts'

export const overNames: Record<OverField, string> = {
  'hardware.gpu': 'GPUs',
  model: 'Models',
  'precision.weights': 'Weights',
  'precision.kvCache': 'KV cache',
  'hardware.count': 'GPU count',
}

/** The most lines that can be told apart and named. */
export const MOST_LINES = 10

const models = ['Qwen/Qwen3-8B', 'google/gemma-3-12b-it', 'openai/gpt-oss-20b', 'mistralai/Mistral-7B-Instruct-v0.3']

/** The lines of an overlay; the scenario's own value is always among the usual ones. */
export function overValues({ field, values }: Over, scenario: Scenario): readonly AxisValue[] {
  if (values) return values.slice(0, MOST_LINES)
  if (field !== 'model') return panelValues(field, scenario)
  const own = typeof scenario.model === 'string' ? [scenario.model] : []
  return [...own, ...models.filter((id) => id !== own[0])]
}

/** The values that can be added, where there is a short list of them. */
export function overOptions(field: OverField, scenario: Scenario): AxisValue[] {
  if (field === 'precision.weights') return weightOptions(scenario).map(({ value }) => value || null)
  if (field === 'precision.kvCache') return cacheOptions(scenario).map(({ value }) => value || null)
  return field === 'hardware.count' ? [1, 2, 3, 4, 6, 8, 16, 32] : []
}

export function overLabel(field: OverField, value: AxisValue, scenario: Scenario): string {
  const named = (options: { value: string; label: string }[]) =>
    options.find((option) => option.value === (value ?? ''))?.label ?? String(value)
  switch (field) {
    case 'hardware.gpu':
      return gpuName(String(value))
    case 'model':
      return modelName(String(value))
    case 'hardware.count':
      return value === 1 ? '1 GPU' : `${value} GPUs`
    case 'precision.weights':
      return named(weightOptions(scenario))
    default:
      return `${named(cacheOptions(scenario))} cache`
  }
}
