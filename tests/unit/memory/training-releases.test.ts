/** What changed with a release of PyTorch or of a framework, in bytes counted by hand from the tensors named. */
import { describe, expect, it } from 'vitest'
import { evaluate } from '../../../src/formula/evaluate.ts'
import { specialise } from '../../../src/formula/specialise.ts'
import { estimate } from '../../../src/memory/estimate.ts'
import { lowerAll } from '../../../src/memory/lower.ts'
import { keptByAllLayers } from '../../../src/memory/training/kept.ts'
import { trainingPart } from '../../../src/memory/training-part.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'
import { GiB, MiB } from '../../../src/units.ts'

const resolved = (input: ScenarioInput) => resolve(parseScenario(input), architectureOf)

/** Bytes that all layers keep for one sequence. */
function kept(input: ScenarioInput): number {
  const asked = resolved(input)
  const [{ flags, inputs }] = lowerAll(asked).ranks
  return Number(evaluate(specialise(keptByAllLayers, flags), inputs, asked.scenario.batch, asked.scenario.sequence))
}

describe('softmax before PyTorch 1.11 (its issue 64000, pull request 65242)', () => {
  const bert: ScenarioInput = {
    model: 'google-bert/bert-large-uncased',
    task: 'full',
    runtime: 'transformers',
    sequence: 512,
    precision: { weights: 'fp32', compute: 'fp32' },
    hardware: { gpu: 'V100-SXM-16GB' },
    serving: { overheadMiB: 1343 },
    training: { attention: 'eager', checkpointing: 'none', optimizer: 'adamw' },
  }

  it('keeps its input: one fp32 score more per layer, head and pair of tokens', () => {
    const more = kept({ ...bert, runtimeVersion: '4.15' }) - kept({ ...bert, runtimeVersion: '4.17' })
    expect(more).toBe(24 * 16 * 512 * 512 * 4)
  })

  it('makes BERT-large as large as transformers’ guide of 2022 measured it', () => {
    // docs/source/en/perf_train_gpu_one.mdx: nvidia-smi for four sequences of 512 tokens, all of them fp16 under autocast.
    const run: ScenarioInput = {
      ...bert,
      runtimeVersion: '4.15',
      batch: 4,
      precision: { weights: 'fp32', compute: 'fp16' },
      training: { ...bert.training, autocast: true },
    }
    const { total } = estimate(resolved(run)).perGpu
    expect(Math.abs(total / (13_939 * MiB) - 1)).toBeLessThan(0.05)
  })
})

/** AnswerDotAI/fsdp_qlora, nbs/00-profile_lora_qlora.ipynb: a Llama of a billion parameters, in January 2024. */
const llama: ScenarioInput = {
  model: {
    model_type: 'llama',
    hidden_size: 2048,
    intermediate_size: 4096,
    num_attention_heads: 16,
    num_key_value_heads: 16,
    num_hidden_layers: 24,
    vocab_size: 32_000,
    tie_word_embeddings: false,
  },
  task: 'full',
  runtime: 'transformers',
  sequence: 3072,
  precision: { weights: 'bf16', compute: 'bf16' },
  training: { optimizer: 'none', checkpointing: 'none', autocast: false },
}

describe('mean before PyTorch 2.2 (its issue 5741)', () => {
  it('keeps the squares an RMSNorm in Python averages, in fp32 (torch 2.1.2 and 2.2.2 under saved_tensors_hooks)', () => {
    const more = kept({ ...llama, runtimeVersion: '4.37' }) - kept({ ...llama, runtimeVersion: '4.38' })
    expect(more).toBe(24 * 2 * 3072 * 2048 * 4)
  })

  it.each([
    [512, 3.605],
    [3072, 10.093],
  ])('has that notebook’s %i tokens allocate %f GB in forward', (sequence, measured) => {
    const asked = resolved({ ...llama, sequence, runtimeVersion: '4.37' })
    const [{ flags, inputs }] = lowerAll(asked).ranks
    const bytes = Number(evaluate(specialise(trainingPart().details.afterForward!, flags), inputs, 1, sequence))
    expect(Math.abs(bytes / (measured * 1e9) - 1)).toBeLessThan(0.015)
  })
})

describe('bitsandbytes before 0.43.2 (its pull request 1270)', () => {
  it('keeps the inputs of 4-bit layers in spite of checkpoints where peft prepared nothing: that notebook’s 2048 tokens, 2.371 GB', () => {
    const run: ScenarioInput = {
      ...llama,
      task: 'qlora',
      runtimeVersion: '4.37',
      sequence: 2048,
      precision: { weights: 'nf4', compute: 'bf16' },
      training: { ...llama.training, checkpointing: 'full' },
    }
    const asked = resolved({ ...run, lora: { rank: 8, prepared: false } })
    const [{ flags, inputs }] = lowerAll(asked).ranks
    const bytes = Number(evaluate(specialise(trainingPart().details.afterForward!, flags), inputs, 1, 2048))
    expect(Math.abs(bytes / 2.371e9 - 1)).toBeLessThan(0.02)
    // Per layer the inputs of queries, keys and values, of the output projection, of gate and up, and of down.
    const more =
      kept({ ...run, lora: { prepared: false } }) - kept({ ...run, runtimeVersion: '4.43', lora: { prepared: false } })
    expect(more).toBe(24 * 2048 * (3 * 2048 + 4096) * 2)
  })
})

describe('torchtune before 0.3', () => {
  it('holds its shifted fp32 logits through backward: four bytes per logit more', () => {
    const run: ScenarioInput = {
      model: 'meta-llama/Llama-2-7b-hf',
      task: 'full',
      runtime: 'torchtune',
      batch: 4,
      sequence: 2048,
      hardware: { gpu: 'A100-SXM-80GB' },
      training: { optimizer: 'paged-adamw', optimizerInBackward: true },
    }
    const peak = (runtimeVersion: string) => estimate(resolved({ ...run, runtimeVersion })).allocated
    expect(peak('0.1') - peak('0.3')).toBe(4 * 2048 * 32_000 * 4)
  })
})

describe('torchtune 0.5', () => {
  const run: ScenarioInput = {
    model: 'meta-llama/Llama-3.2-3B-Instruct',
    task: 'full',
    runtime: 'torchtune',
    batch: 2,
    sequence: 4096,
    hardware: { gpu: 'A100-SXM-80GB' },
    training: { compile: true, loss: 'chunked' },
  }
  const lora = { rank: 64, targets: ['q_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] }
  const inBackward = { optimizerInBackward: true, offload: ['activations' as const] }

  // README.md, "Optimization flags": peak of active bytes as each is added; a head called once per chunk sums its gradient while logits are there.
  it.each<[string, number, Partial<ScenarioInput>]>([
    ['activation checkpointing', 24.9, {}],
    ['the step in backward and activations offloaded', 21.8, { training: { ...run.training, ...inBackward } }],
    ['LoRA', 8.5, { task: 'lora', lora, training: { ...run.training, offload: ['activations'] } }],
  ])('with %s takes %f GiB', (_, measured, more) => {
    const { allocated } = estimate(resolved({ ...run, ...more }))
    expect(Math.abs(allocated / (measured * GiB) - 1)).toBeLessThan(0.02)
  })
})

describe('Qwen’s own finetune.py of 2023', () => {
  const run: ScenarioInput = {
    model: 'Qwen/Qwen-1_8B',
    task: 'lora',
    runtime: 'transformers',
    sequence: 8192,
    hardware: { gpu: 'A100-SXM-80GB' },
    training: { checkpointing: 'full', attention: 'flash', foreach: true },
    lora: { modulesToSave: ['wte', 'lm_head'] },
  }
  const answer = (more: Partial<ScenarioInput>) => estimate(resolved({ ...run, ...more }))

  it('has a second list of temporaries in torch 2.0’s foreach AdamW: 16-bit for copied modules, fp32 for adapters', () => {
    // torch/optim/adamw.py, _multi_tensor_adamw: denom = _foreach_add(exp_avg_sq_sqrt, eps) in 2.0.1, in place in 2.1.2.
    const [old, since] = ['4.31', '4.34'].map((runtimeVersion) => answer({ runtimeVersion }))
    const copied = 2 * 151_936 * 2048
    expect(old!.phases!.step - since!.phases!.step).toBe(2 * copied + 4 * (old!.trainableParameters - copied))
  })

  it('leaves logits in 16 bits where nothing autocasts: 6 bytes per logit instead of 12', () => {
    // modeling_qwen.py shifts the logits as they are; the loss keeps its log-softmax and, in backward, two gradients.
    const forward = (autocast: boolean) =>
      answer({ runtimeVersion: '4.31', training: { ...run.training, autocast } }).phases!.forward
    expect(forward(true) - forward(false)).toBe(6 * 8192 * 151_936)
  })
})

describe('DoRA in peft 0.18', () => {
  const run = (dora: boolean, batch = 4): ScenarioInput => ({
    model: 'meta-llama/Llama-3.2-3B',
    task: 'lora',
    runtime: 'peft',
    batch,
    sequence: 768,
    hardware: { gpu: 'L40S' },
    training: { checkpointing: 'none' },
    lora: { rank: 32, targets: ['q_proj', 'v_proj'], dora },
  })

  it('keeps both outputs it scales, in 16 bits under autocast (saved_tensors_hooks on a Llama of three layers)', () => {
    expect(kept(run(true)) - kept(run(false))).toBe(28 * 768 * (3072 + 1024) * 2 * 2)
  })

  it('reserves what peft’s comparison on MetaMathQA measured: 2.0 GB more than LoRA of the same modules', () => {
    // method_comparison/MetaMathQA: 22 179 479 552 bytes for rank 32 with DoRA, whose batches stay below the 768 tokens of the cap.
    const { reserved } = estimate(resolved(run(true)))
    expect(Math.abs(reserved! / 22_179_479_552 - 1)).toBeLessThan(0.08)
  })
})

describe('torchtitan in a pipeline', () => {
  it('keeps layers gathered and gradients whole between micro-batches', () => {
    // benchmarks/llama3_h100_202412_torchtitan.md, table 6: 75.3 GiB on the largest of 512 H100; 8 × 8 × 8, Float8, whose buffers are not counted.
    const { perGpu, reserved } = estimate(
      resolved({
        model: 'meta-llama/Llama-3.1-405B',
        task: 'full',
        runtime: 'torchtitan',
        sequence: 32_768,
        hardware: { gpu: 'H100-SXM-96GB', count: 512 },
        parallelism: { zero: 3, data: 8, tensor: 8, pipeline: 8, microBatches: 8 },
        precision: { weights: 'fp32', compute: 'bf16' },
        training: { checkpointing: 'full', compile: true },
      }),
    )
    expect(Math.abs(perGpu.gradients / ((4 * 405.85e9) / 64) - 1)).toBeLessThan(0.05)
    expect(Math.abs(reserved! / (75.3 * GiB) - 1)).toBeLessThan(0.2)
  })
})
