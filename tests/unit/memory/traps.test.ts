/**
 * Mistakes that other calculators were found to make, each as a case worked out by hand (shapes from the models' config.json files).
 * The numbers in names are what those calculators answered.
 */
import { describe, expect, it } from 'vitest'
import { capacityBytes } from '../../../src/hardware/gpu.ts'
import { estimate } from '../../../src/memory/estimate.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { importHuggingFaceConfig } from '../../../src/model/hugging-face/import.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'

const GiB = 2 ** 30
const run = (input: ScenarioInput) => estimate(resolve(parseScenario(input), architectureOf))
const llama8: ScenarioInput = {
  model: 'meta-llama/Meta-Llama-3-8B',
  runtime: 'transformers',
  precision: { weights: 'fp16', compute: 'fp16' },
  hardware: { gpu: 'A100-SXM-80GB' },
  batch: 1,
  sequence: 2048,
}

describe('the cache', () => {
  it('has keys and values, once each: 2 · 32 layers · 8 heads · 128 · 2 B · 2048 tokens', () => {
    expect(run(llama8).perGpu.kvCache).toBe(2 * 32 * 8 * 128 * 2 * 2048)
  })

  it('has key/value heads, not query heads (8.0 GiB, not 38.4 or 60.8)', () => {
    // 64 K tokens in all.
    expect(run({ ...llama8, batch: 8, sequence: 8192 }).perGpu.kvCache).toBe(8 * GiB)
  })

  it('takes head_dim from the config, not hidden / heads (Qwen3-0.6B: 128, not 64)', () => {
    const { perGpu } = run({ ...llama8, model: 'Qwen/Qwen3-0.6B', sequence: 1000 })
    expect(perGpu.kvCache).toBe(2 * 28 * 8 * 128 * 2 * 1000)
  })

  const deepSeek: ScenarioInput = {
    model: 'deepseek-ai/DeepSeek-V3',
    runtime: 'vllm',
    precision: { kvCache: 'bf16' },
    hardware: { gpu: 'H200', count: 8 },
    batch: 1,
    sequence: 262_144,
  }

  it('holds one latent vector for MLA: (512 + 64) · 61 layers · 2 B a token, 17.2 GiB, not 427', () => {
    expect(run(deepSeek).perGpu.kvCache).toBe(576 * 61 * 2 * 262_144)
  })

  it('does not divide that vector by tensor parallelism', () => {
    const sixteen = { ...deepSeek, hardware: { gpu: 'H200', count: 16 } }
    expect(run(sixteen).perGpu.kvCache).toBe(run(deepSeek).perGpu.kvCache)
  })

  it('keeps one head per GPU when there are fewer heads than GPUs', () => {
    const on = (count: number) => run({ ...llama8, runtime: 'vllm', hardware: { gpu: 'A100-SXM-80GB', count } }).perGpu
    expect(on(8).kvCache).toBe(on(1).kvCache / 8)
    expect(on(16).kvCache).toBe(on(8).kvCache)
  })

  it('grows with the batch', () => {
    expect(run({ ...llama8, batch: 8 }).perGpu.kvCache).toBe(8 * run(llama8).perGpu.kvCache)
  })
})

describe('activations', () => {
  const at = (input: Partial<ScenarioInput>) => run({ ...llama8, ...input }).perGpu.activations

  it('have no sequence² with flash attention', () => {
    // Doubling the sequence doubles what it adds; with sequence² it would add four times as much.
    for (const input of [
      { serving: { attention: 'flash' as const } },
      { task: 'full' as const, training: { attention: 'flash' as const } },
    ]) {
      const added = (from: number, to: number) => at({ ...input, sequence: to }) - at({ ...input, sequence: from })
      expect(added(32_768, 65_536) / added(16_384, 32_768)).toBeLessThan(2.1)
    }
  })

  it('count Korthikanti’s 34·s·b·h as bytes, not as numbers of 2 or 4 bytes', () => {
    // GPT-2 XL in bf16, without scores (flash): well under 34 · s · b · h · 2 per layer, logits apart.
    const { perGpu } = run({
      ...llama8,
      model: 'openai-community/gpt2-xl',
      task: 'full',
      sequence: 1024,
      training: { attention: 'flash', checkpointing: 'none', loss: 'fused' },
    })
    const perElement = perGpu.activations / (48 * 1024 * 1600)
    expect(perElement).toBeGreaterThan(20)
    expect(perElement).toBeLessThan(50)
  })

  it('have no logits of the whole sequence in serving (62.6 GiB at 32 × 8192)', () => {
    const served = { runtime: 'vllm' as const }
    expect(at({ ...served, batch: 32, sequence: 8192 })).toBe(at(served))
    // transformers: 32 rows of logits, not 32 · 8192.
    const last = at({ batch: 1, sequence: 8192, serving: { logits: 'last' } })
    const all = at({ batch: 1, sequence: 8192, serving: { logits: 'all' } })
    expect(all - last).toBeGreaterThan(8192 * 128_256)
  })

  it('have the logits in training: at least their fp32 copy and its gradient for 128 256 words', () => {
    const config = (vocab_size: number) => ({
      model_type: 'llama',
      hidden_size: 2048,
      intermediate_size: 8192,
      num_hidden_layers: 16,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      vocab_size,
    })
    const full = { task: 'full' as const, sequence: 4096, training: { loss: 'eager' as const } }
    const more = at({ ...full, model: config(128_256) }) - at({ ...full, model: config(32_000) })
    expect(more).toBeGreaterThanOrEqual(4096 * (128_256 - 32_000) * 8)
  })
})

describe('several GPUs', () => {
  const full = (count: number, parallelism: ScenarioInput['parallelism'], runtime: ScenarioInput['runtime']) =>
    run({ ...llama8, task: 'full', runtime, hardware: { gpu: 'H100-SXM-80GB', count }, parallelism }).perGpu

  it('ZeRO divides states, never activations', () => {
    const plain = full(8, { data: 8, zero: 0 }, 'torchtitan')
    const sharded = full(8, { data: 8, zero: 3 }, 'torchtitan')
    const states = (e: typeof plain) => e.weights + e.gradients + e.optimizer + e.masterWeights
    expect(sharded.activations).toBeGreaterThanOrEqual(plain.activations)
    expect(states(sharded) / states(plain)).toBeCloseTo(1 / 8, 2)
  })

  it('tensor and pipeline parallelism divide gradients and optimizer states too', () => {
    const one = full(1, {}, 'megatron')
    const tensor = full(4, { tensor: 4, data: 1 }, 'megatron')
    const pipeline = full(4, { pipeline: 4, data: 1 }, 'megatron')
    for (const part of ['gradients', 'optimizer'] as const) {
      expect(tensor[part] / one[part]).toBeCloseTo(1 / 4, 2)
      // The stage with the head holds more than a quarter.
      expect(pipeline[part] / one[part]).toBeLessThan(0.35)
    }
  })

  it('charge the process’s overhead on every GPU, once', () => {
    const on = (count: number) => run({ ...llama8, runtime: 'vllm', hardware: { gpu: 'H100-SXM-80GB', count } }).perGpu
    // Weights are held in blocks of whole 2 MiB, whose ends differ from cut to cut.
    expect(Math.abs(on(8).overhead - on(1).overhead)).toBeLessThan(2 * 2 ** 20)
    // What NCCL takes on an NVSwitch: 1.77–2.01 GB with 8 GPUs (sglang#11716), not as much again for every peer.
    expect(on(8).communication).toBe(on(4).communication)
    expect(on(8).communication).toBeLessThan(2.01 * GiB)
  })
})

describe('weights', () => {
  it('count a tied head once and an untied one twice', () => {
    // Llama 3.2 1B: 1 235 814 400; Llama 3 8B: 8 030 261 248 (Hugging Face).
    expect(run({ ...llama8, model: 'meta-llama/Llama-3.2-1B' }).perGpu.weights).toBe(2 * 1_235_814_400)
    expect(run(llama8).perGpu.weights).toBe(2 * 8_030_261_248)
  })

  it('hold every expert of a mixture (Mixtral 8×7B: 46 702 792 704, not a dense 7 B’s 20.8 GiB)', () => {
    expect(run({ ...llama8, model: 'mistralai/Mixtral-8x7B-v0.1' }).perGpu.weights).toBe(2 * 46_702_792_704)
  })

  it('refuse an architecture that is not known instead of taking it for a dense Llama', () => {
    const unknown = { model_type: 'nobody_knows', hidden_size: 4096, num_hidden_layers: 32, num_attention_heads: 32 }
    expect(() => importHuggingFaceConfig(unknown)).toThrow(/nobody_knows/)
  })
})

describe('limits', () => {
  it('the largest batch divides what the weights leave by what one sequence adds, not the total (4, 195 or 228)', () => {
    const { maxBatch, capacity } = run(llama8)
    const total = (batch: number) => run({ ...llama8, batch }).perGpu.total
    expect(total(maxBatch)).toBeLessThanOrEqual(capacity)
    expect(total(maxBatch + 1)).toBeGreaterThan(capacity)
    // 79.25 − 14.96 GiB of weights − 0.5 of context, by 0.25 GiB of cache and at most as much again of prefill.
    expect(maxBatch).toBeGreaterThan(63.7 / 0.5)
    expect(maxBatch).toBeLessThan(63.8 / 0.25)
  })

  it('a GB is not a GiB: an “80 GB” card offers 79.2 GiB, which is more than 80 · 10⁹ bytes', () => {
    const { gpu } = resolve(parseScenario(llama8), architectureOf)
    expect(capacityBytes(gpu)).toBe(81_153 * 2 ** 20)
    expect(capacityBytes(gpu)).toBeGreaterThan(80e9)
  })
})
