/**
 * Training with Hugging Face's stack, on one GPU and sharded over two: peaks that torch's allocator counted on A100s, to the byte
 * (foundation-model-stack/fms-acceleration, scripts/benchmarks/refs; packed sequences of 4096 tokens, full checkpoints, FlashAttention-2).
 */
import { describe, expect, it } from 'vitest'
import { estimate } from '../../../src/memory/estimate.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'

type Changes = Partial<ScenarioInput>

/** Trainer's loop on one GPU, LoRA on attention where a task has adapters. */
const run = (more: Changes): ScenarioInput => ({
  model: 'mistralai/Mistral-7B-v0.1',
  runtime: 'transformers',
  runtimeVersion: '4.45.2',
  sequence: 4096,
  hardware: { gpu: 'A100-SXM-80GB' },
  lora: { rank: 16, dropout: 0.1, targets: ['q_proj', 'k_proj', 'v_proj', 'o_proj'] },
  ...more,
  training: { checkpointing: 'full', attention: 'flash', ...more.training },
})
const two: Changes = { hardware: { gpu: 'A100-SXM-80GB', count: 2 }, parallelism: { zero: 3 } }

const answer = (more: Changes) => estimate(resolve(parseScenario(run(more)), architectureOf))
const error = (more: Changes, measured: number) => Math.abs(answer(more).allocated! / measured - 1)

describe('full training of weights loaded in 16 bits, over two GPUs', () => {
  const llama: Changes = { ...two, model: 'meta-llama/Meta-Llama-3-8B', task: 'full', batch: 4 }

  it('has fp32 shards under mixed precision: 20 bytes a parameter in the step (accelerate pull request 2674)', () => {
    expect(error(llama, 80_320_219_648)).toBeLessThan(0.002)
    expect(answer(llama).notes?.join(' ')).toContain('fp32')
  })

  it('has 16-bit shards without it, and before accelerate 0.30: 10 bytes', () => {
    const mistral: Changes = { ...two, task: 'full', batch: 2, training: { autocast: false } }
    expect(error(mistral, 36_225_955_840)).toBeLessThan(0.002)
    const before = answer({ ...llama, runtimeVersion: '4.40' })
    expect(answer(llama).perGpu.weights).toBe(2 * before.perGpu.weights)
    expect(before.notes?.join(' ') ?? '').not.toContain('shards')
  })

  it('on one GPU keeps the 16 bits it was loaded in', () => {
    expect(error({ ...llama, ...{ hardware: run({}).hardware, parallelism: {} } }, 80_318_097_408)).toBeLessThan(0.002)
  })
})

describe('LoRA over two GPUs, checkpoints around FSDP’s units', () => {
  const lora = (batch: number): Changes => ({
    ...two,
    task: 'lora',
    batch,
    runtimeVersion: '4.48.1',
    training: { autocast: false },
  })

  it('holds the gradients of the checkpoints’ inputs to the end of backward', () => {
    expect(error(lora(2), 15_144_870_400)).toBeLessThan(0.04)
    expect(error(lora(4), 21_959_827_968)).toBeLessThan(0.04)
  })

  it('does not where the checkpoint is inside the unit: GradientCheckpointingLayer of transformers 4.52', () => {
    const at = (runtimeVersion: string) => answer({ ...lora(4), runtimeVersion }).allocated!
    expect(at('4.51')).toBeGreaterThan(at('4.52'))
    expect(at('4.51') - at('4.52')).toBeLessThanOrEqual(31 * 4 * 4096 * 4096 * 2)
  })
})

describe('the loss of transformers 4.46 to 4.48', () => {
  it('copies fp32 logits to shift them while the model holds its own: two bytes a logit more', () => {
    const at = (runtimeVersion: string) =>
      answer({ task: 'lora', batch: 8, runtimeVersion, training: { autocast: false } }).allocated!
    expect(at('4.48.1') - at('4.45.2')).toBe(8 * 4096 * 32_000 * 2)
    expect(at('4.48.1') - at('4.49')).toBe(8 * 4096 * 32_000 * 2)
    // Measured: 38 742 912 512 and 36 643 613 184.
    expect(Math.abs(at('4.48.1') / 38_742_912_512 - 1)).toBeLessThan(0.01)
  })
})

describe('quantised bases', () => {
  const nf4: Changes = { task: 'qlora', precision: { weights: 'nf4-dq' } }

  it('prepared by peft have an MLP in fp32, with its gradients', () => {
    expect(error({ ...nf4, batch: 4 }, 20_556_796_416)).toBeLessThan(0.03)
    expect(error({ ...nf4, batch: 8 }, 36_801_860_096)).toBeLessThan(0.03)
  })

  it('stay 16-bit where they are sharded (trl sft_trainer.py, is_sharded_qlora)', () => {
    expect(error({ ...nf4, ...two, batch: 2 }, 9_525_273_600)).toBeLessThan(0.05)
    expect(error({ ...nf4, ...two, batch: 4 }, 16_171_410_432)).toBeLessThan(0.05)
  })

  it('stay 16-bit as GPTQ checkpoints (peft utils/other.py), on one GPU and sharded', () => {
    const gptq: Changes = { task: 'qlora', precision: { weights: 'gptq-int4', compute: 'fp16', groupSize: 128 } }
    expect(error({ ...gptq, batch: 4 }, 15_353_458_176)).toBeLessThan(0.02)
    expect(error({ ...gptq, batch: 8 }, 26_343_190_016)).toBeLessThan(0.02)
    // With a kernel that keeps nothing unpacked, which is what can be sharded.
    expect(error({ ...gptq, ...two, batch: 4 }, 16_188_941_824)).toBeLessThan(0.04)
    const mixtral = { ...gptq, ...two, model: 'mistralai/Mixtral-8x7B-v0.1', batch: 4 }
    expect(error(mixtral, 28_182_287_872)).toBeLessThan(0.07)
  })

  it('not prepared keep no inputs in spite of checkpoints under the Trainer, whose inputs need gradients', () => {
    const at = (runtimeVersion: string) =>
      answer({ ...nf4, batch: 4, runtimeVersion, lora: { rank: 16, prepared: false } }).allocated!
    expect(at('4.42') / at('4.43')).toBeLessThan(1.1)
  })
})

describe('experts', () => {
  // Qwen3's 30B-A3B as ms-swift trains it with Megatron-LM on 16 GPUs (examples/megatron/moe/qwen3_moe.sh, 16 × 60 GiB).
  const megatron = (expert: number): Changes => ({
    model: 'Qwen/Qwen3-30B-A3B',
    runtime: 'megatron',
    runtimeVersion: null,
    task: 'full',
    hardware: { gpu: 'A800-80GB', count: 16 },
    parallelism: { pipeline: 2, data: 8, expert, zero: 1 },
  })

  it('are shared by the data-parallel degree over the expert-parallel one, so that a shard of states is as large whatever that is', () => {
    const [apart, together] = [answer(megatron(8)).perGpu, answer(megatron(1)).perGpu]
    expect(apart.optimizer / together.optimizer).toBeCloseTo(1, 6)
    expect(apart.masterWeights / together.masterWeights).toBeCloseTo(1, 6)
    // Gradients are not sharded at this stage: those of an eighth of the experts.
    expect(apart.gradients).toBe(2 * apart.weights)
    expect(apart.weights).toBeLessThan(0.2 * together.weights)
  })

  it('take as many bytes sharded over all GPUs, whoever holds which', () => {
    const fsdp = (expert: number): Changes => ({
      ...megatron(expert),
      runtime: 'torchtitan',
      parallelism: { expert, zero: 3 },
    })
    expect(answer(fsdp(8)).perGpu.weights / answer(fsdp(1)).perGpu.weights).toBeCloseTo(1, 6)
  })
})

it('gradients accumulated before they are sharded are of the type they are computed in, though shards are fp32', () => {
  const run: Changes = { ...two, task: 'full', training: { gradientAccumulation: 4 } }
  const { gradients, weights } = answer(run).perGpu
  // Whole 16-bit gradients beside half of fp32 weights.
  expect(gradients).toBe(weights)
})

it('ms-swift shards with DeepSpeed, and computes the loss of a cut sequence in 16 bits', () => {
  // examples/train/long_text/ulysses/sequence_parallel.sh: 4 × 53 GiB; ring_attention/sequence_parallel.sh: 4 × 38 GiB.
  const swift = (model: string): Changes => ({
    model,
    runtime: 'ms-swift',
    runtimeVersion: null,
    task: 'full',
    sequence: 65_536,
    hardware: { gpu: 'A100-SXM-80GB', count: 4 },
    parallelism: { context: 4, zero: 3 },
    training: { gradientAccumulation: 8 },
  })
  const gap = (model: string, measured: number) => Math.abs(answer(swift(model)).reserved! / (measured * 2 ** 30) - 1)
  expect(gap('Qwen/Qwen2.5-7B-Instruct', 53)).toBeLessThan(0.1)
  expect(gap('Qwen/Qwen2.5-3B-Instruct', 38)).toBeLessThan(0.1)
})

describe('what FSDP reserves', () => {
  const reserved = (more: Changes) =>
    answer({ runtime: 'torchtitan', runtimeVersion: '0.2', task: 'full', lora: {}, ...more }).reserved!

  // Weights are fp32, which torchtitan means by default (training.dtype).
  it('are pools of two streams: the largest phase without gradients, and gradients in the one that reduces them', () => {
    // torchtitan pull request 1884: Llama 3 8B of 8192 tokens over two GPUs, sharded over four, full checkpoints, not compiled: 44.84 GiB.
    const llama: Changes = {
      model: 'meta-llama/Meta-Llama-3-8B',
      sequence: 8192,
      hardware: { gpu: 'H100-SXM-80GB', count: 4 },
      parallelism: { context: 2, zero: 3 },
    }
    expect(Math.abs(reserved(llama) / (44.84 * 2 ** 30) - 1)).toBeLessThan(0.03)
    // Pull request 1690: Qwen3 32B, two sequences of 4096, eight GPUs, compiled: 81.85 GiB.
    const qwen: Changes = {
      model: 'Qwen/Qwen3-32B',
      sequence: 4096,
      batch: 2,
      hardware: { gpu: 'H200-141GB', count: 8 },
      parallelism: { zero: 3 },
      training: { checkpointing: 'full', attention: 'flash', compile: true },
    }
    expect(Math.abs(reserved(qwen) / (81.85 * 2 ** 30) - 1)).toBeLessThan(0.05)
  })
})

it('torchtitan’s chunked loss has logits of an eighth of the tokens (components/loss.py)', () => {
  // docs/chunked_loss.md: Qwen3 14B, 327,680 tokens on each of two times four GPUs, full checkpoints: 83.56 GiB active.
  const qwen: Changes = {
    model: 'Qwen/Qwen3-14B',
    runtime: 'torchtitan',
    runtimeVersion: null,
    task: 'full',
    sequence: 327_680,
    lora: {},
    hardware: { gpu: 'H200-141GB', count: 8 },
    parallelism: { tensor: 4, data: 2, zero: 3 },
    training: { loss: 'chunked', compile: true },
  }
  expect(Math.abs(answer(qwen).allocated! / (83.56 * 2 ** 30) - 1)).toBeLessThan(0.06)
  // components/quantization/nvfp4.md: Qwen3 8B, 16 sequences of 2048 on each of four GPUs, compiled: 112.88 GiB reserved.
  const selective: Changes = {
    ...qwen,
    model: 'Qwen/Qwen3-8B',
    batch: 16,
    sequence: 2048,
    hardware: { gpu: 'B200-180GB', count: 4 },
    parallelism: { zero: 3 },
    training: { ...qwen.training, checkpointing: 'selective' },
  }
  expect(Math.abs(answer(selective).reserved! / (112.88 * 2 ** 30) - 1)).toBeLessThan(0.03)
})

/**
 * One process: TRL leaves the base unprepared only where its 4-bit parameters lie on the CPU or are meta, as they do when FSDP or DeepSpeed load
 * them (trl/trainer/sft_trainer.py, is_sharded_qlora); accelerate's FSDP needs several processes (state.py, MULTI_GPU), and torch's FSDP turns to
 * NO_SHARD "since the world size is 1" (fsdp/_init_utils.py). So on one GPU a stage is the plain run.
 */
describe('a ZeRO stage on one GPU', () => {
  const runtimes = ['transformers', 'peft', 'unsloth', 'torchtune', 'torchtitan', 'litgpt', 'megatron'] as const
  const at = (runtime: (typeof runtimes)[number], task: 'full' | 'lora' | 'qlora', zero: number | null) =>
    estimate(
      resolve(
        parseScenario({ model: 'mistralai/Mistral-7B-v0.1', task, runtime, sequence: 2048, parallelism: { zero } }),
        architectureOf,
      ),
    )

  it.each(runtimes)('changes nothing with %s', (runtime) => {
    const tasks =
      runtime === 'torchtitan' || runtime === 'megatron' ? (['full'] as const) : (['full', 'lora', 'qlora'] as const)
    for (const task of tasks) {
      const plain = at(runtime, task, null)
      for (const zero of [1, 2, 3]) expect(at(runtime, task, zero).perGpu, `${task} ${zero}`).toEqual(plain.perGpu)
    }
  })

  it('is said to change nothing', () => {
    expect(at('transformers', 'qlora', 3).notes?.join(' ')).toContain('ZeRO stage 3 changes nothing here')
    expect(at('transformers', 'qlora', null).notes?.join(' ') ?? '').not.toContain('changes nothing')
  })
})
