/** What estimates say beside their numbers. Formats by generation: NVIDIA architecture white papers (FP8 from Ada and Hopper, FP4 from Blackwell). */
import { describe, expect, it } from 'vitest'
import { estimate } from '../../../src/memory/estimate.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'

const answer = (input: Partial<ScenarioInput>) =>
  estimate(resolve(parseScenario({ model: 'meta-llama/Llama-3.1-8B', ...input }), architectureOf))

describe('notes', () => {
  it('say which precision a GPU cannot multiply', () => {
    const on = (gpu: string, weights: string) => answer({ hardware: { gpu }, precision: { weights } }).notes?.join(' ')
    expect(on('RTX-3090', 'fp8')).toContain('no FP8 units')
    expect(on('H100-SXM-80GB', 'fp8')).toBeUndefined()
    expect(on('H100-SXM-80GB', 'nvfp4')).toContain('no FP4 units')
    expect(on('B200', 'nvfp4')).toBeUndefined()
    expect(on('T4', 'nf4')).toContain('no BF16 units')
  })
  it('say when a sequence is longer than the model was made for', () => {
    expect(answer({ sequence: 131_072 }).notes).toBeUndefined()
    expect(answer({ sequence: 131_073 }).notes?.join(' ')).toContain('128k')
  })
})

describe('stages', () => {
  it('are listed where layers are split over GPUs, and the most loaded one is the estimate', () => {
    const { stages, perGpu } = answer({ runtime: 'transformers', hardware: { gpu: 'RTX-4090', count: 2 } })
    expect(stages).toHaveLength(2)
    expect(Math.max(...(stages ?? []).map((s) => s.total))).toBe(perGpu.total)
    expect(answer({}).stages).toBeUndefined()
  })
})
