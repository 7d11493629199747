/** What serving runtimes hold beside weights and cache, from their source code and logs. */
import { expect, it } from 'vitest'
import { estimate } from '../../../src/memory/estimate.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'

const llama8: ScenarioInput = {
  model: 'meta-llama/Meta-Llama-3-8B',
  runtime: 'vllm',
  precision: { weights: 'bf16' },
  hardware: { gpu: 'A100-SXM-80GB' },
}
const run = (input: Partial<ScenarioInput>) => estimate(resolve(parseScenario({ ...llama8, ...input }), architectureOf))

/** Rows of logits while torch sorts them, 2 + 4 + (4 + 8) + 8 + (4 + 8) B each, and without, 2 + 4 + 4 + 4 B; hidden states of 2048 tokens. */
const sorting = 256 * 128_256 * 38 + 2048 * 4096 * 2
const sampling = 256 * 128_256 * 14 + 2048 * 4096 * 2
const tables = 8192 * 128 * 2

it('samples 256 rows of gathered logits on every tensor-parallel rank (vllm#10517: 1.26 GiB of activations)', () => {
  const old = { runtimeVersion: '0.16.0' }
  expect(run(old).perGpu.activations).toBe(sorting + tables)
  expect(run({ ...old, hardware: { gpu: 'A100-SXM-80GB', count: 2 } }).perGpu.activations).toBe(sorting + tables)
})

it('sorts no more since 0.17 (vllm#33538: Triton masks logits in place)', () => {
  expect(run({ runtimeVersion: '0.17.0' }).perGpu.activations).toBe(sampling + tables)
  expect(run({}).perGpu.activations).toBe(sampling + tables)
})

it('samples on the last pipeline stage only', () => {
  const { stages } = run({ hardware: { gpu: 'A100-SXM-80GB', count: 2 }, parallelism: { pipeline: 2 } })
  // The MLP is widest: input, residual and normed state beside gate, up and their product.
  expect(stages?.map(({ activations }) => activations - tables)).toEqual([2048 * 2 * (3 * 4096 + 3 * 14_336), sampling])
})

// TensorRT-LLM#2683 (0.16, DeepSeek V3 in int4 on 8 GPUs): engine weights of 46 523 MiB a GPU, within 2 %; at 128 · 512 · 128 elements a layer
// the transposed keys, at 163 840 · 64 · 4 B a layer the rotary tables, at 129 280 · 7168 · 2 B the whole embedding.
it('a TensorRT engine leaves MLA’s up-projections in 16 bits and repeats embedding and rotary tables', () => {
  const engine = (runtimeVersion: string) =>
    run({
      model: 'deepseek-ai/DeepSeek-V3',
      runtime: 'tensorrt-llm',
      runtimeVersion,
      precision: { weights: 'int4 weight-only' },
      hardware: { gpu: 'H20-96GB', count: 8 },
    }).perGpu
  const rotary = 61 * 163_840 * 64 * 4
  const upwards = 128 * (192 * 1536 + 256 * 512)
  const transposed = 128 * 128 * 512
  const embedding = 129_280 * 7168 * 2
  const old = engine('0.16')
  const scales = (61 * 2 * 128 * (192 + 256)) / 8
  expect(old.weights - engine('1.0').weights).toBe(
    (61 * (upwards * 1.5 + transposed * 2)) / 8 - scales + (embedding * 7) / 8 + rotary,
  )
  expect(Math.abs(old.weights / (46_523 * 2 ** 20) - 1)).toBeLessThan(0.025)
})
