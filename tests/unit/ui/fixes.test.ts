/** What is offered where a scenario does not fit: single changes first, two at once where no single one does. */
import { expect, test } from 'vitest'
import { estimate } from '../../../src/memory/estimate.ts'
import { finished } from '../../../src/memory/fewest.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'
import { searchFixes } from '../../../src/ui/answer/fixes.ts'
import { searchHints } from '../../../src/ui/answer/hardware.ts'
import { loadCatalogue } from '../../../src/ui/state/models.ts'

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
  expect(labels).not.toContain('Checkpointing')
  expect(labels).not.toContain('Fused loss')
  expect(labels).toContain('Checkpointing, fused loss')
})

test('a single change is offered alone where it does', () => {
  const labels = offered({ model, batch: 8 }).map(({ label }) => label)
  expect(labels).toContain('FP8 KV cache')
  expect(labels.filter((label) => label.includes(','))).toEqual([])
})

test('two changes are not offered where one of them is enough', () => {
  const labels = offered({
    ...lora,
    task: 'qlora',
    runtime: 'transformers',
    hardware: { gpu: 'T4' },
    precision: { compute: 'fp16' },
    sequence: 3000,
    batch: 1,
  }).map(({ label }) => label)
  expect(labels).toContain('Fused loss')
  expect(labels).not.toContain('Checkpointing, fused loss')
})

test('what is offered fits', () => {
  for (const { estimate } of offered(lora)) expect(estimate.verdict).not.toBe('oom')
})

// 671 billion parameters in FP8 are 671 GB: no single card holds them, eight of 141 GB do (the model card names one such node).
test('what no single change makes fit is offered a node of larger cards', async () => {
  await loadCatalogue()
  const found = offered({ model: 'deepseek-ai/DeepSeek-V3', hardware: { gpu: 'RTX-4090' } })
  expect(found.map(({ label }) => label)).toContain('8 × H200')
})

test('a card with a hair less memory is no saving', () => {
  const labels = offered({ model, hardware: { gpu: 'A100-SXM-80GB' } }).map(({ label }) => label)
  expect(labels).not.toContain('H100 SXM 80GB')
  expect(labels).toContain('L40S')
})

// 70.6 billion weights are 131 GiB in BF16, which takes eight cards of 24 GB; in FP8 they are 66, which four hold beside a cache of 2.5 GiB; two hold
// them in 4 bits (33 and their scales) at best tightly.
test('where only hardware would do, a lighter precision is offered on the fewest GPUs that then hold it', async () => {
  await loadCatalogue()
  const found = offered({ model: 'meta-llama/Llama-3.3-70B-Instruct', hardware: { gpu: 'RTX-4090' } })
  const [first] = found
  // In FP8 four of them would hold 17 GiB of weights each, and 1.7 of CUDA graphs of 80 layers: no margin is left.
  expect(first.label).toBe('AWQ 4-bit weights, 4 GPUs')
  expect(first.estimate.verdict).toBe('fits')
  expect(found.map(({ label }) => label)).toContain('8 GPUs')
  // A cache of 40 GiB in BF16 beside 66 is more than four of 22 hold; beside 35 it leaves no margin.
  const long = offered({
    model: 'meta-llama/Llama-3.3-70B-Instruct',
    hardware: { gpu: 'RTX-4090' },
    sequence: 131_072,
  })
  expect(long[0].label).toBe('AWQ 4-bit weights, FP8 KV cache, 4 GPUs')
})

test('no pair is offered where one change does without hardware, nor more GPUs than do alone', async () => {
  await loadCatalogue()
  const pairs = (input: ScenarioInput) =>
    offered(input).filter(({ label }) => label.includes(', ') && label.includes('GPUs'))
  expect(pairs({ model, batch: 8 })).toEqual([])
  // Published in 4 bits already: in FP8 it would weigh more.
  expect(pairs({ model: 'openai/gpt-oss-120b', hardware: { gpu: 'RTX-4090' } })).toEqual([])
})

test('what is published in 4 bits is not quantised to 4 bits again', async () => {
  await loadCatalogue()
  const labels = offered({ model: 'openai/gpt-oss-20b', batch: 64, sequence: 32_768 }).map(({ label }) => label)
  expect(labels.filter((label) => label.includes('AWQ'))).toEqual([])
  expect(labels.length).toBeGreaterThan(0)
})

// Llama 3's config.json: max_position_embeddings 8192.
test('no sequence is suggested beyond what the model can use', () => {
  for (const sequence of [32_768, 2 ** 20]) {
    const found = offered({ model, batch: 4, sequence }).find(({ label }) => label.startsWith('Sequence'))
    expect(found?.changes).toEqual([{ path: 'sequence', value: 8192 }])
  }
})

test('less hardware is that which the answers name: fewest GPUs, smallest card', async () => {
  await loadCatalogue()
  const at = (input: ScenarioInput) => {
    const resolved = resolve(parseScenario(input), architectureOf)
    const hints = finished(searchHints(resolved))
    return {
      hints,
      labels: finished(searchFixes({ input, resolved, estimate: estimate(resolved) }, hints)).map((f) => f.label),
    }
  }
  const shared = at({
    model: 'Qwen/Qwen2.5-7B',
    task: 'full',
    sequence: 1024,
    hardware: { gpu: 'A100-SXM-80GB', count: 8 },
    parallelism: { zero: 3 },
  })
  expect(shared.hints.fewest.text).toBe('1')
  expect(shared.labels[0]).toBe('1 GPU')
  const alone = at({ model, batch: 1 })
  expect(alone.labels[0]).toBe(alone.hints.smallest.text)
  const short = at({ model: 'meta-llama/Llama-3.1-8B', task: 'qlora', batch: 4, hardware: { gpu: 'T4' } })
  expect(short.labels).toContain(short.hints.smallest.text)
})
