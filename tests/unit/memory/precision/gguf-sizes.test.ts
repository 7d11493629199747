/**
 * Sizes of GGUF files and of what llama.cpp puts into memory, as published. Every one rests on the choice of a block format
 * for every tensor, so agreement to the last printed digit is agreement on all of them.
 */
import { describe, expect, test } from 'vitest'
import { GiB, MiB } from '../../../../src/units.ts'
import { bitsPerWeight, weigh } from './weigh.ts'

const llamaCpp = { runtime: 'llama.cpp' }

/** ggml-org/llama.cpp tools/quantize/README.md, table of meta-llama/Llama-3.1-8B: bits per weight. */
const bitsOfLlama31 = {
  IQ1_S: 2.0042,
  IQ1_M: 2.146,
  IQ2_XXS: 2.3824,
  IQ2_XS: 2.5882,
  IQ2_S: 2.7403,
  IQ2_M: 2.9294,
  IQ3_XXS: 3.2548,
  IQ3_XS: 3.4977,
  IQ3_S: 3.6606,
  IQ3_M: 3.7628,
  IQ4_XS: 4.4597,
  IQ4_NL: 4.6818,
  Q2_K_S: 2.9697,
  Q2_K: 3.1593,
  Q3_K_S: 3.6429,
  Q3_K_L: 4.2979,
  Q4_K_S: 4.6672,
  Q4_K_M: 4.8944,
  Q5_K_S: 5.5704,
  Q5_K_M: 5.7036,
  Q6_K: 6.5633,
  Q8_0: 8.5008,
  F16: 16.0005,
}

describe('bits per weight of Llama-3.1-8B, all 23 mixes of llama.cpp’s table', () => {
  test.each(Object.entries(bitsOfLlama31))('%s is %s', (mix, published) => {
    const bits = bitsPerWeight(weigh('meta-llama/Llama-3.1-8B', mix, llamaCpp))
    expect(Math.abs(bits - published)).toBeLessThan(0.0001)
  })

  /** ggml-org/llama.cpp tools/quantize/quantize.cpp, help text: GiB of Llama-3-8B. */
  test.each([
    ['Q4_0', 4.34],
    ['Q4_1', 4.78],
    ['Q5_0', 5.21],
    ['Q5_1', 5.65],
    ['Q3_K_M', 3.74],
  ])('%s of Llama-3-8B is %s GiB', (mix, gib) => {
    expect(Math.abs(weigh('meta-llama/Meta-Llama-3-8B', mix, llamaCpp).bytes / GiB - gib)).toBeLessThan(0.01)
  })
})

/** "size" column of llama-bench, as posted by many people for the standard quantisations of these models. */
describe('sizes printed by llama-bench', () => {
  test.each([
    ['tied embeddings', 'meta-llama/Llama-3.2-1B', 'Q4_K_M', 762.81],
    ['tied, rows of 1152 fall back to blocks of 32', 'google/gemma-3-1b-it', 'Q4_K_M', 762.49],
    ['short convolutions', 'LiquidAI/LFM2-1.2B', 'Q4_K_M', 694.76],
    ['grouped queries', 'TinyLlama/TinyLlama-1.1B-Chat-v1.0', 'Q4_K_M', 636.18],
    ['tied, Q6_K head', 'Qwen/Qwen2.5-1.5B', 'Q4_0', 885.97],
  ])('%s: %s %s is %s MiB', (_, model, mix, mib) => {
    expect(Math.abs(weigh(model, mix, llamaCpp).bytes / MiB - mib)).toBeLessThan(0.006)
  })

  test.each([
    ['multi-head attention', 'meta-llama/Llama-2-7b-hf', 'Q4_0', 3.56],
    ['80 layers with grouped queries', 'meta-llama/Llama-3.1-70B', 'Q4_K_M', 39.59],
    ['biases', 'Qwen/Qwen2.5-7B', 'Q4_K_M', 4.36],
    ['query-key norms', 'Qwen/Qwen3-8B', 'Q4_K_M', 4.68],
    ['fused query-key-value and gate-up', 'microsoft/Phi-3-mini-4k-instruct', 'Q4_K_M', 2.23],
    ['eight experts', 'mistralai/Mixtral-8x7B-v0.1', 'Q4_K_M', 26.49],
    ['128 experts', 'Qwen/Qwen3-30B-A3B', 'Q4_K_M', 17.28],
    ['latent attention', 'deepseek-ai/DeepSeek-V2-Lite', 'Q4_K_M', 9.65],
    ['Gated DeltaNet and experts', 'Qwen/Qwen3-Next-80B-A3B-Instruct', 'Q4_K_M', 45.08],
    ['Gated DeltaNet with its own qkv', 'Qwen/Qwen3.5-27B', 'Q4_K_M', 15.4],
    ['MXFP4 experts', 'openai/gpt-oss-20b', 'MXFP4_MOE', 11.27],
    ['MXFP4 experts', 'openai/gpt-oss-120b', 'mxfp4', 59.02],
  ])('%s: %s %s is %s GiB', (_, model, mix, gib) => {
    expect(Math.abs(weigh(model, mix, llamaCpp).bytes / GiB - gib)).toBeLessThan(0.006)
  })
})

describe('buffers printed by ik_llama.cpp when every layer is on the GPU', () => {
  test('gemma-3-27b-it Q4_K_M: 15,773.97 MiB on the GPU, file 15.404 GiB, 4.899 bits per weight', () => {
    const weighed = weigh('google/gemma-3-27b-it', 'gguf Q4_K - Medium', llamaCpp)
    expect(Math.abs(weighed.bytes / MiB - 15773.97)).toBeLessThan(0.1)
    expect(bitsPerWeight(weighed)).toBeCloseTo(4.899, 3)
  })

  test('DeepSeek-R1 Q2_K: file 227.689 GiB, in which that converter also kept the unsplit kv_b_proj', () => {
    const gib = weigh('deepseek-ai/DeepSeek-R1', 'Q2_K', llamaCpp).bytes / GiB
    expect(gib).toBeLessThan(227.689)
    expect(gib).toBeGreaterThan(227.689 * 0.998)
  })
})

test('a name with its own bits per weight and no known mix is that many bits for every parameter', () => {
  const weighed = weigh('meta-llama/Llama-3.1-8B', 'gguf UD - 2.71 bpw', llamaCpp)
  expect(bitsPerWeight(weighed)).toBeCloseTo(2.71, 6)
})
