/** Changes that are offered lead to scenarios that can run, and where the runtime does not, to one that does. */
import { describe, expect, it } from 'vitest'
import { finished } from '../../../src/memory/fewest.ts'
import { obstacleTo } from '../../../src/memory/runnable.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'
import { searchFixes } from '../../../src/ui/answer/fixes.ts'
import { changed } from '../../../src/ui/state/document.ts'
import { answerTo } from '../../../src/ui/state/outcome.ts'

const scenarios: ScenarioInput[] = [
  { model: 'meta-llama/Meta-Llama-3-8B', batch: 4, hardware: { gpu: 'M1-16GB' } },
  { model: 'meta-llama/Meta-Llama-3-8B', batch: 4, hardware: { gpu: 'M5-32GB' } },
  { model: 'meta-llama/Meta-Llama-3-8B', hardware: { gpu: 'M3-Max-128GB' } },
  { model: 'meta-llama/Meta-Llama-3-8B', hardware: { gpu: 'V100-SXM-16GB' } },
  { model: 'meta-llama/Meta-Llama-3-8B', runtime: 'tensorrt-llm', batch: 64, hardware: { gpu: 'RTX-3090' } },
  { model: 'meta-llama/Meta-Llama-3-8B', runtime: 'llama.cpp', batch: 8, hardware: { gpu: 'M1-16GB' } },
  { model: 'meta-llama/Meta-Llama-3-8B', sequence: 2048, precision: { weights: 'awq-int4' }, hardware: { gpu: 'L4' } },
]

describe.each(scenarios)('$runtime on $hardware.gpu', (input) => {
  const answer = answerTo(input)
  const fixes = finished(searchFixes(answer))

  it('every change offered leads to what can run', () => {
    for (const { label, changes } of fixes) {
      expect(obstacleTo(answerTo(changed(input, changes)).resolved), label).toBeNull()
    }
    expect(fixes.length).toBeGreaterThan(0)
  })

  it('another runtime is offered where this one does not run and another would hold it', () => {
    const offered = fixes.some(({ changes }) => changes[0].path === 'runtime')
    if (!obstacleTo(answer.resolved)) expect(offered).toBe(false)
    if (JSON.stringify(input.hardware).includes('M3-Max')) expect(offered).toBe(true)
  })
})

it('a card without BF16 units is offered with FP16', () => {
  const fixes = finished(searchFixes(answerTo(scenarios[6])))
  expect(fixes.find(({ label }) => label === 'T4')?.changes).toContainEqual({
    path: 'precision.compute',
    value: 'fp16',
  })
})
