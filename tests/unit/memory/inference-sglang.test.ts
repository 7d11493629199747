/** SGLang's share of a GPU for weights and cache, as its logs and reports state it. */
import { expect, it } from 'vitest'
import { utilizationOf } from '../../../src/memory/inference/runtimes.ts'
import { layoutOf } from '../../../src/memory/layout.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'

const share = (input: Partial<ScenarioInput>) => {
  const scenario = parseScenario({ model: 'Qwen/Qwen3-32B', runtime: 'sglang', ...input })
  const resolved = resolve(scenario, architectureOf)
  return utilizationOf(resolved, layoutOf(resolved))
}

it.each([
  // github.com/sgl-project/sglang/issues/29092, June 2026: 0.828 for Qwen3 32B on H100, which two of them hold with its cache.
  ['H100-SXM-80GB', 2, null, 0.828],
  // github.com/sgl-project/sglang/pull/18263: 0.911 on MI355X, where prefill is not captured in pieces.
  ['MI355X', 1, '0.5.9', 0.911],
  // By the size of the GPU (#7054): 9.5 GiB and half of one for each of the ranks; 2.8 and a tenth.
  ['H100-SXM-80GB', 1, '0.4.9', 0.874],
  ['H100-SXM-80GB', 8, '0.4.9', 0.83],
  ['RTX-4090', 1, '0.4.9', 0.879],
  // By tensor parallelism before.
  ['H100-SXM-80GB', 1, '0.4.6', 0.88],
  ['H100-SXM-80GB', 8, '0.4.6', 0.81],
])('%s × %d, SGLang %s: %d', (gpu, count, runtimeVersion, stated) => {
  expect(Math.abs(share({ hardware: { gpu, count }, runtimeVersion }) - stated)).toBeLessThanOrEqual(0.0015)
})

it('reserves for the tokens of a chunk, and takes what is stated', () => {
  const hardware = { gpu: 'H100-SXM-80GB' }
  expect(share({ hardware, serving: { maxBatchedTokens: 16_384 } })).toBeLessThan(share({ hardware }) - 0.14)
  expect(share({ hardware, serving: { maxBatchedTokens: 1024 } })).toBeCloseTo((81_088 - 10_240) / 81_088, 2)
  expect(share({ hardware, serving: { gpuMemoryUtilization: 0.7 } })).toBe(0.7)
})
