/** Published formulas and figures of training memory, as their papers and documents print them. */
import { describe, expect, it } from 'vitest'
import { evaluate } from '../../../src/formula/evaluate.ts'
import { specialise } from '../../../src/formula/specialise.ts'
import { estimate } from '../../../src/memory/estimate.ts'
import { lowerAll } from '../../../src/memory/lower.ts'
import { optimizerState } from '../../../src/memory/precision/index.ts'
import { loss } from '../../../src/memory/training/activations.ts'
import { keptByAllLayers } from '../../../src/memory/training/kept.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { countParameters } from '../../../src/model/parameters.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'
import { GB, GiB } from '../../../src/units.ts'

const gpt = (heads: number, hidden: number, layers: number, vocabulary = 51_200) => ({
  model_type: 'gpt2',
  n_embd: hidden,
  n_head: heads,
  n_layer: layers,
  n_positions: 2048,
  vocab_size: vocabulary,
  tie_word_embeddings: true,
})

const llama = (hidden: number, intermediate: number, heads: number, layers: number) => ({
  model_type: 'llama',
  hidden_size: hidden,
  intermediate_size: intermediate,
  num_attention_heads: heads,
  num_key_value_heads: heads,
  num_hidden_layers: layers,
  vocab_size: 32_000,
  tie_word_embeddings: false,
})

const answer = (input: ScenarioInput) => estimate(resolve(parseScenario(input), architectureOf))

describe('Korthikanti et al. 2022 (arXiv:2205.05198)', () => {
  /** Table 3: heads, hidden size, layers, tensor and pipeline parallelism, interleaving, micro-batch. */
  const models = {
    '22B': { heads: 64, hidden: 6144, layers: 48, tensor: 8, pipeline: 1, interleave: 1, batch: 4 },
    '175B (GPT-3)': { heads: 96, hidden: 12_288, layers: 96, tensor: 8, pipeline: 8, interleave: 3, batch: 1 },
    '530B (MT-NLG)': { heads: 128, hidden: 20_480, layers: 105, tensor: 8, pipeline: 35, interleave: 3, batch: 1 },
    '1T': { heads: 160, hidden: 25_600, layers: 128, tensor: 8, pipeline: 64, interleave: 1, batch: 1 },
  }
  type Model = (typeof models)[keyof typeof models]
  const s = 2048

  const run = (
    m: Model,
    how: { checkpointing?: 'selective' | 'full' | 'none'; sequenceParallel?: boolean; tensor?: number },
  ): ScenarioInput => {
    const { tensor = m.tensor, checkpointing = 'none', sequenceParallel = false } = how
    return {
      model: gpt(m.heads, m.hidden, m.layers),
      task: 'full',
      runtime: 'megatron',
      batch: m.batch,
      sequence: s,
      precision: { compute: 'fp16' },
      hardware: { gpu: 'A100-SXM-80GB', count: tensor * m.pipeline },
      parallelism: {
        tensor,
        pipeline: m.pipeline,
        interleave: m.interleave,
        microBatches: m.pipeline * 10,
        sequenceParallel,
      },
      training: { attention: 'eager', dropout: 0.1, checkpointing },
    }
  }

  /** Bytes of the first stage's layers, in units of s·b·h. */
  const kept = (m: Model, how: Parameters<typeof run>[1]) => {
    const { inputs, flags } = lowerAll(resolve(parseScenario(run(m, how)), architectureOf)).ranks[0]
    const bytes = evaluate(specialise(keptByAllLayers, flags), inputs, m.batch, s)
    return Number(bytes) / (s * m.hidden)
  }

  describe.each(Object.entries(models))('%s', (_, m) => {
    const t = m.tensor
    const scores = (5 * m.heads * s) / m.hidden
    // Equation 5: L layers' worth on the first stage; interleaving adds (p − 1)/(p·m) of it.
    const layers = m.layers * (m.interleave > 1 ? 1 + (m.pipeline - 1) / (m.pipeline * m.interleave) : 1)

    it.each([
      ['no parallelism', { tensor: 1 }, 34 + scores],
      ['tensor parallel', {}, 10 + (24 + scores) / t],
      ['tensor and sequence parallel', { sequenceParallel: true }, (34 + scores) / t],
      ['tensor parallel, selective recomputation', { checkpointing: 'selective' as const }, 10 + 24 / t],
      ['both and selective', { sequenceParallel: true, checkpointing: 'selective' as const }, 34 / t],
      ['full recomputation', { checkpointing: 'full' as const }, 2],
    ])('keeps what table 2 says: %s', (_, how, perLayer) => {
      const measured = kept(m, how) / layers
      // Table 2 leaves out the statistics of norms, four bytes per token.
      expect(measured).toBeGreaterThanOrEqual(perLayer * 0.999)
      expect(measured).toBeLessThanOrEqual(perLayer * 1.003)
    })

    it('fits an A100 with the paper’s savings only (figure 1)', () => {
      expect(answer(run(m, {})).verdict).toBe('oom')
      expect(answer(run(m, { sequenceParallel: true, checkpointing: 'selective' })).verdict).not.toBe('oom')
    })
  })

  it.each([
    ['175B (GPT-3)', 0.7],
    ['530B (MT-NLG)', 0.65],
  ] as const)('selective recomputation saves of %s the share that §5 prints', (name, share) => {
    const m = models[name]
    const [none, selective] = [kept(m, { tensor: 1 }), kept(m, { tensor: 1, checkpointing: 'selective' })]
    expect(1 - selective / none).toBeCloseTo(share, 2)
  })
})

describe('ZeRO (arXiv:1910.02054)', () => {
  const model = gpt(32, 4096, 36, 50_257)
  const states = (zero: 0 | 1 | 2 | 3, data: number, more: ScenarioInput['training'] = {}) => {
    const { perGpu } = answer({
      model,
      task: 'full',
      runtime: 'deepspeed',
      precision: { compute: 'fp16' },
      hardware: { gpu: 'A100-SXM-80GB', count: data },
      parallelism: { zero, data },
      training: more,
    })
    return perGpu.weights + perGpu.gradients + perGpu.optimizer + perGpu.masterWeights
  }

  it('is tried with a model of 7.5 billion parameters', () => {
    expect(countParameters(architectureOf(model)).total / GB).toBeCloseTo(7.5, 1)
  })

  // Figure 1 and table 1.
  it.each([
    [0, 64, 120],
    [1, 64, 31.4],
    [2, 64, 16.6],
    [3, 64, 1.88],
    [1, 4, 52.5],
    [2, 4, 41.3],
    [3, 4, 30],
    [1, 16, 35.6],
    [2, 16, 21.6],
    [3, 16, 7.5],
    [1, 1024, 30.1],
    [2, 1024, 15.1],
    [3, 1024, 0.12],
  ] as const)('stage %i over %i GPUs: %f GB of states', (zero, data, published) => {
    expect(Math.abs(states(zero, data) / GB / published - 1)).toBeLessThan(0.03)
  })

  // deepspeed/runtime/zero: estimate_zero2_model_states_mem_needs and estimate_zero3_model_states_mem_needs, with offload.
  it.each([
    [2, ['optimizer', 'gradients'], (n: number) => 2 * n],
    [3, ['optimizer', 'gradients'], (n: number) => (2 * n) / 8],
    [3, ['optimizer', 'gradients', 'parameters'], () => 0],
  ] as const)('agrees with DeepSpeed’s estimator: stage %i, offload %j', (zero, offload, formula) => {
    const parameters = countParameters(architectureOf(model)).total
    expect(states(zero, 8, { offload: [...offload] })).toBeCloseTo(formula(parameters), -2)
  })
})

// docs/source/distrib_optimizer: theoretical bytes per parameter, d GPUs.
describe('Megatron’s distributed optimizer', () => {
  it.each([
    ['fp16 parameters, fp32 gradients', 'fp16', null, 1, 1, 18],
    ['the same, distributed', 'fp16', null, 8, 1, 6 + 12 / 8],
    ['fp32 parameters and gradients', 'fp32', 'fp32', 1, 1, 16],
    ['the same, distributed', 'fp32', 'fp32', 8, 1, 8 + 8 / 8],
  ] as const)('%s', (_, compute, weights, data, zero, bytes) => {
    const model = gpt(16, 2048, 24)
    const { perGpu, parameters } = answer({
      model,
      task: 'full',
      runtime: 'megatron',
      precision: { compute, weights },
      hardware: { gpu: 'A100-SXM-80GB', count: data },
      parallelism: { zero, data },
    })
    const states = perGpu.weights + perGpu.gradients + perGpu.optimizer + perGpu.masterWeights
    expect(states / parameters).toBeCloseTo(bytes, 3)
  })
})

describe('GaLore (arXiv:2403.03507)', () => {
  const models = {
    '60M': [llama(512, 1376, 8, 8), 128, 0.36, 0.24],
    '130M': [llama(768, 2048, 12, 12), 256, 0.76, 0.52],
    '350M': [llama(1024, 2736, 16, 24), 256, 2.06, 1.22],
    '1B': [llama(2048, 5461, 32, 24), 512, 7.8, 4.38],
  } as const

  it.each(Object.entries(models))('weights and optimizer of %s, table 2', (_, [model, rank, full, galore]) => {
    const { order, kinds, outside } = architectureOf(model)
    const tensors = [...outside, ...order.flatMap((kind) => kinds[kind].tensors)]
    const total = (optimizer: 'adamw' | 'galore') => {
      const state = optimizerState(optimizer, { parameterBytes: 2, stateType: null, rank })
      return tensors.reduce((sum, t) => {
        const { bytes, per } = state.ofTensor(t)
        return sum + t.count * t.out * t.in * (2 + bytes / per)
      }, 0)
    }
    // The paper rounds its models' sizes.
    expect(Math.abs(total('adamw') / GiB / full - 1)).toBeLessThan(0.1)
    expect(Math.abs(total('galore') / GiB / galore - 1)).toBeLessThan(0.1)
  })
})

describe('QLoRA (arXiv:2305.14314)', () => {
  const run = (model: string, gpu: string): ScenarioInput => ({
    model,
    task: 'qlora',
    runtime: 'transformers',
    runtimeVersion: '4.30',
    batch: 1,
    sequence: 512,
    hardware: { gpu },
    precision: { weights: 'nf4-dq', compute: 'bf16' },
    training: { checkpointing: 'full', optimizer: 'paged-adamw' },
    lora: { rank: 64, targets: ['all-linear'] },
  })

  it('finetunes 65B on one GPU of 48 GB, and 33B on one of 24 GB (abstract, §1)', () => {
    expect(answer(run('huggyllama/llama-65b', 'RTX-A6000')).verdict).not.toBe('oom')
    expect(answer(run('huggyllama/llama-30b', 'RTX-3090')).verdict).not.toBe('oom')
  })

  it('full finetuning of 65B in 16 bits takes more than 780 GB (abstract)', () => {
    const { perGpu } = answer({
      ...run('huggyllama/llama-65b', 'A100-SXM-80GB'),
      task: 'full',
      precision: { compute: 'fp16' },
      training: { checkpointing: 'full', masterWeights: true },
    })
    expect(perGpu.total).toBeGreaterThan(780 * GB)
  })
})

describe('Liger’s fused linear cross-entropy (arXiv:2410.10989)', () => {
  it('holds the chunk of its own example: 2048 of 4 · 4096 tokens where V = 32 000 and h = 4096', () => {
    // liger_kernel/ops/fused_linear_cross_entropy.py: inc_factor = ⌈V / h⌉ = 8; logits in the compute type, their gradient in place.
    const input: ScenarioInput = {
      model: llama(4096, 11_008, 32, 32),
      task: 'lora',
      runtime: 'transformers',
      batch: 4,
      sequence: 4096,
      training: { loss: 'fused' },
    }
    const { inputs, flags } = lowerAll(resolve(parseScenario(input), architectureOf)).ranks[0]
    const bytes = 4 * Number(evaluate(specialise(loss, flags), inputs, 4, 4096))
    const headInput = 4 * 4096 * 4096 * inputs.values.head_input_bytes!
    expect(bytes - headInput).toBe(2048 * 32_000 * 2)
  })
})

describe('Liger-Kernel (arXiv:2410.10989)', () => {
  /** Bytes that one layer of Llama 3 8B keeps per token in full training, FlashAttention-2. */
  const keeps = (loss: 'eager' | 'fused') => {
    const scenario = parseScenario({
      model: 'meta-llama/Meta-Llama-3-8B',
      task: 'full',
      runtime: 'transformers',
      sequence: 4096,
      hardware: { gpu: 'H100-SXM-80GB' },
      training: { checkpointing: 'none', attention: 'flash', autocast: false, loss },
    })
    const { inputs, flags } = lowerAll(resolve(scenario, architectureOf)).ranks[0]
    return Number(evaluate(specialise(keptByAllLayers, flags), inputs, 1, 4096)) / 4096 / 32
  }

  it('comes with a norm that keeps its input and a SwiGLU that keeps gate and up (section 3.2), by hand', () => {
    const [hidden, keyValue, wide] = [4096, 1024, 14_336]
    // Two norms with their statistics, what qkv, o, gate and up read, queries, keys, values, the kernel's statistics; gate, up and what down reads.
    const hand = 2 * (2 * hidden + 4) + 4 * 2 * hidden + 2 * 2 * keyValue + 4 * 32 + 3 * 2 * wide
    expect(keeps('fused')).toBe(hand)
    // Norms in Python: an fp32 copy and the normalised values instead. SwiGLU in Python: the activation of the gate too.
    expect(keeps('eager')).toBe(hand + 2 * 4 * hidden + 2 * wide)
  })
})

describe('a reference model (DPO, arXiv:2305.18290)', () => {
  const weights = (zero: 0 | 3, reference: boolean) =>
    answer({
      model: 'Qwen/Qwen2.5-7B-Instruct',
      task: 'full',
      runtime: 'ms-swift',
      sequence: 8192,
      hardware: { gpu: 'A100-SXM-80GB', count: 4 },
      parallelism: { zero },
      training: { reference, packing: true },
    })

  it('is as large as the one that trains, and shared as it is', () => {
    for (const zero of [0, 3] as const) {
      const [alone, beside] = [weights(zero, false), weights(zero, true)]
      expect(beside.perGpu.weights).toBe(2 * alone.perGpu.weights)
      expect(beside.perGpu.total - alone.perGpu.total).toBe(alone.perGpu.weights)
    }
  })

  it('of 7 billion parameters over four GPUs, pairs packed to 8192 tokens, takes 50 GiB (ms-swift examples/train/packing/dpo.sh)', () => {
    expect(Math.abs(weights(3, true).reserved! / (50 * GiB) - 1)).toBeLessThan(0.1)
  })
})
