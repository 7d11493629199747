/** Caches of models with recurrent layers beside attention, against what servers log when they start. */
import { describe, expect, it } from 'vitest'
import { estimate } from '../../../src/memory/estimate.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'

const MiB = 2 ** 20
const cacheOf = (input: ScenarioInput) =>
  estimate(resolve(parseScenario({ hardware: { gpu: 'H200' }, sequence: 1, ...input }), architectureOf)).perGpu.kvCache

describe('vLLM keeps states in blocks of the pool ("Setting attention block size to … tokens")', () => {
  it.each([
    // Logs of vLLM 0.19 and 0.18: one state is 128 · 128 · heads in fp32 and 3 · channels in 16 bits; padded by 0.13 % and 0.76 %.
    ['Qwen/Qwen3.5-27B', 784, 2 * 4 * 256 * 2, 64, 1],
    ['Qwen/Qwen3.5-35B-A3B', 1056, 2 * 2 * 256 * 2, 40, 1],
    // vllm#28228 on two GPUs: 75 840 tokens are 79 blocks of 960; MLA takes multiples of 64.
    ['moonshotai/Kimi-Linear-48B-A3B-Instruct', 960, 576 * 2, 27, 2],
  ])('%s: %i tokens', (model, block, tokenBytes, layers, count) => {
    const input: ScenarioInput = {
      model,
      runtime: 'vllm',
      hardware: { gpu: 'H200', count },
      precision: { kvCache: 'bf16' },
    }
    expect(cacheOf(input)).toBe(layers * block * tokenBytes)
    expect(cacheOf({ ...input, sequence: block })).toBe(layers * block * tokenBytes)
    expect(cacheOf({ ...input, sequence: block + 1 })).toBeGreaterThan(layers * block * tokenBytes)
  })

  it('did not before 0.10', () => {
    const input: ScenarioInput = { model: 'Qwen/Qwen3.5-27B', runtime: 'vllm', runtimeVersion: '0.9.2' }
    const state = 48 * (48 * 128 * 128 * 4 + 3 * 10_240 * 2)
    expect(cacheOf(input)).toBe(state + 16 * 16 * 4096)
  })
})

// "CUDA0 RS buffer size = 100.50 MiB" for two sequences of Qwen3.5 9B: 24 layers of 32 heads, 8192 channels, all in fp32 without the newest input.
it('llama.cpp keeps one input less than the kernel is long', () => {
  const model = {
    model_type: 'qwen3_5_text',
    hidden_size: 4096,
    intermediate_size: 12_288,
    num_hidden_layers: 32,
    full_attention_interval: 4,
    num_attention_heads: 16,
    num_key_value_heads: 4,
    head_dim: 256,
    linear_conv_kernel_dim: 4,
    linear_key_head_dim: 128,
    linear_num_key_heads: 16,
    linear_num_value_heads: 32,
    linear_value_head_dim: 128,
    vocab_size: 248_320,
    max_position_embeddings: 262_144,
    tie_word_embeddings: false,
    rms_norm_eps: 1e-6,
    hidden_act: 'silu',
  }
  const attention = 8 * 256 * 4096
  expect(cacheOf({ model, runtime: 'llama.cpp', batch: 2 })).toBe(100.5 * MiB + 2 * attention)
})
