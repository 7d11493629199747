/** What estimates say beside their numbers. Formats by generation: NVIDIA architecture white papers (FP8 from Ada and Hopper, FP4 from Blackwell). */
import { describe, expect, it } from 'vitest'
import { estimate } from '../../../src/memory/estimate.ts'
import { poolOf } from '../../../src/memory/pool.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'
import { formatInteger } from '../../../src/units.ts'

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
    const at = (sequence: number) => answer({ sequence, hardware: { gpu: 'H100-SXM-80GB' } }).notes
    expect(at(131_072)).toBeUndefined()
    expect(at(131_073)?.join(' ')).toContain('128k')
  })
  // vLLM logs "GPU KV cache size: N tokens" and "Maximum concurrency for M tokens per request"; where that is below 1 it raises "To serve at least one
  // request with the model's max seq len …" (v1/core/kv_cache_utils.py).
  it('say that a server with a pool starts where not all sequences fit at once', () => {
    const at = (more: Partial<ScenarioInput>) => answer({ hardware: { gpu: 'RTX-4090' }, ...more })
    const four = { batch: 4, sequence: 32_768 }
    const resolved = resolve(parseScenario({ model: 'meta-llama/Llama-3.1-8B', ...four }), architectureOf)
    const { tokens, sequences } = poolOf(resolved) ?? { tokens: 0, sequences: 0 }
    expect(sequences).toBe(1)
    expect(at(four).verdict).toBe('oom')
    expect(at(four).notes?.[0]).toBe(
      `vLLM would start: its cache holds ${formatInteger(tokens)} tokens, 1 of these 4 sequences at once; the others wait.`,
    )
    expect(at({ batch: 1, sequence: 32_768 }).notes).toBeUndefined()
    expect(at({ batch: 2, sequence: 131_072 }).notes?.[0]).toMatch(/^vLLM refuses to start for this length: not one /)
    expect(at({ ...four, runtime: 'sglang' }).notes?.[0]).toMatch(/^SGLang would start: /)
    expect(at({ batch: 2, sequence: 131_072, runtime: 'sglang' }).notes?.[0]).toMatch(/^Nor does SGLang /)
    expect(at({ ...four, runtime: 'llama.cpp' }).notes?.join(' ') ?? '').not.toContain('would start')
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
