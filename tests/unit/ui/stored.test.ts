/** What has how many bits, for a reader who checks the bytes of a quantised model. */
import { expect, it } from 'vitest'
import { rank } from '../../../src/memory/figures.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'
import { storedIn } from '../../../src/ui/breakdown/stored.ts'

function stored(input: ScenarioInput) {
  const { ranks, worst } = rank(resolve(parseScenario(input), architectureOf))
  return storedIn({ inputs: ranks[worst]!.inputs, batch: 1, sequence: 1024 })
}

// peft's prepare_model_for_kbit_training makes what bitsandbytes leaves alone fp32: 2 × 128 256 × 4096 and 65 norms of 4096.
it('QLoRA of Llama 3.1 8B: 4-bit projections, embedding and head in fp32', () => {
  const [outside, linear] = stored({ task: 'qlora', model: 'meta-llama/Llama-3.1-8B' })
  expect(outside).toMatchObject({ what: 'embedding, output head, norms', bits: 32, parameters: 1_050_939_392 })
  expect(outside!.bytes).toBe(4 * 1_050_939_392)
  // 4 bits, and 8 bits of scale for 64 with an fp32 scale for 256 of those (QLoRA, arXiv:2305.14314 §3).
  expect(linear).toMatchObject({ what: 'attention, MLP', parameters: 6_979_321_856 })
  expect(linear!.bits).toBeCloseTo(4 + 8 / 64 + 32 / (64 * 256), 2)
})

it('a model of one type is one entry', () => {
  expect(stored({ model: 'meta-llama/Meta-Llama-3-8B' })).toEqual([
    {
      what: 'embedding, output head, attention, MLP, norms',
      bits: 16,
      parameters: 8_030_261_248,
      bytes: 16_060_522_496,
    },
  ])
})

it('tensor parallelism shows what one GPU holds, experts among it', () => {
  const all = stored({ model: 'mistralai/Mixtral-8x7B-v0.1', hardware: { count: 8 } })
  expect(all).toHaveLength(1)
  expect(all[0]!.what).toContain('experts')
  // Norms and routers are on every GPU.
  const alone = 65 * 4096 + 32 * 8 * 4096
  expect(all[0]!.parameters).toBe((46_702_792_704 - alone) / 8 + alone)
})
