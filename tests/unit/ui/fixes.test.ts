/** What is offered where a scenario does not fit: single changes first, two at once where no single one does. */
import { expect, test } from 'vitest'
import { estimate } from '../../../src/memory/estimate.ts'
import { finished } from '../../../src/memory/fewest.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'
import { searchFixes } from '../../../src/ui/answer/fixes.ts'

function offered(input: ScenarioInput) {
  const resolved = resolve(parseScenario(input), architectureOf)
  return finished(searchFixes({ input, resolved, estimate: estimate(resolved) }))
}
const model = 'meta-llama/Meta-Llama-3-8B'
const lora: ScenarioInput = {
  model,
  task: 'lora',
  runtime: 'peft',
  hardware: { gpu: 'RTX-4090' },
  sequence: 4096,
  batch: 2,
}

test('LoRA of 8B at 2 × 4096 on 24 GB needs checkpointing and a fused loss together, as no single change does', () => {
  const labels = offered(lora).map(({ label }) => label)
  expect(labels).not.toContain('Checkpointing full')
  expect(labels).not.toContain('Fused loss')
  expect(labels).toContain('Checkpointing full, fused loss')
})

test('a single change is offered alone where it does', () => {
  const labels = offered({ model, batch: 8 }).map(({ label }) => label)
  expect(labels).toContain('FP8 KV cache')
  expect(labels.filter((label) => label.includes(','))).toEqual([])
})

test('what is offered fits', () => {
  for (const { estimate } of offered(lora)) expect(estimate.verdict).not.toBe('oom')
})
