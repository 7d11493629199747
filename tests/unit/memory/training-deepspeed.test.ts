/**
 * DeepSpeed's engine, counted by hand from its code: runtime/engine.py casts the whole module to 16 bits, zero/stage_1_and_2.py and stage3.py hold
 * fp32 copies of what is trained, make reduce buckets by setting and, at the step, fp32 gradients.
 */
import { describe, expect, it } from 'vitest'
import { estimate } from '../../../src/memory/estimate.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'

const run = (more: Partial<ScenarioInput>) =>
  estimate(
    resolve(
      parseScenario({
        model: 'huggyllama/llama-7b',
        runtime: 'deepspeed',
        sequence: 16,
        precision: { compute: 'bf16' },
        hardware: { gpu: 'A100-SXM-80GB', count: 8 },
        ...more,
      }),
      architectureOf,
    ),
  )

const twoBuckets = 2 * 500_000_000 * 2

describe('adapters under DeepSpeed', () => {
  const lora: ScenarioInput['lora'] = { rank: 64, targets: ['q_proj', 'k_proj', 'v_proj', 'o_proj'] }
  // A and B of four square matrices of 32 layers.
  const adapters = 32 * 4 * 64 * (4096 + 4096)
  const { perGpu } = run({ task: 'lora', lora, parallelism: { zero: 2 } })

  it('are of 16 bits, with fp32 copies and moments shared by the GPUs', () => {
    expect(perGpu.adapters).toBe(2 * adapters)
    expect(perGpu.masterWeights).toBe((4 * adapters) / 8)
    expect(perGpu.optimizer).toBe((8 * adapters) / 8)
  })

  it('are reduced through buckets as large as a whole model’s', () => {
    const unsharded = run({ task: 'lora', lora, parallelism: { zero: 0 } })
    expect(perGpu.communication - unsharded.perGpu.communication).toBe(twoBuckets)
  })

  it('in ms-swift through one of 2·10⁸ (swift/config/zero2.json)', () => {
    const swift = { task: 'lora', runtime: 'ms-swift', lora: { rank: 8 } } as const
    const buckets =
      run({ ...swift, parallelism: { zero: 2 } }).perGpu.communication -
      run({ ...swift, parallelism: { zero: 0 } }).perGpu.communication
    expect(buckets).toBe(2 * 200_000_000)
  })
})

describe('DeepSpeed’s step', () => {
  const shard = 6_738_415_616 / 8

  it('in stage 2 flattens a shard’s gradients and casts them', () => {
    const { perGpu, allocated } = run({ task: 'full', parallelism: { zero: 2 } })
    expect(allocated!).toBeGreaterThan(perGpu.weights + (2 + 12 + 6) * shard + twoBuckets)
  })

  it('in stage 3 takes a sub-group of 10⁹ parameters at once', () => {
    const two = { gpu: 'A100-SXM-80GB', count: 2 }
    const { perGpu, allocated } = run({ task: 'full', parallelism: { zero: 3 }, hardware: two })
    const states = perGpu.weights + perGpu.gradients + perGpu.optimizer + perGpu.masterWeights
    expect(allocated! - states - perGpu.communication).toBeLessThan(9_000_000_000)
  })
})

it.each(['transformers', 'peft'] as const)(
  'is what stages 1 and 2 are in %s, which has no other way to them',
  (runtime) => {
    for (const task of ['full', 'lora'] as const) {
      for (const zero of [1, 2] as const) {
        const [here, there] = [runtime, 'deepspeed' as const].map((name) =>
          run({ task, runtime: name, parallelism: { zero }, training: { attention: 'flash' } }),
        )
        expect(here!.perGpu).toEqual(there!.perGpu)
      }
    }
  },
)

it('casts to 16 bits what was made fp32 of a quantised base (runtime/engine.py, _configure_distributed_model)', () => {
  const qlora = (prepared?: boolean) =>
    run({
      task: 'qlora',
      runtime: 'transformers',
      parallelism: { zero: 2 },
      lora: { prepared },
      training: { checkpointing: 'full' },
    }).perGpu
  expect(qlora()).toEqual(qlora(false))
})
