/** Where the map's colours begin, against the reference's estimate of the emptiest cell. */
import { expect, it } from 'vitest'
import { estimate } from '../../../src/memory/estimate.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'
import { plan } from '../../../src/sweep/plan.ts'
import { emptiest as emptiestOf, scaleStart } from '../../../src/ui/map/scale-start.ts'

const model = 'meta-llama/Meta-Llama-3-8B'

const startOf = (input: ScenarioInput, weights?: string[]) =>
  scaleStart(
    plan(input, weights ? [{ field: 'precision.weights', values: weights }] : [], architectureOf).slices.map(
      emptiestOf,
    ),
  )

function emptiest(input: ScenarioInput): number {
  const { perGpu, capacity } = estimate(resolve(parseScenario({ ...input, batch: 1, sequence: 1 }), architectureOf))
  return Math.floor((100 * perGpu.total) / capacity) / 100
}

it.each<ScenarioInput>([
  { model },
  { model, task: 'qlora' },
  { model: 'Qwen/Qwen3-0.6B', hardware: { gpu: 'H100-SXM-80GB' } },
  // The stages of a pipeline differ: the fullest counts.
  { model: 'meta-llama/Meta-Llama-3-70B', runtime: 'llama.cpp', hardware: { gpu: 'A100-SXM-80GB', count: 3 } },
])('begins at the emptiest cell there can be: %j', (input) => {
  expect(startOf(input)).toBe(emptiest(input))
  expect(startOf(input)).toBeGreaterThan(0)
})

it('depends on neither batch nor sequence', () => {
  expect(startOf({ model, batch: 64, sequence: 100_000 })).toBe(startOf({ model }))
})

it('is one for all panels: the lowest', () => {
  const least = Math.min(...['bf16', 'fp8', 'awq'].map((weights) => emptiest({ model, precision: { weights } })))
  expect(startOf({ model }, ['bf16', 'fp8', 'awq'])).toBe(least)
})

it('is 0 where nothing fits, and where nothing can be', () => {
  expect(startOf({ model: 'meta-llama/Meta-Llama-3-70B' })).toBe(0)
  expect(startOf({ model, hardware: { count: 3 }, parallelism: { tensor: 3 } })).toBe(0)
})
