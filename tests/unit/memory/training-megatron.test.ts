/**
 * Megatron-LM's own functional tests of a 7-billion-parameter GPT: the peak that torch's allocator counted on an H100, last rank
 * (tests/functional_tests/test_cases/gpt, golden_values_dev_dgx_h100.json, mem-max-allocated-bytes), and its schedule by hand.
 */
import { describe, expect, it } from 'vitest'
import { evaluator } from '../../../src/formula/evaluate.ts'
import { lowerAll } from '../../../src/memory/lower.ts'
import { structureOf } from '../../../src/memory/structure.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'

/** LayerNorm, biases, learned positions, grouped keys and no gate: what MPT's config can say. */
const gpt = {
  model_type: 'mpt',
  d_model: 4096,
  n_heads: 32,
  n_layers: 32,
  expansion_ratio: 4,
  vocab_size: 131_072,
  max_seq_len: 8192,
  no_bias: false,
  attn_config: { alibi: false, attn_type: 'grouped_query_attention', kv_n_heads: 8 },
  tie_word_embeddings: false,
}

const run = (more: Partial<ScenarioInput>) =>
  lowerAll(
    resolve(
      parseScenario({
        model: gpt,
        task: 'full',
        runtime: 'megatron',
        sequence: 8192,
        hardware: { gpu: 'H100-SXM-80GB', count: 8 },
        ...more,
        training: { dropout: 0.1, checkpointing: 'none', gradientAccumulation: 4, ...more.training },
      }),
      architectureOf,
    ),
  ).ranks

const allocatedOnLast = (more: Partial<ScenarioInput> & { batch: number }) => {
  const { flags, inputs } = run(more).at(-1)!
  return Number(evaluator(inputs, more.batch, more.sequence ?? 8192)(structureOf(flags).outputs.allocated!))
}

describe('a GPT of 7 billion parameters', () => {
  it('over four tensor-parallel GPUs reduces its gradients in the buffers that hold them', () => {
    const parallelism = { tensor: 4, data: 2, zero: 1, sequenceParallel: false }
    expect(Math.abs(allocatedOnLast({ parallelism, batch: 2 }) / 57_143_791_616 - 1)).toBeLessThan(0.01)
  })

  it('over four interleaved stages holds almost as many chunks on the last as on the first', () => {
    const parallelism = { pipeline: 4, data: 2, zero: 1, interleave: 8 }
    expect(Math.abs(allocatedOnLast({ parallelism, batch: 1 }) / 60_518_293_504 - 1)).toBeLessThan(0.02)
  })
})

// Its attention takes rotated queries and keys, and a copy of the values out of the projection they are a part of.
describe('rotary positions', () => {
  const short: Partial<ScenarioInput> = { sequence: 4096, training: { dropout: 0 } }

  it('in a dense model of 15 billion parameters, squared ReLU', () => {
    const model = {
      model_type: 'nemotron',
      hidden_size: 6144,
      num_hidden_layers: 32,
      num_attention_heads: 48,
      num_key_value_heads: 8,
      head_dim: 128,
      intermediate_size: 24_576,
      vocab_size: 256_000,
      hidden_act: 'relu2',
      partial_rotary_factor: 0.5,
      tie_word_embeddings: false,
    }
    // gpt3_15b_8t_release: 128 GPUs, as 13.27 GB between steps say.
    const hardware = { gpu: 'H100-SXM-80GB', count: 128 }
    const parallelism = { tensor: 8, data: 16, zero: 1, sequenceParallel: true } as const
    const allocated = allocatedOnLast({ ...short, model, hardware, parallelism, batch: 4 })
    expect(Math.abs(allocated / 28_160_194_560 - 1)).toBeLessThan(0.01)
  })

  it('in Mixtral, four interleaved stages, experts whole on eight GPUs', () => {
    // mixtral_8x7b_tp1pp4ep8vpp8_release: one expert on each GPU are halves of two.
    const hardware = { gpu: 'H100-SXM-80GB', count: 64 }
    const parallelism = { tensor: 2, pipeline: 4, data: 8, expert: 4, zero: 1, sequenceParallel: true, interleave: 8 }
    const allocated = allocatedOnLast({
      ...short,
      model: 'mistralai/Mixtral-8x7B-v0.1',
      hardware,
      parallelism: { ...parallelism, zero: 1 },
      batch: 1,
    })
    expect(Math.abs(allocated / 35_508_408_320 - 1)).toBeLessThan(0.01)
  })
})

it.each([
  // megatron/core/pipeline_parallel/schedules.py: 2·(p − r − 1) + (v − 1)·p forward passes of chunks before the first backward, and the one before it.
  [4, 8, [35, 33, 31, 29]],
  [4, 2, [11, 9, 7, 5]],
  // Without interleaving p − r.
  [4, 1, [4, 3, 2, 1]],
])('%i stages of %i chunks hold so many at once', (pipeline, interleave, held) => {
  const parallelism = { pipeline, interleave, microBatches: 64, data: 2 }
  expect(run({ parallelism, batch: 1 }).map((rank) => rank.inputs.values.in_flight)).toEqual(held)
})
