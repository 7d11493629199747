/** A training recipe: what is stored in which type and what each operation keeps, after the framework's habits and the scenario's wishes. */
import type { Resolved } from '../../scenario/resolve.ts'
import type { Scenario } from '../../scenario/schema.ts'
import { sharingGroup } from '../layout.ts'
import { usualWeights } from '../usual-weights.ts'
import {
  dropsStream,
  gatedElements,
  leavesLogits,
  normBytes,
  plainBytes,
  publishedDropout,
  rotatesByConcatenation,
  scoreBytes,
  type Types,
} from './keeps.ts'
import { type LossBytes, lossBytes } from './loss.ts'
import { type TrainingDefaults, trainingDefaults } from './runtimes.ts'

const typeBytes = { fp32: 4, tf32: 4, fp16: 2, bf16: 2 } as const

/** Which adapters read a tensor that is kept anyway or that another adapter keeps, instead of a copy of their own. */
export type Sharing = 'none' | 'output' | 'all'

export interface Recipe {
  defaults: TrainingDefaults
  /** LoRA and QLoRA: the base is frozen. */
  adapters: boolean
  attention: 'eager' | 'sdpa' | 'flash'
  checkpointing: 'none' | 'selective' | 'full' | 'offloaded'
  /** fp32 weights under torch.autocast. */
  autocast: boolean
  /** Under torch.autocast, whatever the weights. */
  underAutocast: boolean
  /** What a quantised base leaves unquantised is fp32, and so is the residual stream. */
  prepared: boolean
  /** Weights are loaded in 16 bits, and their shards made fp32. */
  upcastsShards: boolean
  /** Inputs of checkpoints and their gradients are held to the end of backward. */
  holdsInputGradients: boolean
  optimizer: Scenario['training']['optimizer']
  offload: Scenario['training']['offload']
  wrapper: TrainingDefaults['wrapper']
  /** Copies of their input that linear layers keep: they are trained, or their kernel keeps it needlessly. */
  keptInputs: number
  /** Those inputs are kept in spite of checkpointing. */
  inputsOutlive: boolean
  /** Gradients exist before the step's backward pass begins: accumulation, frameworks with gradient buffers. */
  gradientsPersist: boolean
  /** Gradients are accumulated before they are sharded (FSDP's no_sync). */
  accumulatesWhole: boolean
  /** Each gradient is applied and freed as soon as it is there. */
  stepsInBackward: boolean
  /** Bytes per parameter. */
  parameterBytes: number
  gradientBytes: number
  masterBytes: number
  adapterBytes: number
  stateType: 'fp32' | 'bf16' | null
  /** Temporaries of a foreach step: lists as large as one moment of everything updated, and bytes of all lists per parameter. */
  stepLists: number
  stepBytes: number
  /** Bytes per element. */
  computeBytes: number
  streamBytes: number
  /** Kept by a norm per element, and per norm and token (its fp32 statistics). */
  normBytes: number
  /** Kept per element of a gated (gate, activation, up, product) or plain (input, output) MLP. */
  gatedBytes: number
  plainBytes: number
  /** Kept by a norm over heads, whose input is never the fp32 stream. */
  headNormBytes: number
  /** Kept per attention score by eager attention. */
  scoreBytes: number
  /** Kept per element of the attention output; flash kernels always do. */
  outputBytes: number
  /** A dropout mask on the stream, per element. */
  maskBytes: number
  /** Kept per element a token takes to an expert and back. */
  routedBytes: number
  copiesOutput: boolean
  adapterSharing: Sharing
  adapterInputBytes: number
  adapterRankBytes: number
  /** DoRA: outputs of module and adapter, per element, and its identity matrices. */
  adapterOutputBytes: number
  identityBytes: number
  loss: LossBytes
  /** Linears gather a cut sequence and keep it whole (DTensor’s ColwiseParallel). */
  gathersInputs: boolean
  /** Compiled layers: what is element-wise is recomputed, unless a matmul reads it. */
  compiled: boolean
}

export function recipeOf({ scenario, architecture }: Resolved): Recipe {
  const { training, precision, task, lora } = scenario
  const defaults = trainingDefaults(scenario)
  const adapters = task !== 'full'
  const computeBytes = typeBytes[precision.compute]
  const sharded = sharesParameters(scenario, defaults)
  const loadedFp32 =
    /^(fp32|tf32)$/i.test(precision.weights ?? usualWeights(scenario, architecture) ?? '') && computeBytes < 4
  const upcastsShards = !loadedFp32 && sharded && upcasts(scenario, defaults)
  const fp32Weights = loadedFp32 || upcastsShards
  // FSDP gathers fp32 shards in 16 bits, so that layers see 16-bit weights (MixedPrecision.param_dtype); else autocast casts them.
  const gathers16 =
    fp32Weights &&
    (sharded || defaults.wrapper === 'fsdp') &&
    (training.autocast === null || (training.autocast && defaults.wrapper === 'ddp'))
  const autocast = fp32Weights && !gathers16 && training.autocast !== false
  const underAutocast = autocast || (training.autocast ?? (adapters && defaults.autocasts && computeBytes < 4))
  const dropout = training.dropout ?? publishedDropout(architecture)
  const prepared = makesBaseFp32(scenario, defaults)
  const parameterBytes = fp32Weights ? 4 : computeBytes
  const adapterBytes = adapterType(scenario, defaults)
  // DeepSpeed casts what it trains to 16 bits, adapters too, and its optimizer holds fp32 copies (runtime/engine.py, zero/stage_1_and_2.py).
  const trainsAdaptersIn16 = adapters && defaults.wrapper === 'deepspeed' && adapterBytes < 4
  const masterWeights =
    (training.masterWeights ?? defaults.masterWeights) && (adapters ? trainsAdaptersIn16 : parameterBytes < 4)
  const compiled = training.compile === true
  const lossKind = training.fusedLoss ? 'fused' : (training.loss ?? defaults.loss)
  // use_liger_kernel brings its RMSNorm and SwiGLU with its loss (transformers integrations/liger.py).
  const liger = lossKind === 'fused' && /transformers|swift/.test(defaults.lossOf)
  const fusedNorm = defaults.fusedNorm || compiled || liger
  const fusedMlp = defaults.fusedMlp || compiled || liger
  const streamBytes = autocast || prepared ? 4 : computeBytes
  const types: Types = { computeBytes, streamBytes, autocast, underAutocast, frozen: adapters }
  const attention = kernelOf(training.attention ?? defaults.attention, architecture, computeBytes)
  const checkpointing = training.checkpointing ?? defaults.checkpointing
  const keptInputs = !adapters ? 1 : task === 'qlora' ? defaults.quantisedInputs : 0
  const adapterSharing = sharingOf({ adapterBytes, computeBytes, prepared, underAutocast, task, dropout: lora.dropout })
  const gradientBytes = precision.gradients
    ? typeBytes[precision.gradients]
    : adapters
      ? adapterBytes
      : defaults.fp32Gradients && masterWeights
        ? 4
        : // Accumulated before they are sharded, in the type they are computed in.
          upcastsShards && training.gradientAccumulation > 1
          ? computeBytes
          : parameterBytes
  const stateBytes = precision.optimizer
    ? typeBytes[precision.optimizer]
    : masterWeights
      ? 4
      : adapters
        ? adapterBytes
        : parameterBytes
  const lossParallel = defaults.lossParallel && (scenario.parallelism.tensor ?? 1) > 1
  const stepsInBackward = training.optimizerInBackward && !adapters
  const grouped = foreachStep(training) && (training.foreach ?? defaults.foreach) && !stepsInBackward
  const stepLists = grouped ? defaults.stepLists : 0
  // DeepSpeed's step flattens a shard's 16-bit gradients and casts them; stage 3 keeps the originals, which the others drop before Adam.
  const flattens = defaults.wrapper === 'deepspeed' && masterWeights && !adapters
  const stepBytes = flattens
    ? Math.max(6, (scenario.parallelism.zero === 3 ? 4 : 2) + stateBytes * stepLists)
    : stateBytes * stepLists
  return {
    defaults,
    adapters,
    attention,
    checkpointing,
    autocast,
    underAutocast,
    prepared,
    upcastsShards,
    holdsInputGradients:
      defaults.holdsInputGradients && sharded && adapters && checkpointing === 'full' && defaults.wrapper === 'ddp',
    optimizer: training.optimizer,
    offload: training.offload,
    wrapper: defaults.wrapper,
    keptInputs,
    // In a loop of one's own no input needs a gradient, unless peft has prepared the base, so checkpoints are of torch's newer kind, whose hooks see
    // saved tensors only; bitsandbytes before 0.43.2 hangs inputs on the node itself (ctx.tensors).
    inputsOutlive:
      task === 'qlora' && lora.prepared === false && training.autocast === false && defaults.quantisedInputs === 1,
    gradientsPersist: !stepsInBackward && (training.gradientAccumulation > 1 || defaults.gradientBuffers),
    accumulatesWhole: defaults.accumulatesWhole && training.gradientAccumulation > 1,
    stepsInBackward,
    parameterBytes,
    gradientBytes,
    masterBytes: masterWeights ? 4 : 0,
    adapterBytes,
    stateType: precision.optimizer ?? (masterWeights ? 'fp32' : null),
    stepLists,
    stepBytes,
    computeBytes,
    streamBytes,
    normBytes: normBytes(architecture, types, fusedNorm, defaults.keepsSquares),
    gatedBytes: gatedElements(fusedMlp, keptInputs) * (prepared ? 4 : computeBytes),
    plainBytes: plainBytes(architecture, types, defaults.pythonActivations) + keptInputs * computeBytes,
    headNormBytes: fusedNorm
      ? computeBytes
      : (defaults.keepsSquares ? 8 : 4) +
        (adapters ? 0 : architecture.modelType.startsWith('gemma') ? 4 : computeBytes),
    scoreBytes: scoreBytes(architecture.modelType, types, defaults, dropout > 0),
    outputBytes: attention === 'eager' && keptInputs === 0 ? 0 : computeBytes,
    maskBytes: dropout > 0 && dropsStream(architecture) ? 1 : 0,
    // Gathered input, output times its weight, and that product for index_add_; autocast gathers fp32 and casts for gate and up.
    routedBytes: adapters ? 2 * computeBytes : autocast ? 3 * computeBytes + 4 : 3 * computeBytes,
    copiesOutput:
      attention !== 'eager' &&
      computeBytes < 4 &&
      keptInputs > 0 &&
      (defaults.copiesOutput || (defaults.wrapper !== 'megatron' && rotatesByConcatenation(architecture))),
    adapterSharing,
    adapterInputBytes: (underAutocast ? computeBytes : adapterBytes) + (lora.dropout > 0 ? 1 : 0),
    adapterRankBytes: underAutocast ? computeBytes : adapterBytes,
    adapterOutputBytes: computeBytes + (underAutocast ? computeBytes : adapterBytes),
    identityBytes: underAutocast ? computeBytes : adapterBytes,
    gathersInputs: lossParallel && !adapters,
    loss: lossBytes(lossKind, defaults, {
      computeBytes,
      forwardWins: autocast && checkpointing !== 'none' && !adapters,
      compiled: compiled && defaults.compilesLoss,
      parallel: lossParallel,
      capped: /^gemma(2|4)/.test(architecture.modelType),
      upcasts: (training.autocast ?? defaults.autocasts) || !leavesLogits(architecture),
      ratio: architecture.vocabSize / architecture.hiddenSize,
    }),
    compiled,
  }
}

/** Moments beside 16-bit arithmetic: of master weights, of fp32 weights under autocast, of shards that were made fp32. */
export function keepsFp32(resolved: Resolved): boolean {
  const { adapters, computeBytes, parameterBytes, stateType } = recipeOf(resolved)
  const stateBytes = stateType ? typeBytes[stateType] : parameterBytes
  return !adapters && computeBytes < 4 && stateBytes === 4
}

/**
 * Whether parameters are shards. One process has nobody to share with: accelerate starts it plain, and FSDP itself falls back to NO_SHARD
 * (torch.distributed.fsdp _init_utils, "since the world size is 1"). DeepSpeed's engine partitions for one as for many.
 */
const sharesParameters = (scenario: Scenario, { wrapper }: TrainingDefaults) =>
  scenario.parallelism.zero === 3 && (sharingGroup(scenario) > 1 || wrapper === 'deepspeed')

/** FSDP under mixed precision, as the Trainer's bf16=True asks for it, trains fp32 shards of weights that were loaded in 16 bits. */
const upcasts = ({ task, training, precision }: Scenario, { upcastsShards, wrapper, autocasts }: TrainingDefaults) =>
  upcastsShards &&
  wrapper === 'ddp' &&
  task === 'full' &&
  typeBytes[precision.compute] < 4 &&
  (training.autocast ?? autocasts)

/**
 * peft's preparation leaves GPTQ's kind of checkpoint as it is (peft/utils/other.py), and who shards a quantised base leaves it out, because a unit's
 * shards have one type (trl/trainer/sft_trainer.py, is_sharded_qlora). DeepSpeed undoes it.
 */
function makesBaseFp32(scenario: Scenario, defaults: TrainingDefaults): boolean {
  const { task, lora, precision } = scenario
  const prepared =
    lora.prepared ??
    (defaults.preparesBase && defaults.wrapper !== 'deepspeed' && !sharesParameters(scenario, defaults))
  return task === 'qlora' && prepared && !/^(gptq|hqq|aqlm|eetq)/i.test(precision.weights ?? '')
}

/** fp32 over a base of 16 bits in peft; else as the base computes. */
function adapterType({ lora, precision, task }: Scenario, { fp32Adapters }: TrainingDefaults): number {
  if (lora.precision) return typeBytes[lora.precision]
  return fp32Adapters || task === 'full' ? Math.max(4, typeBytes[precision.compute]) : typeBytes[precision.compute]
}

/**
 * peft casts an adapter's input to the adapter's type, one copy each. Its 4-bit layer leaves the cast to autocast: of a prepared base's fp32 stream
 * each takes its own copy, but attention's output is 16-bit and kept already; without a cast all that read a tensor share it. Dropout makes copies again.
 */
function sharingOf(s: {
  adapterBytes: number
  computeBytes: number
  prepared: boolean
  underAutocast: boolean
  task: Scenario['task']
  dropout: number
}): Sharing {
  if (s.dropout > 0) return 'none'
  if (s.task === 'qlora' && s.underAutocast) return s.prepared ? 'output' : 'all'
  return s.adapterBytes === s.computeBytes ? 'all' : 'none'
}

/** PyTorch's fused kernels take grouped keys in 16 bits only: fp32 with fewer key/value heads falls back to the arithmetic of eager attention. */
function kernelOf(
  wanted: Recipe['attention'],
  architecture: Resolved['architecture'],
  computeBytes: number,
): Recipe['attention'] {
  const grouped = architecture.kinds.some((k) => k.mixers.some((m) => m.kind === 'attention' && m.kvHeads < m.heads))
  return wanted === 'sdpa' && computeBytes === 4 && grouped ? 'eager' : wanted
}

/** Optimizers of torch.optim have a foreach form; those of bitsandbytes and others update tensor by tensor. */
const foreachStep = ({ optimizer }: Scenario['training']) => optimizer === 'adamw'
