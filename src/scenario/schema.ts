/**
 * The scenario: the one vocabulary of page, URL, command line and export. Every field has a default, a limit and a plain message.
 * `null` means "what the runtime does", decided in src/memory/runtimes.ts.
 */
import * as v from 'valibot'
import { invisible } from '../units.ts'

export const limits = {
  batch: 65_536,
  sequence: 16_777_216,
  gpus: 65_535,
  memoryMiB: 16_777_216,
} as const

const integer = (min: number, max: number) =>
  v.pipe(
    v.number('must be a number'),
    v.check((n) => Number.isInteger(n), 'must be a whole number'),
    v.check((n) => n >= min, `is less than ${min}, the least allowed`),
    v.check((n) => n <= max, `is more than ${max}, the most allowed`),
  )

const fraction = (min: number, max: number) =>
  v.pipe(
    v.number('must be a number'),
    v.check((n) => n >= min && n <= max, `must be between ${min} and ${max}`),
  )

const oneOf = <const T extends readonly string[]>(options: T) =>
  v.picklist(options, `is not one of ${options.join(', ')}`)

const auto = <S extends v.GenericSchema>(schema: S) => v.optional(v.nullable(schema), null)

const flag = v.boolean('must be true or false')
const text = (max: number) =>
  v.pipe(
    v.string('must be text'),
    v.check((s) => s.length > 0, 'is empty'),
    v.check((s) => s.length <= max, `is longer than ${max} characters`),
    v.check((s) => s.search(invisible) < 0, 'holds an invisible character; type it anew'),
  )

export const tasks = ['inference', 'full', 'lora', 'qlora'] as const

export const runtimes = [
  'guide',
  'transformers',
  'vllm',
  'sglang',
  'tensorrt-llm',
  'llama.cpp',
  'exllama',
  'gpt-fast',
  'awq',
  'peft',
  'unsloth',
  'torchtune',
  'torchtitan',
  'litgpt',
  'ms-swift',
  'fsdp-qlora',
  'deepspeed',
  'megatron',
] as const

/** Runtimes that serve models and train none. */
const servers: readonly string[] = [
  'vllm',
  'sglang',
  'tensorrt-llm',
  'llama.cpp',
  'exllama',
  'gpt-fast',
  'awq',
] satisfies (typeof runtimes)[number][]

/** The runtime of a scenario that names none. */
export const usualRuntime = (task: (typeof tasks)[number] = 'inference') =>
  task === 'inference' ? ('vllm' as const) : ('transformers' as const)

/** Whether a runtime can do a task. */
export const does = (runtime: string, task: (typeof tasks)[number]) =>
  task === 'inference' || !servers.includes(runtime)

export const checkpointing = ['none', 'selective', 'full', 'offloaded'] as const
export const attentionKernels = ['eager', 'sdpa', 'flash'] as const
export const losses = ['eager', 'chunked', 'fused'] as const
export const optimizers = [
  'adamw',
  'adamw-8bit',
  'paged-adamw',
  'paged-adamw-8bit',
  'adamw-4bit',
  'adafactor',
  'lion',
  'lion-8bit',
  'sgd',
  'sgd-momentum',
  'muon',
  'galore',
  'galore-8bit',
  'apollo',
  'apollo-mini',
  'ademamix',
  'ademamix-8bit',
  'none',
] as const
export const offloadable = ['parameters', 'gradients', 'optimizer', 'activations'] as const

const model = v.union(
  [text(200), v.record(v.string(), v.unknown())],
  'must be a model id such as "meta-llama/Meta-Llama-3-8B", or a whole config.json object',
)

const gpu = v.union(
  [
    text(100),
    v.strictObject({
      name: text(100),
      memoryMiB: integer(1, limits.memoryMiB),
      reserveMiB: v.optional(integer(0, limits.memoryMiB), 0),
    }),
  ],
  'must be a GPU id such as "RTX-4090", or { "name", "memoryMiB", "reserveMiB" }',
)

/** Valibot schema of a scenario. Use `parseScenario`, which words its messages. */
export const scenarioSchema = v.strictObject({
  model,
  task: v.optional(oneOf(tasks), 'inference'),
  /** Left out: `usualRuntime` of the task, filled in by `parseScenario`. */
  runtime: v.optional(oneOf(runtimes), 'vllm'),
  /** Version of the runtime, where versions differ, e.g. "4.40" of transformers. */
  runtimeVersion: auto(text(40)),
  precision: v.optional(
    v.strictObject({
      /** A scheme of src/memory/precision; null: the compute type, or the quantisation the checkpoint is published in. */
      weights: auto(text(40)),
      /** null: the compute type. */
      kvCache: auto(text(40)),
      compute: v.optional(oneOf(['fp32', 'tf32', 'fp16', 'bf16']), 'bf16'),
      gradients: auto(oneOf(['fp32', 'fp16', 'bf16'])),
      optimizer: auto(oneOf(['fp32', 'bf16'])),
      /** Elements that share a scale, for schemes that have groups; null: the scheme's usual one. */
      groupSize: auto(integer(16, 4096)),
    }),
    {},
  ),
  batch: v.optional(integer(1, limits.batch), 1),
  sequence: v.optional(integer(1, limits.sequence), 8192),
  hardware: v.optional(
    v.strictObject({
      gpu: v.optional(gpu, 'RTX-4090'),
      count: v.optional(integer(1, limits.gpus), 1),
    }),
    {},
  ),
  /** Degrees; null: derived from the GPU count as the runtime would. Their product is the GPU count. */
  parallelism: v.optional(
    v.strictObject({
      tensor: auto(integer(1, limits.gpus)),
      pipeline: auto(integer(1, limits.gpus)),
      data: auto(integer(1, limits.gpus)),
      expert: auto(integer(1, limits.gpus)),
      context: auto(integer(1, limits.gpus)),
      /** ZeRO stage; FSDP full sharding is 3. */
      zero: auto(integer(0, 3)),
      /** Sharding group of hybrid sharding (HSDP); null: the whole data-parallel group. */
      shard: auto(integer(1, limits.gpus)),
      sequenceParallel: auto(flag),
      /** Micro-batches in flight per step; null: enough to fill the pipeline. */
      microBatches: auto(integer(1, 65_536)),
      interleave: v.optional(integer(1, 64), 1),
    }),
    {},
  ),
  training: v.optional(
    v.strictObject({
      optimizer: v.optional(oneOf(optimizers), 'adamw'),
      masterWeights: auto(flag),
      /** fp32 weights computed under autocast, as opposed to weights stored in the compute type; under FSDP, whether accelerate makes shards fp32. */
      autocast: auto(flag),
      checkpointing: auto(oneOf(checkpointing)),
      /** With checkpointing: layers per checkpoint. */
      checkpointEvery: v.optional(integer(1, 1024), 1),
      attention: auto(oneOf(attentionKernels)),
      gradientAccumulation: v.optional(integer(1, 65_536), 1),
      loss: auto(oneOf(losses)),
      /** Same as loss "fused". */
      fusedLoss: auto(flag),
      /** Temporaries of a foreach optimizer step; a fused one has none. */
      foreach: auto(flag),
      offload: v.optional(v.array(oneOf(offloadable)), []),
      /** Layers, and where the framework does so the loss, under torch.compile: what is cheap to compute is recomputed, not kept. */
      compile: auto(flag),
      /** The optimizer takes each gradient as soon as backward has made it. */
      optimizerInBackward: v.optional(flag, false),
      /** A frozen copy of the model in the compute type beside the one that trains, as DPO and KTO have. */
      reference: v.optional(flag, false),
      /** Dropout on the residual stream and on attention; null: what the model's family is published with. */
      dropout: auto(fraction(0, 1)),
      /** Sequences are packed or padded to one length; batches of varying length leave the allocator's cache in pieces. */
      packing: v.optional(flag, true),
    }),
    {},
  ),
  lora: v.optional(
    v.strictObject({
      rank: v.optional(integer(1, 4096), 8),
      alpha: v.optional(fraction(0, 65_536), 16),
      /** Module names, or ["all-linear"]. */
      targets: v.optional(
        v.pipe(
          v.array(text(100)),
          v.check((t) => t.length > 0, 'is empty: name at least one module, e.g. "q_proj"'),
          v.check((t) => t.length <= 64, 'has more than 64 entries'),
        ),
        ['q_proj', 'v_proj'],
      ),
      dropout: v.optional(fraction(0, 1), 0),
      dora: v.optional(flag, false),
      rslora: v.optional(flag, false),
      /** Modules trained in full beside the adapters, as copies: "embed_tokens", "lm_head". */
      modulesToSave: v.optional(v.array(text(100)), []),
      /** QLoRA: what is not quantised becomes fp32 (peft prepare_model_for_kbit_training); null: what the runtime does. */
      prepared: auto(flag),
      /** Adapter weights' type; null: fp32 over a quantised or autocast base, else the compute type. */
      precision: auto(oneOf(['fp32', 'bf16', 'fp16'])),
    }),
    {},
  ),
  serving: v.optional(
    v.strictObject({
      /** Share of the GPU that a pool-filling runtime takes (vLLM gpu_memory_utilization, SGLang mem_fraction_static, TensorRT-LLM's share of free memory). */
      gpuMemoryUtilization: auto(fraction(0.01, 1)),
      maxBatchedTokens: auto(integer(1, limits.sequence)),
      maxSequences: auto(integer(1, limits.batch)),
      blockSize: auto(integer(1, 4096)),
      cudaGraphs: auto(flag),
      attention: auto(oneOf(attentionKernels)),
      /** Which tokens get logits in prefill. */
      logits: auto(oneOf(['last', 'all'])),
      /** Prompt share of the sequence when it matters (prefill at once); null: the whole sequence. */
      promptTokens: auto(integer(1, limits.sequence)),
      /** Layers kept on the GPU by llama.cpp; null: all. */
      gpuLayers: auto(integer(0, 10_000)),
      /** Sliding-window layers cache their window only, as opposed to every token. */
      slidingCache: auto(flag),
      /**
       * What MLA caches: the latent vector; that, and attention makes keys and values of it (ik_llama.cpp's -mla 2 and 3 with flash attention);
       * that and its transposed values; or keys and values of every head.
       */
      latentCache: auto(oneOf(['latent', 'unpacked', 'transposed', 'expanded'])),
      /** What the process holds outside its tensors, where it was measured: the CUDA context; for a pool-filling runtime what it logs beside that (vLLM's non-torch memory). */
      overheadMiB: auto(fraction(0, limits.memoryMiB)),
    }),
    {},
  ),
  /** The article's own rule (runtime "guide"): what it leaves to the reader. */
  guide: v.optional(
    v.strictObject({
      /** Activations taken as given, in decimal GB, instead of the heuristic factor. */
      activationsGB: auto(fraction(0, 1e6)),
      /** The heuristic factor of the activation formula, 10 … 30. */
      activationFactor: v.optional(integer(1, 1000), 20),
      overheadGB: v.optional(fraction(0, 1000), 1.5),
      /** Memory each further GPU adds to every GPU, in decimal GB. */
      perGpuOverheadGB: v.optional(fraction(0, 1000), 0.5),
      /** Speed of each additional GPU relative to the first. */
      efficiency: v.optional(fraction(0, 1), 0.85),
    }),
    {},
  ),
})

export type Scenario = v.InferOutput<typeof scenarioSchema>
/** What a person may write: everything but `model` may be left out. */
export type ScenarioInput = v.InferInput<typeof scenarioSchema>
