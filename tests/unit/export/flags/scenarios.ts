/**
 * Scenarios of every runtime that has a command, wide rather than deep: each value of each field a command looks at, most of them alone
 * and some together. Impossible ones are left out by whoever runs them.
 */
import { cacheSchemeNames, weightSchemeNames } from '../../../../src/memory/precision/index.ts'
import { checkpointing, losses, offloadable, optimizers, type ScenarioInput } from '../../../../src/scenario/schema.ts'

const dense = 'meta-llama/Meta-Llama-3-8B'
const experts = 'mistralai/Mixtral-8x7B-Instruct-v0.1'
const latent = 'deepseek-ai/DeepSeek-V3'

const config = (name: string) => ({
  _name_or_path: name,
  model_type: 'llama',
  hidden_size: 64,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  intermediate_size: 128,
  vocab_size: 100,
})

const gpus = (count: number) => ({ hardware: { gpu: 'H100-SXM-80GB', count } })
type Part = Omit<ScenarioInput, 'model'>
const served: Part = { batch: 8, sequence: 8192, ...gpus(1) }

const precisions: Part[] = [
  ...weightSchemeNames.map((weights) => ({ precision: { weights } })),
  ...[...cacheSchemeNames, 'K=q8_0,V=q4_0', 'K=fp16,V=q8_0', 'K=q8_0,V=fp16'].map((kvCache) => ({
    precision: { kvCache },
  })),
  ...(['fp32', 'tf32', 'fp16', 'bf16'] as const).map((compute) => ({ precision: { compute } })),
  { precision: { weights: 'fp32', compute: 'bf16' } },
  { precision: { weights: 'bf16', compute: 'fp16' } },
]

const served2: Part[] = [
  ...precisions,
  ...[2, 4, 8, 16].map(gpus),
  { ...gpus(8), parallelism: { tensor: 2, pipeline: 4 } },
  { ...gpus(8), parallelism: { tensor: 2, data: 4 } },
  { ...gpus(8), parallelism: { tensor: 2, pipeline: 2, data: 2 } },
  { ...gpus(8), parallelism: { tensor: 4, context: 2 } },
  { ...gpus(4), parallelism: { pipeline: 4 } },
  { ...gpus(4), parallelism: { data: 4 } },
  { serving: { gpuMemoryUtilization: 0.01 } },
  { serving: { gpuMemoryUtilization: 1 } },
  { serving: { gpuMemoryUtilization: 1 / 3 } },
  { serving: { maxBatchedTokens: 1 } },
  { serving: { maxBatchedTokens: 16384 } },
  { serving: { maxSequences: 64 } },
  ...[1, 8, 16, 32, 64, 100, 128, 256].map((blockSize) => ({ serving: { blockSize } })),
  { serving: { cudaGraphs: false } },
  { serving: { cudaGraphs: true } },
  ...(['eager', 'sdpa', 'flash'] as const).map((attention) => ({ serving: { attention } })),
  { serving: { attention: 'eager' }, precision: { kvCache: 'q8_0' } },
  { serving: { gpuLayers: 0 } },
  { serving: { gpuLayers: 12 } },
  { serving: { slidingCache: false } },
  {
    serving: { maxBatchedTokens: 4096, maxSequences: 32, blockSize: 32, gpuMemoryUtilization: 0.85, cudaGraphs: false },
  },
  { batch: 65536, sequence: 1 },
  { batch: 1, sequence: 16777216 },
]

const mixtures: Part[] = [
  gpus(8),
  { ...gpus(8), parallelism: { tensor: 8, expert: 8 } },
  { ...gpus(8), parallelism: { data: 8, expert: 8 } },
  { ...gpus(8), parallelism: { tensor: 4, data: 2, expert: 8 } },
  { ...gpus(16), parallelism: { tensor: 8, pipeline: 2, expert: 2 } },
]

const inference: ScenarioInput[] = (['vllm', 'sglang', 'tensorrt-llm', 'llama.cpp'] as const).flatMap((runtime) => [
  ...served2.map((part) => ({ ...served, ...part, model: dense, runtime })),
  ...mixtures.flatMap((part) => [experts, latent].map((model) => ({ ...served, ...part, model, runtime }))),
  ...['gemma-3-27b-it', 'gpt-oss-120b', 'Qwen3-30B-A3B'].map((model) => ({ ...served, model, runtime })),
  ...['/models/My Llama; rm -rf ~', 'it\'s $(id) `id` \\ "quoted"', '-rf', 'two\nlines', ''].map((name) => ({
    ...served,
    model: config(name),
    runtime,
  })),
])

const training = { batch: 4, sequence: 4096 }

const trained: Part[] = [
  ...precisions.map((part) => ({ ...part, ...gpus(1) })),
  ...optimizers.map((optimizer) => ({ ...gpus(1), training: { optimizer } })),
  ...checkpointing.map((kind) => ({ ...gpus(8), parallelism: { zero: 3 }, training: { checkpointing: kind } })),
  ...checkpointing.map((kind) => ({ ...gpus(1), training: { checkpointing: kind, checkpointEvery: 2 } })),
  ...losses.map((loss) => ({ ...gpus(1), training: { loss } })),
  ...[0, 1, 2, 3].flatMap((zero) => [1, 8, 64].map((count) => ({ ...gpus(count), parallelism: { zero } }))),
  ...offloadable.flatMap((one) =>
    [2, 3].map((zero) => ({ ...gpus(8), parallelism: { zero }, training: { offload: [one] } })),
  ),
  { ...gpus(8), parallelism: { zero: 3 }, training: { offload: [...offloadable] } },
  { ...gpus(8), parallelism: { zero: 3, shard: 4 } },
  { ...gpus(8), training: { gradientAccumulation: 16 } },
  { ...gpus(8), parallelism: { zero: 3 }, training: { gradientAccumulation: 16 } },
  { ...gpus(8), parallelism: { tensor: 2, data: 4 } },
  { ...gpus(8), parallelism: { tensor: 4, pipeline: 2, zero: 1 } },
  { ...gpus(16), parallelism: { tensor: 2, pipeline: 2, context: 2, zero: 1 } },
  { ...gpus(16), parallelism: { tensor: 2, pipeline: 4, interleave: 2, microBatches: 8 } },
  { ...gpus(8), parallelism: { tensor: 8, sequenceParallel: false } },
  { ...gpus(12), parallelism: { zero: 3 } },
  { ...gpus(1), training: { autocast: true }, precision: { weights: 'fp32', compute: 'bf16' } },
  { ...gpus(1), training: { autocast: true } },
  { ...gpus(1), training: { autocast: false }, precision: { weights: 'fp32', compute: 'bf16' } },
  { ...gpus(8), parallelism: { zero: 3 }, precision: { weights: 'fp32', compute: 'bf16' } },
  { ...gpus(8), parallelism: { zero: 3 }, precision: { compute: 'fp32' } },
  ...(['eager', 'sdpa', 'flash'] as const).map((attention) => ({ ...gpus(1), training: { attention } })),
  { ...gpus(1), training: { compile: true } },
  { ...gpus(1), training: { packing: false } },
  { ...gpus(1), training: { optimizerInBackward: true } },
]

const adapted: Part[] = [
  { ...gpus(1), lora: { targets: ['all-linear'] } },
  { ...gpus(1), lora: { targets: ['q_proj', 'k_proj', 'v_proj', 'o_proj'], rank: 64, alpha: 128, dropout: 0.05 } },
  { ...gpus(1), lora: { dora: true } },
  { ...gpus(1), lora: { rslora: true } },
  { ...gpus(1), lora: { modulesToSave: ['embed_tokens', 'lm_head'] } },
  { ...gpus(1), lora: { alpha: 0.5 } },
  { ...gpus(1), lora: { precision: 'bf16' } },
]

const learnt: ScenarioInput[] = (
  ['transformers', 'peft', 'deepspeed', 'megatron', 'unsloth', 'fsdp-qlora'] as const
).flatMap((runtime) => [
  ...(['full', 'lora', 'qlora'] as const).flatMap((task) => [
    ...trained.map((part) => ({ ...training, ...part, model: dense, runtime, task })),
    ...(task === 'full' ? [] : adapted.map((part) => ({ ...training, ...part, model: dense, runtime, task }))),
  ]),
  { ...training, ...gpus(8), model: experts, runtime, task: 'full', parallelism: { tensor: 2, expert: 8, zero: 1 } },
  { ...training, ...gpus(8), model: experts, runtime, task: 'full', parallelism: { expert: 8, zero: 3 } },
  { ...training, ...gpus(1), model: config("a b'c"), runtime, task: 'full' },
])

export const scenarios: readonly ScenarioInput[] = [...inference, ...learnt]
