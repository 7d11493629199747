/** The model before training's part is there, as on a page that has just opened. */
import { expect, it, vi } from 'vitest'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'

const resolved = (scenario: object) =>
  resolve(parseScenario({ model: 'meta-llama/Meta-Llama-3-8B', ...scenario }), architectureOf)

it('serves without it, and says what is lacking for training until it is provided', async () => {
  vi.resetModules()
  const { figures } = await import('../../../src/memory/figures.ts')
  const { TrainingNeeded } = await import('../../../src/memory/training-part.ts')
  // 8 030 261 248 published parameters in 16 bits.
  expect(figures(resolved({ runtime: 'transformers' })).perGpu.weights).toBe(16_060_522_496)
  expect(() => figures(resolved({ task: 'full', hardware: { gpu: 'H100' } }))).toThrow(TrainingNeeded)
  expect(() => figures(resolved({ task: 'lora', runtime: 'guide' }))).toThrow(TrainingNeeded)
  await import('../../../src/memory/training/index.ts')
  const { trainableParameters } = figures(resolved({ task: 'lora', hardware: { gpu: 'H100' }, lora: { rank: 16 } }))
  // Queries and values of 32 layers: 16 × (4096 + 4096) + 16 × (4096 + 1024) each.
  expect(trainableParameters).toBe(6_815_744)
})
