/**
 * How a training run is made to fit: what its frameworks' guides name (Hugging Face, "Methods and tools for efficient training on a single GPU" and
 * "… on multiple GPUs": accumulation, checkpointing, fused losses, 8-bit optimizers, ZeRO and FSDP; QLoRA; Unsloth), each offer held against the
 * BigInt reference.
 */
import { describe, expect, it } from 'vitest'
import { finished } from '../../../src/memory/fewest.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'
import { searchFixes } from '../../../src/ui/answer/fixes.ts'
import { searchHints } from '../../../src/ui/answer/hardware.ts'
import { searchMethods } from '../../../src/ui/answer/methods.ts'
import { changed } from '../../../src/ui/state/document.ts'
import { loadCatalogue } from '../../../src/ui/state/models.ts'
import { answerTo } from '../../../src/ui/state/outcome.ts'

await loadCatalogue()

const qwen = (gpu: string, more: Partial<ScenarioInput> = {}): ScenarioInput => ({
  model: 'Qwen/Qwen2.5-7B',
  task: 'full',
  batch: 4,
  sequence: 8192,
  hardware: { gpu, count: 8 },
  ...more,
})
const onT4 = (more: Partial<ScenarioInput> = {}): ScenarioInput => ({
  model: 'meta-llama/Llama-3.1-8B',
  task: 'qlora',
  batch: 4,
  sequence: 2048,
  hardware: { gpu: 'T4' },
  ...more,
})

const offers = (input: ScenarioInput) => finished(searchFixes(answerTo(input)))
const labels = (input: ScenarioInput) => offers(input).map(({ label }) => label)
const verdict = (input: ScenarioInput) => answerTo(input).estimate.verdict

describe('full fine-tuning of 7B on eight GPUs that each hold everything', () => {
  const input = qwen('A100-SXM-80GB')

  it('is shared out and recomputed, which neither alone makes fit', () => {
    const sharing = { parallelism: { zero: 3 } }
    const recomputing = { training: { checkpointing: 'full' } } as const
    expect(verdict({ ...input, ...sharing })).toBe('oom')
    expect(verdict({ ...input, ...recomputing })).toBe('oom')
    expect(verdict({ ...input, ...sharing, ...recomputing })).not.toBe('oom')
    const found = offers(input)
    expect(found[0].label).toBe('ZeRO 3, checkpointing')
    // Tight: what makes room is offered beside it.
    expect(found.some(({ label, estimate }) => label.includes('fused loss') && estimate.verdict === 'fits')).toBe(true)
  })

  it('has a fewest number with what it needs', () => {
    const { fewest, smallest } = finished(searchHints(answerTo(input).resolved))
    // 7.62 billion parameters of 2 + 2 + 4 bytes are 57 GiB; activations are what one GPU of 79 has no room for.
    expect([fewest.text, fewest.needs]).toEqual(['1', 'with checkpointing, fused loss'])
    expect(smallest.needs).toMatch(/^with ZeRO 3, checkpointing/)
    for (const { changes } of [fewest, smallest]) {
      expect(verdict(changed(input, changes))).not.toBe('oom')
      for (const left of ['training.checkpointing', 'training.loss']) {
        expect(
          verdict(
            changed(
              input,
              changes.filter(({ path }) => path !== left),
            ),
          ),
        ).toBe('oom')
      }
    }
  })

  it('on cards of 24 GB, whose states alone are 114 GiB, some of it is offloaded, or less is trained', () => {
    const found = labels(qwen('RTX-4090'))
    expect(found.some((label) => /^ZeRO 3 offloaded to 11\d\.\d+ GiB of RAM/.test(label))).toBe(true)
    expect(found.some((label) => label.startsWith('LoRA, ZeRO 3'))).toBe(true)
  })
})

describe('QLoRA of 8B on one T4', () => {
  it('is offered smaller batches that are accumulated, a fused loss, another trainer; and no ZeRO over one GPU', () => {
    const found = offers(onT4())
    const said = found.map(({ label }) => label)
    expect(said).toContain('Unsloth')
    expect(said.some((label) => /accumulated/.test(label))).toBe(true)
    for (const { label, changes } of found) {
      const one = !changes.some(({ path }) => path === 'hardware.count')
      if (one) expect(label).not.toContain('ZeRO')
    }
  })

  it('keeps as many sequences a step', () => {
    for (const { changes } of offers(onT4())) {
      const value = (path: string) => changes.find((one) => one.path === path)?.value as number | undefined
      expect((value('batch') ?? 4) * (value('training.gradientAccumulation') ?? 1)).toBe(4)
    }
  })

  it('at 8k tokens only Unsloth holds it there', () => {
    expect(labels(onT4({ sequence: 8192 })).some((label) => label.startsWith('Unsloth'))).toBe(true)
  })

  it('is not said to need ZeRO on one GPU', () => {
    const { fewest } = finished(searchHints(answerTo(onT4({ training: { loss: 'fused' } })).resolved))
    expect(fewest.text).not.toMatch(/^1, ZeRO/)
  })
})

it('one GPU can hold what replicas do not, and the answer says why', () => {
  const input = qwen('A100-SXM-80GB', { batch: 1, sequence: 1024 })
  expect(verdict(input)).toBe('oom')
  const { fewest } = finished(searchHints(answerTo(input).resolved))
  expect([fewest.text, fewest.needs]).toEqual(['1', 'without DDP'])
  expect(fewest.title).toContain('buckets')
  expect(labels(input)).toContain('1 GPU')
})

describe.each([
  qwen('A100-SXM-80GB'),
  qwen('RTX-4090'),
  qwen('A100-SXM-80GB', { batch: 6, sequence: 4096, runtime: 'deepspeed' }),
  qwen('H100-SXM-80GB', { task: 'lora', batch: 16 }),
  onT4(),
  onT4({ sequence: 8192, batch: 3 }),
  { ...onT4(), task: 'full', hardware: { gpu: 'RTX-4090' } },
  { ...onT4(), model: 'meta-llama/Llama-3.1-70B', task: 'full', hardware: { gpu: 'RTX-4090' } },
] satisfies ScenarioInput[])('$model $task on $hardware.gpu × $hardware.count', (input) => {
  it('what is offered holds it, in the order of how little it changes, nothing twice', () => {
    const { resolved } = answerTo(input)
    const found = finished(searchMethods(input, resolved, false))
    for (const { label, changes } of found) expect(verdict(changed(input, changes)), label).not.toBe('oom')
    expect(new Set(found.map(({ label }) => label)).size).toBe(found.length)
    expect(found.length).toBeLessThanOrEqual(6)
    expect(labels(input).length).toBeGreaterThan(0)
  })
})
