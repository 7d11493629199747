/** The atlas against the BigInt reference: each cell's answer fits and one more does not, and the scenario's own cell is the estimate's. */
import { describe, expect, test } from 'vitest'
import { evaluator } from '../../../src/formula/evaluate.ts'
import { gpus } from '../../../src/hardware/catalogue.ts'
import { estimate } from '../../../src/memory/estimate.ts'
import { architectureOf, CATALOGUE } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import { limits, type ScenarioInput } from '../../../src/scenario/schema.ts'
import { type AtlasCell, atlas, type Goal, slicesOn } from '../../../src/sweep/atlas.ts'
import { CpuEvaluator } from '../../../src/sweep/cpu-evaluator.ts'
import { plan, type Slice } from '../../../src/sweep/plan.ts'
import { randomIntegers } from '../../random.ts'

const engine = new CpuEvaluator()
const scenarios: ScenarioInput[] = [
  { model: 'meta-llama/Meta-Llama-3-8B', batch: 4 },
  { model: 'google/gemma-3-27b-it', runtime: 'llama.cpp', precision: { weights: 'q4_k_m' }, sequence: 32_768 },
  { model: 'deepseek-ai/DeepSeek-V3', batch: 3, sequence: 4096 },
  { model: 'meta-llama/Llama-2-7b-hf', task: 'qlora', runtime: 'transformers', batch: 2, sequence: 2048 },
]
const planned = (input: ScenarioInput) =>
  plan(
    input,
    [
      { field: 'hardware.gpu', values: gpus.map(({ id }) => id) },
      { field: 'hardware.count', values: [1, 2, 3, 8] },
    ],
    architectureOf,
  )

/** Whether a slice's every stage stays within its capacity, straight from the definition. */
function fits({ ranks, structure }: Slice, batch: number, sequence: number): boolean {
  return ranks.every((inputs) => {
    const value = evaluator(inputs, batch, sequence)
    const { total, capacity } = structure!.outputs
    return value(total) <= value(capacity)
  })
}

describe.each(scenarios)('$model', (input) => {
  const { slices, sequences, batches } = planned(input)
  const own = { batch: batches[0], sequence: sequences[0] }
  const pick = randomIntegers(7)
  const sample = Array.from({ length: 60 }, () => pick(slices.length))

  test.each(['sequence', 'batch'] as Goal[])('the most %s fits, and one more does not', async (goal) => {
    const cells = await atlas(slices, own, goal, engine)
    expect(cells).toHaveLength(slices.length)
    const limit = limits[goal]
    for (const index of sample) {
      const cell = cells[index]
      const slice = slices[index]
      expect(cell === null).toBe(slice.refusal !== null)
      if (!cell) continue
      const at = (n: number) => (goal === 'batch' ? fits(slice, n, own.sequence) : fits(slice, own.batch, n))
      if (cell.most > 0) expect(at(cell.most)).toBe(true)
      if (cell.most < limit) expect(at(cell.most + 1)).toBe(false)
    }
  })

  test('the scenario’s own cell is what estimate says', async () => {
    const cells = await atlas(slices, own, 'sequence', engine)
    for (const index of sample.slice(0, 20)) {
      const { scenario } = slices[index]
      if (!scenario) continue
      const answer = estimate(resolve(parseScenario(scenario), architectureOf))
      const { most, verdict, total, capacity } = cells[index] as AtlasCell
      expect({ total, capacity, verdict }).toEqual({
        total: answer.perGpu.total,
        capacity: answer.capacity,
        verdict: answer.verdict,
      })
      expect(most).toBe(answer.maxSequence)
    }
  })
})

test('a scenario put on other GPUs is lowered as if it had been planned there', () => {
  const input: ScenarioInput = { model: 'deepseek-ai/DeepSeek-V3', hardware: { gpu: 'H200', count: 8 } }
  const resolved = resolve(parseScenario(input), architectureOf)
  const places = [gpus[0], gpus[40], gpus[100]].flatMap((gpu) => [1, 3, 8].map((count) => ({ gpu, count })))
  const there = slicesOn(resolved, places)
  places.forEach(({ gpu, count }, i) => {
    const [slice] = plan({ ...input, hardware: { gpu: gpu.id, count } }, [], architectureOf).slices
    const { structure, ranks, refusal } = slice
    expect(there[i]).toEqual({ structure, ranks, refusal })
  })
})

test('degrees hold for the number of GPUs they were said for, and for no other', () => {
  const parallelism = { tensor: 2, pipeline: 2 }
  const input: ScenarioInput = { model: 'meta-llama/Llama-3.1-70B', hardware: { gpu: 'H100', count: 4 }, parallelism }
  const resolved = resolve(parseScenario(input), architectureOf)
  const [own, other] = slicesOn(
    resolved,
    [4, 2].map((count) => ({ gpu: resolved.gpu, count })),
  )
  expect(own.ranks).toHaveLength(2)
  expect(other.ranks).toHaveLength(1)
})

test('models × GPUs: a model the GPUs cannot be cut for says why', async () => {
  const ids = CATALOGUE.slice(0, 12).map(({ id }) => id)
  const axes = [
    { field: 'model', values: ids },
    { field: 'hardware.gpu', values: ['H100-SXM-80GB', 'RTX-4090'] },
  ]
  const { slices } = plan({ model: ids[0], hardware: { count: 7 } }, axes, architectureOf)
  const cells = await atlas(slices, { batch: 1, sequence: 8192 }, 'sequence', engine)
  cells.forEach((cell, index) => {
    const heads = slices[index].scenario ? null : slices[index].refusal
    if (cell === null) expect(heads).toMatch(/parallelism\.tensor: 7 /)
    else expect(heads).toBeNull()
  })
  expect(cells.filter((cell) => cell === null).length).toBeGreaterThan(10)
})
