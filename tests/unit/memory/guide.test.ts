/**
 * Every worked example of the article that the `guide` runtime reproduces: ApX Machine Learning, “How to calculate GPU memory requirements
 * for LLMs” (2025). Its figures are decimal gigabytes.
 */
import { describe, expect, it } from 'vitest'
import { evaluate } from '../../../src/formula/evaluate.ts'
import { specialise } from '../../../src/formula/specialise.ts'
import { estimate } from '../../../src/memory/estimate.ts'
import { type ComponentName, modelWith } from '../../../src/memory/model.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'

const GB = 1e9
const llama3 = (input: Partial<ScenarioInput>) =>
  estimate(
    resolve(
      parseScenario({
        model: 'meta-llama/Meta-Llama-3-8B',
        runtime: 'guide',
        sequence: 2048,
        hardware: { gpu: 'B200' },
        ...input,
        precision: { compute: 'fp16', ...input.precision },
      }),
      architectureOf,
    ),
  )

/** A component for a model of exactly seven billion parameters, as the article's examples have. */
function sevenBillion(name: ComponentName, flags: string[]): number {
  const row = { elements: 7e9, parts: 1, bytes_numerator: 2, bytes_denominator: 1 }
  const inputs = { values: { gpus: 1, guide_gradient_bytes: 2 }, lists: { tensors: [row], layers: [] } }
  return Number(evaluate(specialise(modelWith(null)[name]!, new Set(['guide', ...flags])), inputs, 1, 1))
}

describe('a 7B model', () => {
  it('weighs 14 GB in FP16', () => expect(sevenBillion('weights', [])).toBe(14 * GB))
  it('needs 56 GB of AdamW states in FP32', () => expect(sevenBillion('optimizer', ['training'])).toBe(56 * GB))
  it('has 14 GB of FP16 gradients', () => expect(sevenBillion('gradients', ['training'])).toBe(14 * GB))
})

describe('Llama 3 8B', () => {
  const within = (low: number, high: number, [a, b]: [number, number]) => {
    // The article rounds 8.03 billion parameters to 8: 2.4 %, its whole-number gigabytes another half.
    expect(low / GB).toBeGreaterThan(a * 0.99 - 0.5)
    expect(low / GB).toBeLessThan(a * 1.03 + 0.5)
    expect(high / GB).toBeGreaterThan(b * 0.99 - 0.5)
    expect(high / GB).toBeLessThan(b * 1.03 + 0.5)
  }
  const given = (input: Partial<ScenarioInput>, low: number, high: number) => {
    const at = (activationsGB: number) => llama3({ ...input, guide: { activationsGB } })
    return [at(low).range.low, at(high).range.high] as const
  }

  it('takes 19 to 23 GB for inference with activations of 2 to 5 GB, cache included, and overhead of 1 to 2', () => {
    const cache = llama3({}).perGpu.kvCache
    const [low, high] = given({}, 2, 5)
    within(low - cache, high - cache, [19, 23])
  })
  it('takes 107 to 128 GB for full fine-tuning with activations of 10 to 30 GB', () => {
    within(...given({ task: 'full' }, 10, 30), [107, 128])
  })
  it('takes 27 to 48 GB for LoRA of rank 8', () => within(...given({ task: 'lora' }, 10, 30), [27, 48]))
  it('takes 15 to 36 GB for QLoRA, its base at half a byte a parameter', () => {
    within(...given({ task: 'qlora', precision: { weights: 'int4' } }, 10, 30), [15, 36])
  })

  it('caches 268 435 456 B at 2048 tokens; the article’s 1.07 GB is what MHA would take', () => {
    const { kvCache } = llama3({}).perGpu
    expect(kvCache).toBe(2 * 1 * 2048 * 32 * 8 * 128 * 2)
    expect(kvCache).toBe(268_435_456)
    expect(kvCache * (32 / 8)).toBe(1_073_741_824)
  })
  it('halves its cache in INT8 and FP8', () => {
    for (const kvCache of ['fp8', 'int8']) {
      const half = llama3({ precision: { kvCache } }).perGpu.kvCache
      // INT8 stores a scale per head and token; FP8 none.
      expect(half).toBeGreaterThanOrEqual(134_217_728)
      expect(half).toBeLessThan(134_217_728 * 1.04)
    }
  })

  it('has 3 407 872 LoRA parameters on q and v at rank 8; the article’s square matrices would give 4 194 304', () => {
    expect(llama3({ task: 'lora' }).trainableParameters).toBe(32 * (8 * (4096 + 4096) + 8 * (4096 + 1024)))
    expect(llama3({ task: 'lora' }).trainableParameters).toBe(3_407_872)
    // Llama 2 7B is MHA: there the article's simplification is exact.
    const llama2 = resolve(parseScenario({ model: 'meta-llama/Llama-2-7b-hf', task: 'lora' }), architectureOf)
    expect(estimate(llama2).trainableParameters).toBe(4_194_304)
  })
})

describe('the precision table', () => {
  const bytes = { fp32: 4, fp16: 2, bf16: 2, int8: 1, fp8: 1, int4: 0.5 }
  for (const [weights, each] of Object.entries(bytes)) {
    it(`${weights} is ${each} B a parameter, on every parameter`, () => {
      expect(llama3({ precision: { weights } }).perGpu.weights).toBe(8_030_261_248 * each)
    })
  }
})

describe('several GPUs', () => {
  it('share the model, and each pays more overhead the more there are', () => {
    const [one, four] = [1, 4].map((count) => llama3({ hardware: { gpu: 'B200', count } }))
    expect(four.perGpu.weights).toBe(one.perGpu.weights / 4)
    expect(four.perGpu.overhead).toBeGreaterThan(one.perGpu.overhead)
  })
  it('gain 85 % of a GPU’s speed with each one added', () => {
    expect(llama3({ hardware: { gpu: 'B200', count: 4 } }).speedup).toBe(1 + 3 * 0.85)
    expect(llama3({}).speedup).toBe(1)
  })
})

describe('activations', () => {
  it('are batch · sequence · hidden · layers · bytes × the heuristic factor', () => {
    const { activations } = llama3({ batch: 3, guide: { activationFactor: 10 } }).perGpu
    expect(activations).toBe(3 * 2048 * 4096 * 32 * 2 * 10)
  })
})
