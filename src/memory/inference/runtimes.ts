/**
 * Inference runtimes as data: each is a documented set of defaults for the mechanisms the formulas switch on, by version where versions
 * differ. A scenario may override any of them. What was calibrated on measurements says so in docs/accuracy.md.
 */
import type { Gpu } from '../../hardware/gpu.ts'
import type { Architecture } from '../../model/architecture.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import type { Scenario } from '../../scenario/schema.ts'
import { GiB, MiB } from '../../units.ts'
import { remember } from '../memo.ts'
import { chunkOf, type Degrees, staticShare } from './sglang.ts'
import { before } from './version.ts'

export type RuntimeName = Scenario['runtime']

export interface ServingDefaults {
  /**
   * Who fills the GPU with cache blocks, and what its utilisation is a share of: everything (vLLM), weights and cache (SGLang's
   * mem_fraction_static), or what is free once the engine is loaded (TensorRT-LLM). Null: the cache is as large as asked for.
   */
  pool: 'whole' | 'static' | 'free' | null
  utilization: (gpu: Gpu, degrees: Degrees, tokens: number) => number
  /** Tokens in flight are bounded, so activations do not grow with the batch. */
  batched: boolean
  maxBatchedTokens: (gpu: Gpu) => number
  maxSequences: (gpu: Gpu) => number
  /** Prompts are not split, so a step must hold the longest. */
  wholePrompts: boolean
  /** Bytes per logit while sampling, beside the logits in the compute type. */
  samplerBytes: number
  /** fp32 rows of the vocabulary that a sampling kernel works in, at most. */
  samplerRows: number
  blockSize: number
  /** States of recurrent layers are kept in blocks of the pool. */
  pagedStates: boolean
  /** A sliding window is kept with the tokens of one step beyond it. */
  windowExtra: boolean
  /** Sliding layers cache their window only; 'uniform': only where all layers cache alike. */
  slidingCache: boolean | 'uniform'
  latentCache: 'latent' | 'unpacked' | 'expanded' | 'transposed'
  /** The cache is allocated in full before the first token. */
  staticCache: boolean
  /** How several GPUs are used when nothing is said. */
  split: 'tensor' | 'layers'
  attention: 'eager' | 'sdpa' | 'flash'
  logits: 'last' | 'all'
  /** Hidden-wide tensors beside the MLP's and beside attention's. */
  streams: number
  attentionStreams: number
  /** CUDA graphs of a server that holds so many sequences, of so many layers. */
  graphBytes: (sequences: number, layers: number) => number
  /** Their room is taken off the cache's budget, as opposed to captured on top of it. */
  graphsBudgeted: boolean
  /** The fused experts of a mixture work in one buffer that is held from the profile run on. */
  keepsExperts: boolean
  /** What a pool-filling process holds outside its allocator beside the context. */
  outsideBytes: (gpu: Gpu) => number
  /** Bytes that decoding keeps for each logit of a full batch, from the start. */
  decoderBytes: number
  /** The fewest GPUs for which NCCL reduces in an NVSwitch, where there is one. */
  switchFrom: number
}

const isLarge = (gpu: Gpu) => gpu.memoryMiB >= 70 * 1024 && !/A100|A800/.test(gpu.id)

const whole: ServingDefaults = {
  pool: null,
  utilization: () => 1,
  batched: false,
  maxBatchedTokens: () => 1,
  maxSequences: () => 1,
  wholePrompts: false,
  samplerBytes: 0,
  samplerRows: 0,
  blockSize: 1,
  pagedStates: false,
  windowExtra: false,
  slidingCache: true,
  latentCache: 'expanded',
  staticCache: false,
  split: 'layers',
  attention: 'sdpa',
  logits: 'last',
  // Embedding, layer input, residual and its norm.
  streams: 4,
  attentionStreams: 3,
  graphBytes: () => 0,
  graphsBudgeted: false,
  keepsExperts: false,
  outsideBytes: () => 0,
  decoderBytes: 0,
  switchFrom: Number.POSITIVE_INFINITY,
}

/**
 * Bytes beside the 16-bit logits while torch sorts them for top-k and top-p: 4 B as fp32, 4 + 8 B sorted values and 64-bit indices, 8 B the
 * indices it starts from (segmented_sort_pairs in aten/src/ATen/native/cuda/SortStable.cu), 4 + 8 B in which cub swaps both. 38 B in all fit
 * vLLM's logs (1.26 GiB at 256 rows and 4.76 GiB at 1024 rows of Llama 3's vocabulary).
 */
const SORTING = 36

/** fp32 logits masked in place, their softmax and random numbers to divide it by; or, by FlashInfer, fp32 logits, those masked, and their softmax. */
const MASKING = 12

/** fp32 logits, which everything after works on in place (vllm/v1/worker/gpu/sample/sampler.py, gumbel.py). */
const COPYING = 4

const pooled: ServingDefaults = {
  ...whole,
  pool: 'whole',
  utilization: () => 0.9,
  batched: true,
  // vLLM EngineArgs._set_default_max_num_{batched_tokens,seqs}_and_batched_tokens_args: larger on GPUs of 70 GiB and more, A100 excepted.
  maxBatchedTokens: (gpu) => (isLarge(gpu) ? 8192 : 2048),
  maxSequences: (gpu) => (isLarge(gpu) ? 1024 : 256),
  samplerBytes: MASKING,
  blockSize: 16,
  latentCache: 'latent',
  split: 'tensor',
  attention: 'flash',
  // Layer input, residual and normed state; norms work in place.
  streams: 3,
  // vLLM logs "non-torch memory" of 0.04–0.35 GiB on one GPU.
  outsideBytes: () => 0.15 * GiB,
  switchFrom: 3,
}

/**
 * Sizes that vLLM captures, twice the sequences at most and 512: 1, 2, 4, every 8th to 256, every 16th to 512; each piece by piece, and up to the
 * sequences as a whole (VllmConfig._set_cudagraph_sizes).
 */
function capturedGraphs(sequences: number): number {
  const upTo = (size: number) => 3 + Math.min(size, 256) / 8 + Math.max(0, size - 256) / 16
  return Math.floor(upTo(Math.min(512, 2 * sequences)) + upTo(Math.min(512, sequences)))
}

/**
 * "Estimated CUDA graph memory", one layer of one graph: 0.84 GiB for 102 graphs of Llama 3.1 8B (vLLM 0.19 on H100, llm-d-planner
 * accuracy/accuracy_report.md), 1.55 GiB of Qwen3.8 27B, twice as deep; 0.36 GiB for 16 graphs of a 27B on two GPUs (gpustack/runner#251).
 */
const GRAPH = 0.26 * MiB

/**
 * The same of Model Runner V2, which captures two full graphs and takes every other to cost as much: nothing until 0.26 (vllm#49224), then the
 * least it takes for a graph (vllm#50159: 0.10 GiB for 86 of Qwen2.5 0.5B); 1.44 GiB with 0.22 GiB of activations for 86 of Llama 3.1 8B on 0.31.
 */
function secondRunnersGraphs(scenario: Scenario) {
  if (before(scenario, 0, 26)) return () => 0
  const early = before(scenario, 0, 27)
  return (sequences: number, layers: number) =>
    Math.round((early ? MiB : 0.45 * MiB * layers) * capturedGraphs(sequences))
}

/** Dense models run on Model Runner V2 since 0.25.1 (vllm#49224). */
const onSecondRunner = ({ scenario, architecture: { kinds, outside } }: Resolved) =>
  !before(scenario, 0, 25, 1) &&
  kinds.every(
    ({ mixers, feedForwards }) =>
      mixers.every(({ kind }) => kind === 'attention') && feedForwards.every(({ kind }) => kind === 'dense'),
  ) &&
  outside.every((tensor) => tensor.class !== 'vision')

/** V1 asked for compute capability 8.0 (vllm 0.8.5, EngineArgs._is_v1_supported_oracle) until it had attention for less (0.10.2). */
const isOld = ({ arch }: Gpu) => /^(Pascal|Volta|Turing)/.test(arch)

/**
 * "non_torch_memory" on one GPU: 0.13 GiB on Hopper up to 0.17, 0.25 since (llm-d-planner, accuracy/accuracy_report.md, part 2). In logs of 0.6 to 0.10
 * 0.04–0.10 on others: 0.09 on V100, 0.05 on A10G, 0.06 on RTX 3090, 0.10 on A100, 0.08 on RTX 4090 and L40S.
 */
function outsideTorch(scenario: Scenario): ServingDefaults['outsideBytes'] {
  const since = before(scenario, 0, 18) ? 0 : 0.12
  const logged = !before(scenario, 0, 6)
  return ({ arch }) => ((logged && !/^(Hopper|Blackwell)/.test(arch) ? 0.07 : 0.13) + since) * GiB
}

/** V0 (before 0.8): prompts whole unless told otherwise; interleaved windows cached in full until the hybrid allocator (0.10), which pages recurrent states too. */
function vllm(resolved: Resolved): ServingDefaults {
  const { scenario, gpu } = resolved
  const v0 = before(scenario, 0, 8) || (isOld(gpu) && before(scenario, 0, 10, 2))
  const v2 = onSecondRunner(resolved)
  // The room of CUDA graphs is taken off the budget since 0.21, and the budget is 0.92 to make up for it (vllm#38284).
  const graphsBudgeted = !before(scenario, 0, 21)
  // torch sorted logits until Triton's kernels (0.17, vllm#33538), but for 0.11.0, which left sampling to FlashInfer (vllm#26859).
  const sorts = before(scenario, 0, 17) && (before(scenario, 0, 11) || !before(scenario, 0, 11, 1))
  return {
    ...pooled,
    ...(v0 ? { wholePrompts: true, maxBatchedTokens: () => 2048, maxSequences: () => 256 } : {}),
    // vLLM 0.19 on two H100 logs 2.07–2.09 GiB outside torch (llm-d-planner, accuracy/accuracy_report.md), 0.67 before.
    switchFrom: before(scenario, 0, 18) ? 3 : 2,
    outsideBytes: outsideTorch(scenario),
    utilization: () => (graphsBudgeted ? 0.92 : 0.9),
    graphsBudgeted,
    // 24–28 MiB per captured batch size (vllm#22897): 35 sizes in V0; V1 logs 0.1–0.7 GiB.
    graphBytes: v2
      ? secondRunnersGraphs(scenario)
      : graphsBudgeted
        ? (sequences, layers) => Math.round(GRAPH * layers * capturedGraphs(sequences))
        : () => (v0 ? 35 * 28 * MiB : 0.5 * GiB),
    // Triton's kernels became modular with a shared workspace in 0.14 (vllm#31052).
    keepsExperts: !before(scenario, 0, 14),
    // Gemma 4's layers differ in head size: their pages were made equal, at full length, until 0.21 (vllm#43308).
    samplerBytes: v2 ? COPYING : sorts ? SORTING : MASKING,
    // Triton's kernel keeps one row for each multiprocessor, of which an H100 has 132 (vllm/v1/sample/ops/topk_topp_triton.py).
    samplerRows: v2 || before(scenario, 0, 17) ? 0 : 132,
    latentCache: before(scenario, 0, 7, 1) ? 'expanded' : 'latent',
    pagedStates: !before(scenario, 0, 10),
    slidingCache: before(scenario, 0, 10) ? false : before(scenario, 0, 21) ? 'uniform' : true,
  }
}

/**
 * transformers: tuples of tensors, concatenated anew in every step, until generate() kept Cache objects (4.42); logits of the whole
 * prompt, and again in fp32, until 4.45.
 */
function transformers(scenario: Scenario): ServingDefaults {
  return {
    ...whole,
    // Eager was all there was before 4.36 (4.34 brought flash_attention_2 as an option).
    attention: before(scenario, 4, 36) ? 'eager' : 'sdpa',
    logits: before(scenario, 4, 45) ? 'all' : 'last',
    slidingCache: !before(scenario, 4, 42),
  }
}

/**
 * Engines (until 1.0): "runtime buffers" and "decoder", which hold logits, probabilities and what sorts them for max_batch_size rows. 43.3 and 180.3 MB
 * for 256 rows of 32 000 logits (NVIDIA/TensorRT-LLM, docs/source/reference/memory.md), 2.66 and 5.76 GB for 2048 rows of 151 936 (TensorRT-LLM#1188):
 * 27 B a logit both times.
 */
const tensorRt = (scenario: Scenario): ServingDefaults => ({
  ...pooled,
  pool: 'free',
  maxBatchedTokens: () => 8192,
  maxSequences: () => 256,
  blockSize: 64,
  outsideBytes: () => 0,
  decoderBytes: before(scenario, 1, 0) ? 27 : 0,
})

const others: Partial<Record<RuntimeName, ServingDefaults>> = {
  'gpt-fast': { ...whole, staticCache: true, split: 'tensor', logits: 'all', blockSize: 8, streams: 3 },
  litgpt: { ...whole, staticCache: true, split: 'tensor', logits: 'all', streams: 3 },
  // AutoAWQ's fused attention: scores of the whole prompt, the last token's logits only matter less.
  awq: { ...whole, staticCache: true, attention: 'eager', logits: 'all', streams: 3, attentionStreams: 2 },
}

/** Builds of llama.cpp: MLA since 15 April 2025 (#12801), windows of sliding layers since 20 May (#13194), flash attention since 30 August (#15434). */
const llamaCpp = (scenario: Scenario): ServingDefaults => ({
  ...whole,
  batched: true,
  maxBatchedTokens: () => 512,
  maxSequences: () => 512,
  // llama_kv_cache pads cells to 256; sliding layers keep window + n_ubatch.
  blockSize: 256,
  windowExtra: true,
  slidingCache: !before(scenario, 5434, 0),
  latentCache: before(scenario, 5136, 0) ? 'expanded' : 'latent',
  staticCache: true,
  attention: before(scenario, 6325, 0) ? 'eager' : 'flash',
  streams: 2,
})

const sglang = (scenario: Scenario): ServingDefaults => ({
  ...pooled,
  pool: 'static',
  utilization: staticShare(scenario),
  maxBatchedTokens: chunkOf(scenario),
  blockSize: 1,
})

/** ExLlama 1 multiplied scores out (torch 2.0's attention with a mask); ExLlamaV2 uses flash attention. */
const exllama = (scenario: Scenario): ServingDefaults => ({
  ...whole,
  staticCache: true,
  attention: before(scenario, 2, 0) ? 'eager' : 'flash',
})

const known = remember<Architecture, ServingDefaults>()

/** Defaults of an inference runtime; a training framework that is asked to infer behaves as `transformers`. */
export function servingDefaults(resolved: Resolved): ServingDefaults {
  const { runtime, runtimeVersion } = resolved.scenario
  const key = `${runtime} ${runtimeVersion} ${isOld(resolved.gpu)}`
  return known(resolved.architecture, key, () => defaultsOf(resolved))
}

/** The share of a GPU that a server fills, stated or its default. */
export function utilizationOf(resolved: Resolved, degrees: Degrees): number {
  const { scenario, gpu } = resolved
  const { gpuMemoryUtilization, maxBatchedTokens } = scenario.serving
  const defaults = servingDefaults(resolved)
  return gpuMemoryUtilization ?? defaults.utilization(gpu, degrees, maxBatchedTokens ?? defaults.maxBatchedTokens(gpu))
}

function defaultsOf(resolved: Resolved): ServingDefaults {
  const { scenario } = resolved
  if (scenario.runtime === 'vllm') return vllm(resolved)
  if (scenario.runtime === 'tensorrt-llm') return tensorRt(scenario)
  if (scenario.runtime === 'exllama') return exllama(scenario)
  if (scenario.runtime === 'sglang') return sglang(scenario)
  if (scenario.runtime === 'llama.cpp') return llamaCpp(scenario)
  return others[scenario.runtime] ?? transformers(scenario)
}
