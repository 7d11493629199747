/** A training step's phases as the estimate tells them: the largest is what is allocated. */
import { describe, expect, it } from 'vitest'
import { estimate } from '../../../src/memory/estimate.ts'
import { lowerAll } from '../../../src/memory/lower.ts'
import { architectureOf, CATALOGUE } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import { does, runtimes, type ScenarioInput } from '../../../src/scenario/schema.ts'

const answer = (input: ScenarioInput) => estimate(resolve(parseScenario(input), architectureOf))

describe('phases', () => {
  const some = CATALOGUE.filter((_, n) => n % 9 === 0)

  it.each(runtimes.filter((runtime) => runtime !== 'guide' && does(runtime, 'full')))(
    'their largest is what is allocated: %s',
    (runtime) => {
      for (const [i, { id: model }] of some.entries()) {
        const { phases, allocated, reserved } = answer({
          model,
          task: (['full', 'lora', 'qlora'] as const)[i % 3],
          runtime,
          batch: 1 + (i % 4),
          sequence: 1024,
          hardware: { gpu: 'H100-SXM-80GB', count: [1, 8][i % 2] },
          parallelism: { zero: ([0, 1, 2, 3] as const)[i % 4] },
          training: { gradientAccumulation: 1 + (i % 2) },
        })
        expect(Math.max(...Object.values(phases!)), model).toBe(allocated)
        expect(reserved, model).toBeGreaterThanOrEqual(allocated)
      }
    },
  )

  it('are told of training only, and not with the article’s rule', () => {
    expect(answer({ model: 'meta-llama/Meta-Llama-3-8B' }).phases).toBeUndefined()
    expect(answer({ model: 'meta-llama/Meta-Llama-3-8B', task: 'full', runtime: 'guide' }).phases).toBeUndefined()
  })

  it('peak in the step for a short sequence and in the loss for a long one', () => {
    const run: ScenarioInput = {
      model: 'meta-llama/Meta-Llama-3-8B',
      task: 'full',
      runtime: 'transformers',
      hardware: { gpu: 'H200-141GB' },
      training: { checkpointing: 'full' },
    }
    const at = (sequence: number) => answer({ ...run, sequence }).phases!
    expect(at(64).step).toBe(Math.max(...Object.values(at(64))))
    expect(at(65_536).forward).toBe(Math.max(...Object.values(at(65_536))))
  })
})

it('QLoRA with PEFT checkpoints unless told otherwise, as prepare_model_for_kbit_training does', () => {
  const at = (checkpointing: 'none' | 'full' | null) =>
    answer({ model: 'meta-llama/Meta-Llama-3-8B', task: 'qlora', runtime: 'peft', training: { checkpointing } }).perGpu
  expect(at(null)).toEqual(at('full'))
  expect(at('none').activations).toBeGreaterThan(2 * at('full').activations)
})

describe('what checkpoints leave of the cache', () => {
  const per1000 = (model: string, more: Partial<ScenarioInput> = {}) => {
    const scenario = parseScenario({ model, task: 'lora', runtime: 'fsdp-qlora', ...more })
    return lowerAll(resolve(scenario, architectureOf)).ranks[0].inputs.values.cache_pinned
  }

  // 16-bit inputs of a layer in a 16-bit temporary of its MLP: two in one 2.69 times as wide, three in one 3.5 times as wide.
  it.each([
    ['meta-llama/Llama-2-7b-hf', (11_008 - 2 * 4096) / 11_008],
    ['meta-llama/Meta-Llama-3-8B', (14_336 - 3 * 4096) / 14_336],
    ['01-ai/Yi-34B', (20_480 - 2 * 7168) / 20_480],
  ])('%s', (model, share) => expect(per1000(model)).toBe(Math.floor(1000 * share)))

  it('counts bytes: an fp32 stream over 16-bit MLPs halves what fits', () => {
    const autocast = { task: 'full', runtime: 'transformers', precision: { weights: 'fp32' } } as const
    expect(per1000('meta-llama/Meta-Llama-3-8B', autocast)).toBe(
      Math.floor((1000 * (14_336 * 2 - 4096 * 4)) / (14_336 * 2)),
    )
  })

  it('is nothing where layers are compiled', () => {
    const compiled = { task: 'full', runtime: 'torchtitan', training: { compile: true } } as const
    expect(per1000('meta-llama/Meta-Llama-3-8B', compiled)).toBe(0)
  })
})
