/** "Model loading took …" to the last digit that logs give, where a tensor's block is larger than the tensor. */
import { expect, it } from 'vitest'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'
import { loaded } from './loaded.ts'

const digits = (bytes: number, count: number) => Number((bytes / 2 ** 30).toFixed(count))

// Qwen2's gate and up are 259 MiB in a block of 260, its down projection 129.5 in 130, queries, keys and values 31.5 in 32 (a log of vLLM 0.7.3 on a
// V100); Llama 3.1 8B on eight GPUs (mlcommons/inference#2267); Llama's own widths are whole MiB (vllm#10517).
it.each<[number, number, ScenarioInput]>([
  [14.27, 2, { model: 'deepseek-ai/DeepSeek-R1-Distill-Qwen-7B', hardware: { gpu: 'V100-SXM-32GB' } }],
  [1.9028, 4, { model: 'meta-llama/Llama-3.1-8B-Instruct', hardware: { gpu: 'H200', count: 8 } }],
  [14.9888, 3, { model: 'meta-llama/Llama-3.1-8B-Instruct', hardware: { gpu: 'RTX-3090' } }],
  [7.5552, 3, { model: 'Qwen/Qwen3-4B', hardware: { gpu: 'RTX-3060-12GB' } }],
])('vLLM loads %d GiB', (logged, count, input) => {
  const found = loaded({ runtime: 'vllm', runtimeVersion: '0.7.3', precision: { weights: 'fp16' }, ...input })
  expect(digits(found, count)).toBe(Number(logged.toFixed(count)))
})

// 48 layers whose gate, up and down projections are 135 MiB of 136; embedding and head 1485 MiB of 1486 (transformers, Qwen2.5 14B).
it('transformers allocates tensor by tensor until it warms the allocator (4.50)', () => {
  const load = (runtimeVersion: string) =>
    loaded({
      model: 'Qwen/Qwen2.5-14B-Instruct',
      runtime: 'transformers',
      runtimeVersion,
      precision: { weights: 'bf16' },
      hardware: { gpu: 'A100-SXM-80GB' },
    })
  expect(load('4.46') - load('4.50')).toBe((48 * 3 + 2) * 2 ** 20)
})

// A log of SGLang 0.4 with DeepSeek-R1-Distill-Qwen-7B: 22.76 GB before loading, 8.37 GB after.
it('SGLang loses all of a block', () => {
  const found = loaded({
    model: 'deepseek-ai/DeepSeek-R1-Distill-Qwen-7B',
    runtime: 'sglang',
    runtimeVersion: '0.4.2',
    precision: { weights: 'bf16' },
    hardware: { gpu: 'RTX-4090' },
  })
  expect(Math.abs(found / 2 ** 30 / (22.76 - 8.37) - 1)).toBeLessThan(0.005)
})
