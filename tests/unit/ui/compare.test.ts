/** A against B: what is offered as B, and what differs in the words of the page. */
import { expect, test } from 'vitest'
import { finished } from '../../../src/memory/fewest.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'
import { searchFixes } from '../../../src/ui/answer/fixes.ts'
import { differences } from '../../../src/ui/compare/differences.ts'
import { searchOffers } from '../../../src/ui/compare/offered.ts'
import { loadCatalogue } from '../../../src/ui/state/models.ts'
import { answerTo } from '../../../src/ui/state/outcome.ts'

await loadCatalogue()
const llama70: ScenarioInput = { model: 'meta-llama/Llama-3.3-70B-Instruct', hardware: { gpu: 'RTX-4090' } }
const llama8: ScenarioInput = { model: 'meta-llama/Meta-Llama-3-8B', batch: 2 }

test('out of memory: all that is suggested is offered, and only what fits', () => {
  for (const input of [llama70, { ...llama8, batch: 16 }]) {
    const answer = answerTo(input)
    expect(answer.estimate.verdict).toBe('oom')
    const offers = finished(searchOffers(answer))
    const labels = offers.map(({ label }) => label)
    expect(labels).toEqual(expect.arrayContaining(finished(searchFixes(answer)).map(({ label }) => label)))
    expect(new Set(labels).size).toBe(labels.length)
    for (const { estimate, label } of offers) expect(estimate.verdict, label).not.toBe('oom')
  }
})

test('out of memory whatever is done: only what lacks less', () => {
  // 70.6 billion parameters of 16 bytes are 1.1 TB; on 8 GPUs, shared out, still more than any node holds.
  const answer = answerTo({ ...llama70, task: 'full', runtime: 'transformers', sequence: 2 ** 20 })
  const missing = ({ perGpu, capacity }: typeof answer.estimate) => perGpu.total - capacity
  const offers = finished(searchOffers(answer))
  expect(offers.map(({ label }) => label)).toContain('QLoRA')
  expect(offers.map(({ label }) => label)).not.toContain('Batch 2')
  for (const { estimate } of offers) expect(missing(estimate)).toBeLessThan(missing(answer.estimate))
})

test('what fits is compared with twice the load too', () => {
  const labels = (input: ScenarioInput) => finished(searchOffers(answerTo(input))).map(({ label }) => label)
  expect(labels({ ...llama8, model: 'meta-llama/Llama-3.1-8B' })).toEqual(
    expect.arrayContaining(['Batch 4', '16k tokens', 'FP8 KV cache', '2 GPUs']),
  )
  // Llama 3 was made for 8192.
  expect(labels(llama8)).not.toContain('16k tokens')
})

test('differences are said as the page says them', () => {
  const between = (b: Partial<ScenarioInput>) => {
    const found = differences(answerTo(llama8).resolved, answerTo({ ...llama8, ...b }).resolved)
    return found.map(({ a, b }) => `${a} → ${b}`)
  }
  expect(between({ precision: { weights: 'awq-int4' } })).toEqual(['BF16 → AWQ 4-bit'])
  expect(between({ precision: { weights: 'bf16' } })).toEqual(['BF16 (auto) → BF16'])
  expect(between({ precision: { kvCache: 'fp8' } })).toEqual(['BF16 → FP8'])
  expect(between({ runtime: 'llama.cpp', precision: { weights: 'q4_k_m', kvCache: 'q8_0' } })).toEqual([
    'vLLM → llama.cpp',
    'BF16 → Q4_K_M',
    'BF16 → Q8_0',
  ])
  expect(between({ hardware: { gpu: 'H100-SXM-80GB', count: 2 } })).toEqual(['RTX 4090 → H100 SXM 80GB', '1 → 2'])
  expect(between({ sequence: 16_384 })).toEqual(['8k → 16k'])
})
