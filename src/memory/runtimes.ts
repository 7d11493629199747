/**
 * Runtimes as data: each is a documented set of defaults for the mechanisms the formulas switch on. A scenario may override any of them.
 * Values carry their source; what was calibrated on measurements says so in docs/accuracy.md.
 */

import type { Gpu } from '../hardware/gpu.ts'
import type { Scenario } from '../scenario/schema.ts'
import { GiB, MiB } from '../units.ts'

export type RuntimeName = Scenario['runtime']

export interface ServingDefaults {
  /** Takes gpu_memory_utilization × capacity and fills it with cache blocks: the question is what fits in that pool. */
  pool: boolean
  /** Tokens in flight are bounded, so activations do not grow with the batch. */
  batched: boolean
  maxBatchedTokens: (gpu: Gpu) => number
  maxSequences: (gpu: Gpu) => number
  /** Bytes per logit while sampling. */
  samplerBytes: number
  blockSize: number
  /** Tokens kept beyond a sliding window; null when sliding layers are cached at full length. */
  windowExtra: number | null
  /** How several GPUs are used when nothing is said. */
  split: 'tensor' | 'layers'
  attention: 'eager' | 'sdpa' | 'flash'
  logits: 'last' | 'all'
  /** CUDA graphs captured inside the budget. */
  graphBytes: number
  /** What the process holds outside its allocator, the context included unless the pool leaves it out. */
  nonTorchBytes: number | null
}

const isLarge = (gpu: Gpu) => gpu.memoryMiB >= 70 * 1024 && !/A100|A800/.test(gpu.id)

const whole: ServingDefaults = {
  pool: false,
  batched: false,
  maxBatchedTokens: () => 1,
  maxSequences: () => 1,
  samplerBytes: 0,
  blockSize: 1,
  windowExtra: 0,
  split: 'layers',
  attention: 'sdpa',
  logits: 'last',
  graphBytes: 0,
  nonTorchBytes: null,
}

const pooled: ServingDefaults = {
  ...whole,
  pool: true,
  batched: true,
  // vLLM EngineArgs._set_default_max_num_{batched_tokens,seqs}_and_batched_tokens_args: larger on GPUs of 70 GiB and more, A100 excepted.
  maxBatchedTokens: (gpu) => (isLarge(gpu) ? 8192 : 2048),
  maxSequences: (gpu) => (isLarge(gpu) ? 1024 : 256),
  samplerBytes: 38,
  blockSize: 16,
  split: 'tensor',
  attention: 'flash',
  // vLLM logs "non-torch memory" of 0.08–0.35 GiB on one GPU; its budget is a share of the total, so the context is outside.
  nonTorchBytes: 0.15 * GiB,
}

const serving: Partial<Record<RuntimeName, ServingDefaults>> = {
  transformers: whole,
  vllm: pooled,
  sglang: { ...pooled, maxBatchedTokens: () => 8192, samplerBytes: 12, blockSize: 1 },
  'tensorrt-llm': { ...pooled, maxBatchedTokens: () => 8192, samplerBytes: 12, blockSize: 64 },
  'llama.cpp': {
    ...whole,
    batched: true,
    maxBatchedTokens: () => 512,
    maxSequences: () => 512,
    samplerBytes: 4,
    // llama_kv_cache pads cells to 256; sliding layers keep window + n_ubatch.
    blockSize: 256,
    windowExtra: 512,
    attention: 'flash',
    nonTorchBytes: null,
  },
  exllama: whole,
  'gpt-fast': { ...whole, split: 'tensor', logits: 'all' },
  awq: whole,
  litgpt: { ...whole, split: 'tensor', logits: 'all' },
}

/** Defaults of an inference runtime; a training framework that is asked to infer behaves as `transformers`. */
export const servingDefaults = (runtime: RuntimeName): ServingDefaults => serving[runtime] ?? whole

/** CUDA context by generation, lazily loaded modules: 287 MB on V100 (pytorch PR 86509), 426 MiB on RTX 6000 Ada (unsloth-zoo PR 1053). */
export function contextBytes(gpu: Gpu): number {
  if (gpu.vendor === 'Apple') return 0
  const byArch: Record<string, number> = {
    Pascal: 250,
    Volta: 287,
    Turing: 300,
    Ampere: 400,
    Ada: 426,
    Hopper: 520,
    Blackwell: 560,
  }
  const arch = Object.keys(byArch).find((name) => gpu.arch.startsWith(name))
  return (arch ? byArch[arch] : 400) * MiB
}

/** cuBLAS: 8 519 680 B per handle and stream; 32 MiB on Hopper and later (pytorch#120925). */
export const workspaceBytes = (gpu: Gpu): number =>
  gpu.vendor !== 'NVIDIA' ? 0 : /Hopper|Blackwell/.test(gpu.arch) ? 32 * MiB : 8_519_680

/** NCCL on 4×A100: 544 MB with two GPUs, 688 MB with more (nccl#964); vLLM's logs show 0.1 GiB more per process over PCIe. */
export function communicatorBytes(gpu: Gpu, ranks: number): number {
  if (ranks < 2) return 0
  if (gpu.link === null) return 128 * MiB
  return ranks === 2 ? 544_000_000 : 688_000_000
}
