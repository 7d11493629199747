/** DeepSeek-V4: what is stored and what is cached, against the published checkpoint and the compression that its report describes. */
import { describe, expect, it } from 'vitest'
import { estimate } from '../../../src/memory/estimate.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'
import { weigh } from './precision/weigh.ts'

const cacheOf = (input: Partial<ScenarioInput>) =>
  estimate(
    resolve(
      parseScenario({
        model: 'deepseek-ai/DeepSeek-V4-Flash',
        runtime: 'vllm',
        hardware: { gpu: 'H200', count: 4 },
        parallelism: { tensor: 4 },
        precision: { kvCache: 'bf16' },
        serving: { blockSize: 256 },
        ...input,
      }),
      architectureOf,
    ),
  ).perGpu.kvCache

describe('the cache', () => {
  // 2 layers with a window alone, 21 where 4 tokens make an entry of 512 and an indexer key of 128, 20 where 128 make an entry of 512; one key
  // serves every head and GPU. vLLM's CompressorStateCache: 2 · 512 values in fp32 for 128 tokens, 4 · (512 + 128) for 8.
  const state = 21 * 8 * 4 * (512 + 128) * 4 + 20 * 128 * 2 * 512 * 4
  const beyond = (tokens: number) => 2 * (21 * (tokens / 4) * (512 + 128) + 20 * (tokens / 128) * 512)

  it('grows by compressed entries alone', () => {
    const tokens = 2 ** 20
    expect(cacheOf({ sequence: 2 * tokens }) - cacheOf({ sequence: tokens })).toBe(beyond(tokens))
  })

  it('holds a window and the tokens that await compression besides', () => {
    // Shorter than window and prompt chunk: 256 tokens whole.
    expect(cacheOf({ sequence: 256 })).toBe(43 * 256 * 512 * 2 + beyond(256) + state)
    expect(cacheOf({ sequence: 256, batch: 3 })).toBe(3 * cacheOf({ sequence: 256 }))
  })

  it('is a tenth of what as many layers of MLA keep', () => {
    const latent = 43 * 2 ** 20 * 576 * 2
    expect(cacheOf({ sequence: 2 ** 20 })).toBeLessThan(latent / 7)
  })
})

// deepseek-ai/DeepSeek-V4-Flash@60d8d707: 159,609,485,896 bytes of tensors, 18,616,320 of them tables of tokens. Its scales are a byte, ours of
// FP8 four; what it keeps in fp32 (norms' neighbours) is 0.1 %.
it('weighs what the published files do', () => {
  const { bytes, parameters } = weigh('deepseek-ai/DeepSeek-V4-Flash', null, { runtime: 'vllm' }, () => true)
  expect(parameters).toBe(290_942_289_362)
  expect(Math.abs(bytes / (159_609_485_896 - 18_616_320) - 1)).toBeLessThan(0.001)
})
