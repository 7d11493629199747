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
        training: { dropout: 0.1, checkpointing: 'none', gradientAccumulation: 4 },
      }),
      architectureOf,
    ),
  ).ranks

const allocatedOnLast = (more: Partial<ScenarioInput> & { batch: number }) => {
  const { flags, inputs } = run(more).at(-1)!
  return Number(evaluator(inputs, more.batch, 8192)(structureOf(flags).outputs.allocated!))
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
