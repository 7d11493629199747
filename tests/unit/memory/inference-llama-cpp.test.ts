/**
 * llama.cpp's compute buffers, against its own logs ("CUDA0 compute buffer size"), n_ubatch 512 unless said. The allocator's gaps are not in
 * the formula: logs are met within 2 %, and to the byte where a sum of whole tensors is all there is.
 */
import { describe, expect, it } from 'vitest'
import { estimate } from '../../../src/memory/estimate.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { countParameters } from '../../../src/model/parameters.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'

const MiB = 2 ** 20

const buffer = (
  model: string,
  sequence: number,
  attention: 'eager' | 'flash',
  { count = 1, ...serving }: { count?: number; maxBatchedTokens?: number; latentCache?: 'expanded' | 'unpacked' } = {},
  // Of 2025, unless a test is about what changed.
  { runtimeVersion = 'b6400', kvCache = 'fp16', batch = 1 } = {},
) => {
  const input: ScenarioInput = {
    model,
    runtime: 'llama.cpp',
    runtimeVersion,
    precision: { weights: 'Q2_K', kvCache },
    sequence,
    batch,
    hardware: { gpu: 'H200', count },
    serving: { attention, ...serving },
  }
  return estimate(resolve(parseScenario(input), architectureOf)).perGpu.activations / MiB
}

describe('logits', () => {
  // ikawrakow/ik_llama.cpp discussion 334, all layers on one GPU: 262 208 tokens and one hidden state in fp32.
  it('Gemma 3 27B with flash attention: 522.62 MiB', () => {
    expect(buffer('google/gemma-3-27b-it', 32_768, 'flash')).toBeCloseTo(522.62, 1)
  })
  // ikawrakow/ik_llama.cpp issue 530, the second of two GPUs, n_ubatch 4096, copies of inputs switched off: two hidden states.
  it('Qwen3 235B where its head is: 2502.0 MiB beside copies of 4 · 4 B · 4096 · (4096 + 4096)', () => {
    const predicted = buffer('Qwen/Qwen3-235B-A22B', 4096, 'flash', { count: 2, maxBatchedTokens: 4096 })
    expect(predicted).toBe(2502 + (4 * 4 * 4096 * (4096 + 4096)) / MiB)
  })
})

describe('scores without flash attention', () => {
  // heads · n_kv + n_kv + 4 · hidden, in fp32: 512 + 16 + 32 MiB.
  it('Llama 3 8B at 8192 tokens: 560 MiB', () => {
    expect(buffer('meta-llama/Meta-Llama-3-8B', 8192, 'eager')).toBe(560)
  })
  it.each([
    // github.com/ikawrakow/ik_llama.cpp/pull/235: 15 GPUs, latent cache.
    ['DeepSeek R1 at 20 480 tokens on 15 GPUs', 20_480, 15, {}, 5718.01],
    // A log of eight ROCm GPUs with a cache of all heads (llama.cpp before it cached the latent vector).
    [
      'DeepSeek R1 at 8192 tokens on 8 GPUs, keys and values of all heads',
      8192,
      8,
      { latentCache: 'expanded' },
      2322.01,
    ],
  ] as const)('%s', (_, sequence, count, serving, logged) => {
    const predicted = buffer('deepseek-ai/DeepSeek-R1', sequence, 'eager', { count, ...serving })
    expect(Math.abs(predicted / logged - 1)).toBeLessThan(0.02)
  })
})

// ik_llama.cpp discussion 258 and issue 485 (-mla 3 -fa -amb 512): keys and values of 128 heads, 320 · 2 B a token, and 512 MiB they pass through.
it.each([
  ['n_ubatch 512', 32_768, 512, 3393],
  ['n_ubatch 2048', 32_768, 2048, 3588.01],
  ['n_ubatch 4096', 32_768, 4096, 4104.02],
  ['131 072 tokens, n_ubatch 1024', 131_072, 1024, 11_718.25],
])('DeepSeek V3 with keys and values made of its cache, %s', (_, sequence, maxBatchedTokens, logged) => {
  const options = { maxBatchedTokens, latentCache: 'unpacked' } as const
  const predicted = buffer('deepseek-ai/DeepSeek-V3', sequence, 'flash', options)
  expect(Math.abs(predicted / logged - 1)).toBeLessThan(0.06)
})

// llama-graph.cpp casts the fp32 mask to fp16 for flash attention: 6 B · 1 048 576 · 512, beside two hidden states, queries, keys and values.
it('a long context needs its mask even with flash attention', () => {
  const states = 4 * 512 * (2 * 4096 + 4096 + 1024 + 1024)
  expect(buffer('meta-llama/Meta-Llama-3-8B', 1_048_576, 'flash')).toBe(6 * 512 + states / MiB)
})

describe('Nemotron Ultra 253B, as github.com/ikawrakow/ik_llama.cpp/pull/377 logs it', () => {
  const ultra = architectureOf('nvidia/Llama-3_1-Nemotron-Ultra-253B-v1')

  it('has 253.401 B parameters, 249.199 B of them in the layers', () => {
    const { total, embedding, head } = countParameters(ultra)
    expect(Math.round(total / 1e6)).toBe(253_401)
    expect(Math.round((total - embedding - head) / 1e6)).toBe(249_199)
  })

  it('caches 816 + 432 MiB in q8_0 and q4_0: 64 of its 162 layers attend', () => {
    const input: ScenarioInput = {
      model: ultra.id,
      runtime: 'llama.cpp',
      runtimeVersion: 'b6400',
      precision: { weights: 'Q3_K_M', kvCache: 'K=q8_0,V=q4_0' },
      sequence: 12_288,
      hardware: { gpu: 'H200' },
    }
    const { perGpu } = estimate(resolve(parseScenario(input), architectureOf))
    expect(perGpu.kvCache).toBe((816 + 432) * MiB)
    // The widest MLP, 3 · 425 984, beside two hidden states and the mask, which its own GPU no longer held: 2560 MiB and 12.
    expect(perGpu.activations).toBe((2560 + 12) * MiB)
  })
})

// llama_kv_cache_iswa: n_swa + n_ubatch cells, padded to 256. Gemma 3 27B: 52 layers slide over 1024 tokens, 10 see all; 16 heads of 128.
it('keeps a micro-batch beyond a sliding window', () => {
  const cache = (maxBatchedTokens: number) => {
    const input: ScenarioInput = {
      model: 'google/gemma-3-27b-it',
      runtime: 'llama.cpp',
      precision: { weights: 'Q4_0', kvCache: 'fp16' },
      sequence: 32_768,
      hardware: { gpu: 'H200' },
      serving: { maxBatchedTokens },
    }
    return estimate(resolve(parseScenario(input), architectureOf)).perGpu.kvCache
  }
  const perToken = 2 * 16 * 128 * 2
  expect(cache(512)).toBe((10 * 32_768 + 52 * (1024 + 512)) * perToken)
  expect(cache(2048)).toBe((10 * 32_768 + 52 * (1024 + 2048)) * perToken)
})

describe('builds', () => {
  const gpu = (runtimeVersion: string | null, model = 'meta-llama/Meta-Llama-3-8B', sequence = 8192) =>
    estimate(
      resolve(
        parseScenario({
          model,
          runtime: 'llama.cpp',
          runtimeVersion,
          precision: { weights: 'Q4_0', kvCache: 'fp16' },
          sequence,
          hardware: { gpu: 'H200', count: 8 },
        }),
        architectureOf,
      ),
    ).stages!

  it('use flash attention by default since b6325 (llama.cpp#15434)', () => {
    const [old] = gpu('b6324')
    const [recent] = gpu('b6325')
    // Beside copies of the inputs and two hidden states: scores of 32 heads and queries twice; or the mask in fp16 and an MLP's three tensors.
    const scores = 4 * (32 * 8192 + 2 * 4096)
    const mlp = 2 * 8192 + 4 * 3 * 14_336
    expect(old!.activations - recent!.activations).toBe(512 * (scores - mlp))
  })

  // llama.cpp#23764 keeps the mask in fp16 from the start; #23861 reserves the logits of a server's sequences only.
  it('need no fp32 mask since b9442, nor logits of a whole micro-batch since b9479', () => {
    const flash = (runtimeVersion: string) =>
      buffer('meta-llama/Meta-Llama-3-8B', 65_536, 'flash', {}, { runtimeVersion }) - 64
    const [read, mlp, head] = [4096 + 1024 + 1024, 3 * 14_336, 128_256 + 4096].map((width) => (4 * 512 * width) / MiB)
    const states = (4 * 512 * 4096) / MiB
    expect(flash('b9441')).toBe(2 * states + Math.max(128 + read!, mlp!, head! - 64 - 2 * states))
    expect(flash('b9442')).toBe(head! - 64)
    expect(flash('b9479')).toBe(4 * states + mlp!)
  })

  it.each([
    // "CUDA0 compute buffer size" of llama-server in September and October 2026, n_ubatch 512; Qwen3.8 27B has the widths of 3.5.
    ['Qwen/Qwen3-4B', 8192, 1, 85.01],
    ['Qwen/Qwen3-0.6B', 8192, 1, 34.01],
    ['Qwen/Qwen3.5-27B', 196_608, 1, 314.02],
  ])('of 2026: %s at %d tokens', (model, sequence, batch, logged) => {
    expect(Math.abs(buffer(model, sequence, 'flash', {}, { runtimeVersion: 'b10500', batch }) - logged)).toBeLessThan(
      0.1,
    )
  })

  // llama.cpp#23907: 960 MiB of 245 760 tokens, 4 heads of 256, as keys and values in fp16 (GenerelSchwerz/llama.cpp pull request 4).
  it('reserve what a quantised cache is unpacked into since b9500', () => {
    const reserved = (runtimeVersion: string, kvCache: string) =>
      buffer('Qwen/Qwen3.5-27B', 245_760, 'flash', {}, { runtimeVersion, kvCache })
    expect(reserved('b9499', 'q8_0')).toBe(reserved('b9499', 'fp16'))
    // Beside queries, their gate, keys, values and the output, where without it the MLP is wider.
    const widths = 3 * 17_408 - (2 * 6144 + 1024 + 1024 + 6144)
    expect(reserved('b9500', 'q8_0') - reserved('b9500', 'fp16')).toBe(960 - (4 * 512 * widths) / MiB)
    expect(reserved('b9500', 'K=q8_0,V=fp16') - reserved('b9500', 'q8_0')).toBe(-480)
  })

  // A log of eight GPUs from early 2025: "KV self size = 39040.00 MiB" of 8192 tokens of DeepSeek R1, (192 + 128) · 128 · 2 B · 61 a token.
  it('cache every head of MLA before b5136 (llama.cpp#12801)', () => {
    const held = (version: string) =>
      gpu(version, 'deepseek-ai/DeepSeek-R1').reduce((sum, { kvCache }) => sum + kvCache, 0)
    expect(held('b5000')).toBe(39_040 * MiB)
    expect(held('b5136')).toBe(61 * 576 * 2 * 8192)
  })

  it('cache sliding layers in full before b5434 (llama.cpp#13194)', () => {
    const held = (version: string) =>
      gpu(version, 'google/gemma-3-27b-it', 32_768).reduce((sum, { kvCache }) => sum + kvCache, 0)
    expect(held('b5400')).toBe(15_872 * MiB)
    expect(held('b5434')).toBe((10 * 32_768 + 52 * (1024 + 512)) * 2 * 16 * 128 * 2)
  })
})
