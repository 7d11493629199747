/**
 * Profiles against the BigInt reference, and against what is known of the models: Llama 3 8B keeps 2 × 32 layers × 8 heads × 128 × 2 B =
 * 131 072 B of cache a token (its config.json), 70 billion bf16 parameters do not fit 24 GB before the first token.
 */
import { describe, expect, test } from 'vitest'
import { estimate } from '../../../src/memory/estimate.ts'
import { componentNames } from '../../../src/memory/model.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import { limits, type ScenarioInput } from '../../../src/scenario/schema.ts'
import { CpuEvaluator } from '../../../src/sweep/cpu-evaluator.ts'
import { lowered } from '../../../src/sweep/plan.ts'
import { type Profile, profile } from '../../../src/sweep/profile.ts'

const engine = new CpuEvaluator()
const resolved = (input: ScenarioInput) => resolve(parseScenario(input), architectureOf)
const answer = (input: ScenarioInput) => estimate(resolved(input))

function cut(input: ScenarioInput, along: Profile['along'], points: number[]) {
  const scenario = parseScenario(input)
  const { maxBatch, maxSequence } = answer(input)
  const [most, limit] = along === 'batch' ? [maxBatch, limits.batch] : [maxSequence, limits.sequence]
  const fixed = along === 'batch' ? scenario.sequence : scenario.batch
  return profile(
    lowered(resolved(input)),
    along,
    Uint32Array.from(points),
    fixed,
    most < limit ? most + 1 : null,
    engine,
  )
}

const llama: ScenarioInput = { model: 'meta-llama/Meta-Llama-3-8B', batch: 4 }
const stages: ScenarioInput = {
  model: 'meta-llama/Llama-3.1-70B',
  runtime: 'llama.cpp',
  hardware: { gpu: 'RTX-4090', count: 3 },
  precision: { weights: 'q4_k_m' },
}
const training: ScenarioInput = {
  model: 'meta-llama/Llama-2-7b-hf',
  task: 'full',
  runtime: 'transformers',
  hardware: { gpu: 'B200' },
  sequence: 1024,
}

describe.each([
  ['serving, one GPU', llama],
  ['three pipeline stages', stages],
  ['training', training],
])('%s', (_, input) => {
  test.each(['sequence', 'batch'] as const)('every point along %s is the estimate of its cell', async (along) => {
    const points = [1, 2, 3, 16, 17, 100, 4096]
    const { values } = await cut(input, along, points)
    points.forEach((point, i) => {
      const { perGpu, capacity } = answer({ ...input, [along]: point })
      for (const name of [...componentNames, 'total'] as const) expect(values[name][i]).toBe(perGpu[name])
      expect(values.capacity[i]).toBe(capacity)
    })
  })

  test.each(['sequence', 'batch'] as const)('the crossing along %s is the first that does not fit', async (along) => {
    const { crossing } = await cut(input, along, [1, 64, 4096])
    expect(crossing).not.toBeNull()
    if (!crossing) return
    expect(crossing.total).toBeGreaterThan(crossing.capacity)
    expect(crossing.total).toBe(answer({ ...input, [along]: crossing.at }).perGpu.total)
    if (crossing.at > 1) expect(answer({ ...input, [along]: crossing.at - 1 }).verdict).not.toBe('oom')
  })
})

test('the cache drives a server over the limit, activations a training run, weights a model that is too large', async () => {
  const serving = await cut(llama, 'sequence', [8192, 16_384])
  expect(serving.crossing?.component).toBe('kvCache')
  expect(serving.values.kvCache[1] - serving.values.kvCache[0]).toBe(8192 * 4 * 131_072)
  expect((await cut(training, 'batch', [1, 64])).crossing?.component).toBe('activations')
  const large = await cut({ ...llama, model: 'meta-llama/Llama-3.1-70B' }, 'sequence', [1, 8192])
  expect(large.crossing).toMatchObject({ at: 1, component: 'weights' })
})

test('nothing crosses where everything fits', async () => {
  const small: ScenarioInput = { model: 'HuggingFaceTB/SmolLM2-135M', hardware: { gpu: 'B200' }, batch: 1 }
  const found = await profile(lowered(resolved(small)), 'sequence', Uint32Array.of(1, 2048), 1, null, engine)
  expect(found.crossing).toBeNull()
})
