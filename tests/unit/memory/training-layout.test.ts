/** What tensor parallelism leaves on a GPU in training, counted by hand after Megatron-LM's rule for grouped heads. */
import { describe, expect, it } from 'vitest'
import { evaluate } from '../../../src/formula/evaluate.ts'
import { specialise } from '../../../src/formula/specialise.ts'
import { estimate } from '../../../src/memory/estimate.ts'
import { lowerAll } from '../../../src/memory/lower.ts'
import { keptByAllLayers } from '../../../src/memory/training/kept.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'

/** Falcon 40B's shape: one projection makes 128 queries and 8 keys and values of 64 elements. */
const falcon = {
  model_type: 'falcon',
  hidden_size: 8192,
  num_attention_heads: 128,
  num_kv_heads: 8,
  num_hidden_layers: 60,
  vocab_size: 65_024,
  new_decoder_architecture: true,
  parallel_attn: true,
  bias: false,
}

const resolved = (input: ScenarioInput) => resolve(parseScenario(input), architectureOf)

describe('a fused projection, cut over more GPUs than it has keys', () => {
  const over = (tensor: number): ScenarioInput => ({
    model: falcon,
    runtime: 'peft',
    hardware: { gpu: 'H100-SXM-80GB', count: tensor },
    parallelism: { tensor },
  })

  it('gives each GPU its queries and one whole key and value', () => {
    // megatron/core/transformer/attention.py: query groups are cut as far as there are any, then each rank has one.
    const rank = 16
    const adapters = (tensor: number) =>
      estimate(resolved({ ...over(tensor), task: 'lora', lora: { rank, targets: ['query_key_value'] } })).perGpu
        .adapters
    const hand = (queries: number, keys: number) => 60 * 4 * rank * (8192 + queries * 64 + 2 * keys * 64)
    expect(adapters(1)).toBe(hand(128, 8))
    expect(adapters(8)).toBe(hand(16, 1))
    expect(adapters(16)).toBe(hand(8, 1))
    expect(adapters(32)).toBe(hand(4, 1))
  })

  it('copies for autocast what the GPU holds', () => {
    const copied = (tensor: number) => {
      const { inputs } = lowerAll(
        resolved({ ...over(tensor), task: 'full', runtime: 'transformers', precision: { weights: 'fp32' } }),
      ).ranks[0]
      return inputs.values.cast_parameters
    }
    const hand = (tensor: number, keys: number) =>
      60 * (8192 * ((128 * 64) / tensor + 2 * keys * 64) + (8192 * 8192) / tensor + (2 * 8192 * 4 * 8192) / tensor) +
      (65_024 * 8192) / tensor
    expect(copied(1)).toBe(hand(1, 8))
    expect(copied(16)).toBe(hand(16, 1))
  })

  it('adapts a slice of it like a projection of its own', () => {
    // litgpt/lora.py LoRAQKVLinear: a matrix B of its own for queries and for values.
    const rank = 8
    const { adapters } = estimate(
      resolved({ ...over(1), task: 'lora', runtime: 'litgpt', lora: { rank, targets: ['q_proj', 'v_proj'] } }),
    ).perGpu
    expect(adapters).toBe(60 * 2 * rank * (8192 + 128 * 64 + 8192 + 8 * 64))
  })
})

describe('a sequence cut over tensor-parallel GPUs', () => {
  const keeps = (runtime: 'torchtitan' | 'megatron', tensor: number) => {
    const asked = resolved({
      model: 'meta-llama/Meta-Llama-3-8B',
      task: 'full',
      runtime,
      hardware: { gpu: 'H100-SXM-80GB', count: tensor },
      parallelism: { tensor, data: 1, zero: 0 },
      training: { checkpointing: 'none' },
    })
    const { inputs, flags } = lowerAll(asked).ranks[0]
    return Number(evaluate(specialise(keptByAllLayers, flags), inputs, 1, 1024)) / 32 / 1024
  }
  /** What q, k and v read, and what gate and up read, per token in bf16. */
  const inputs = 2 * 2 * 4096

  it('is gathered by torchtitan’s layers, and kept whole for their weights’ gradients', () => {
    // torchtitan/parallelisms/parallelize_llama.py: PrepareModuleInput of attention and feed_forward, Shard(1) to Replicate.
    expect(Math.abs(keeps('torchtitan', 8) - (inputs + (keeps('torchtitan', 1) - inputs) / 8))).toBeLessThan(8)
  })

  it('is gathered again in backward by Megatron’s (arXiv:2205.05198 §4.2.2)', () => {
    expect(Math.abs(keeps('megatron', 8) - keeps('megatron', 1) / 8)).toBeLessThan(8)
  })
})
