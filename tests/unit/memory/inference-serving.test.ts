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
const run = (input: ScenarioInput) => estimate(resolve(parseScenario({ ...llama8, ...input }), architectureOf))

/** Sorting rows of logits in torch: 2 + 4 + (4 + 8) + 8 + (4 + 8) B each; hidden states of 2048 tokens; rotary tables. */
const sampling = 256 * 128_256 * 38 + 2048 * 4096 * 2
const tables = 8192 * 128 * 2

it('samples 256 rows of gathered logits on every tensor-parallel rank (vllm#10517: 1.26 GiB of activations)', () => {
  expect(run({}).perGpu.activations).toBe(sampling + tables)
  expect(run({ hardware: { gpu: 'A100-SXM-80GB', count: 2 } }).perGpu.activations).toBe(sampling + tables)
})

it('samples on the last pipeline stage only', () => {
  const { stages } = run({ hardware: { gpu: 'A100-SXM-80GB', count: 2 }, parallelism: { pipeline: 2 } })
  // The MLP is widest: input, residual and normed state beside gate, up and their product.
  expect(stages?.map(({ activations }) => activations - tables)).toEqual([2048 * 2 * (3 * 4096 + 3 * 14_336), sampling])
})
