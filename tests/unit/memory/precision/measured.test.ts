/** Weights in memory as runtimes printed or measured them. */
import { describe, expect, test } from 'vitest'
import type { Tensor } from '../../../../src/model/architecture.ts'
import { GB, GiB, MiB } from '../../../../src/units.ts'
import { weigh } from './weigh.ts'

const noEmbedding = (tensor: Tensor) => tensor.class !== 'embedding'

/** pytorch/ao torchao/_models/llama/benchmark_results.txt (2024-08/09): model_size, decimal GB, token embedding left out. */
describe('torchao', () => {
  test.each([
    ['meta-llama/Llama-2-7b-hf', 'int8 (dyn act)', 6.62],
    ['meta-llama/Llama-2-7b-hf', 'int8', 6.62],
    ['meta-llama/Llama-2-7b-hf', 'fp6', 4.96],
    ['meta-llama/Llama-2-7b-hf', 'int4', 3.74],
    ['meta-llama/Meta-Llama-3-8B', 'bf16', 15.01],
    ['meta-llama/Meta-Llama-3-8B', 'int8', 7.52],
    ['meta-llama/Meta-Llama-3-8B', 'fp6', 5.63],
    ['meta-llama/Meta-Llama-3-8B', 'int4', 4.22],
  ])('%s %s: %s GB', (model, precision, gb) => {
    const { bytes } = weigh(model, precision, { runtime: 'gpt-fast', groupSize: 64 }, noEmbedding)
    expect(Math.abs(bytes / GB - gb)).toBeLessThan(0.006)
  })
})

describe('serving', () => {
  test('vLLM, Llama-3.1-70B W8A8: 67.7229 GiB (log of a single H100)', () => {
    const { bytes } = weigh('meta-llama/Llama-3.1-70B', 'int8', { runtime: 'vllm' })
    expect(Math.abs(bytes / GiB / 67.7229 - 1)).toBeLessThan(0.001)
  })

  test('TensorRT-LLM 0.8, Llama-2-7B SmoothQuant engine: 6683 MiB', () => {
    const { bytes } = weigh('meta-llama/Llama-2-7b-hf', 'int8 smoothquant', { runtime: 'tensorrt-llm' })
    expect(Math.abs(bytes / MiB / 6683 - 1)).toBeLessThan(0.001)
  })
})

/**
 * QwenLM/Qwen2.5 docs/source/benchmark/speed_benchmark.rst: peak allocated for a prompt of one token and 2048 generated, GiB.
 * KV bytes are 2 · layers · kv_heads · head_dim · 2 B · 2049 tokens; what is left of the 72B model is under 2 %.
 */
describe('Qwen2.5-72B in transformers', () => {
  const cache = (2 * 80 * 8 * 128 * 2 * 2049) / GiB
  test.each([
    ['bf16', 136.2],
    ['gptq-int8', 72.61],
    ['gptq-int4', 39.91],
    ['awq-int4', 39.44],
  ])('%s: %s GiB', (precision, peak) => {
    const rest = peak - cache - weigh('Qwen/Qwen2.5-72B', precision).bytes / GiB
    expect(rest).toBeGreaterThan(0)
    expect(rest / peak).toBeLessThan(0.02)
  })
})

/**
 * Unsloth's notebooks print the memory reserved after loading and adding LoRA of rank 16 to every linear layer (fp32). It is an
 * upper bound of the weights; these are the rows whose loading left least behind. Adapters: rank · (in + out) · 4 B.
 */
describe('NF4 with double quantisation in Unsloth', () => {
  test.each([
    ['Qwen/Qwen2.5-7B', 40_370_176, 5.393],
    ['microsoft/Phi-3-medium-4k-instruct', 65_536_000, 7.504],
  ])('%s', (model, adapters, reserved) => {
    const predicted = (weigh(model, 'nf4', { runtime: 'unsloth', task: 'qlora' }).bytes + 4 * adapters) / GiB
    expect(predicted).toBeLessThanOrEqual(reserved)
    expect(predicted / reserved).toBeGreaterThan(0.98)
  })
})

/** axolotl's log after loading Mistral-7B in 8 bits for LoRA (2023-11), GiB: the rest was raised to fp32 for training. */
test('LLM.int8 with embedding, head and norms raised to fp32: 7.494 GiB', () => {
  const { bytes } = weigh('mistralai/Mistral-7B-v0.1', 'int8', { keptBytes: 4 })
  expect(Math.abs(bytes / GiB / 7.494 - 1)).toBeLessThan(0.002)
})
