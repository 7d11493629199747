/**
 * Inference against PyTorch itself: bytes alive at the peak of a prefill, and of the cache it leaves, of real `transformers` models under
 * FakeTensorMode (tests/oracle/inference.py; versions in the golden file). Weights and peak together must come within 3 %, caches exactly.
 */
import { describe, expect, it } from 'vitest'
import { estimate } from '../../../src/memory/estimate.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import golden from '../../oracle/golden/inference.json'

interface Run {
  attention: string
  b: number
  s: number
  logits: string
  peak: number
  cache: number
  cacheLayers?: [string, number, number][]
}
interface Model {
  transformers: string
  layers: number | 'all'
  weights: number
  runs: Run[]
}

/**
 * Without the CUDA kernels of mamba-ssm, causal-conv1d and flash-linear-attention, which a machine without a GPU cannot load, transformers
 * runs recurrences in plain PyTorch, at up to a thousand times the memory. The model speaks of the kernels.
 */
const scansInPyTorch = /granite-4\.0-h|mamba|Falcon-H1|Nemotron-H|Qwen3\.5|Qwen3-Next|MiniMax-Text|Jamba/

/** gpt-oss's reference code sends every token to every expert, and clamps, scales and gates in fourteen steps. */
const tolerance = (model: string) => (model === 'openai/gpt-oss-20b' ? 0.05 : 0.03)

const models = Object.entries(golden.models as unknown as Record<string, Model>)

function predict(model: string, { transformers, layers }: Model, run: Run) {
  const scenario = parseScenario({
    model,
    runtime: 'transformers',
    runtimeVersion: transformers,
    batch: run.b,
    sequence: run.s,
    precision: { weights: 'bf16', compute: 'bf16' },
    hardware: { gpu: 'H200' },
    serving: { attention: run.attention as 'eager' | 'sdpa', logits: run.logits as 'last' | 'all' },
  })
  const whole = architectureOf(model)
  const order = layers === 'all' ? whole.order : whole.order.slice(0, layers)
  const outside = whole.outside.filter((tensor) => tensor.class !== 'vision')
  return estimate({ ...resolve(scenario, architectureOf), architecture: { ...whole, order, outside } }).perGpu
}

describe('prefill', () => {
  for (const [model, entry] of models.filter(([name]) => !scansInPyTorch.test(name))) {
    it(`${model}: weights and peak within ${100 * tolerance(model)} % in ${entry.runs.length} runs`, () => {
      for (const run of entry.runs) {
        const { weights, kvCache, activations } = predict(model, entry, run)
        const measured = entry.weights + run.peak
        const error = (weights + kvCache + activations) / measured - 1
        expect(Math.abs(error), `${run.attention} ${run.b}×${run.s} ${run.logits}`).toBeLessThan(tolerance(model))
      }
    })
  }

  it('is exact to 0.3 % beyond the weights for Llama, Qwen2.5, Qwen3, Phi-4 and GLM-4 at 2048 tokens and more', () => {
    const exact = /Llama-(2-7b|3\.2-1B|3\.1-70B)|Meta-Llama-3-8B|Qwen2\.5-7B|Qwen3-8B|phi-4|GLM-4-9B|Seed-OSS/
    for (const [model, entry] of models.filter(([name]) => exact.test(name))) {
      for (const run of entry.runs.filter((r) => r.attention === 'sdpa' && r.s >= 2048)) {
        const { kvCache, activations } = predict(model, entry, run)
        const error = (kvCache + activations) / run.peak - 1
        expect(Math.abs(error), `${model} ${run.s} ${run.logits}`).toBeLessThan(0.003)
      }
    }
  })
})

describe('cache after prefill', () => {
  // Sliding layers still hold the whole prompt then, which the peak counts as activations; Granite 4 was called without a cache object.
  const uncut = (run: Run) => run.cacheLayers?.some(([kind]) => /Sliding/.test(kind)) ?? false
  for (const [model, entry] of models) {
    const runs = entry.runs.filter((run) => !uncut(run) && run.cacheLayers && run.cache > 0)
    if (runs.length === 0) continue
    it(`${model}: to the byte`, () => {
      for (const run of runs) {
        const { kvCache } = predict(model, entry, run)
        // LFM2's convolution windows are one step longer than its kernel's reach.
        const slack = /LFM2/.test(model) ? 0.05 : 0.001
        expect(Math.abs(kvCache / run.cache - 1), `${run.b}×${run.s}`).toBeLessThan(slack)
      }
    })
  }
})
