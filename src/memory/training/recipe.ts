/** A training recipe: what is stored in which type and what each operation keeps, after the framework's habits and the scenario's wishes. */
import type { Resolved } from '../../scenario/resolve.ts'
import { limits, type Scenario } from '../../scenario/schema.ts'
import { trainingDefaults } from './runtimes.ts'

const typeBytes = { fp32: 4, tf32: 4, fp16: 2, bf16: 2 } as const

export interface Recipe {
  /** LoRA and QLoRA: the base is frozen. */
  adapters: boolean
  attention: 'eager' | 'sdpa' | 'flash'
  checkpointing: 'none' | 'selective' | 'full' | 'offloaded'
  /** fp32 weights under torch.autocast. */
  autocast: boolean
  optimizer: Scenario['training']['optimizer']
  offload: Scenario['training']['offload']
  wrapper: 'ddp' | 'deepspeed' | 'fsdp' | 'megatron'
  /** Norms and the stream are cut along the sequence where tensor parallelism is used. */
  sequenceParallel: boolean
  /** Gradients exist before the step's backward pass begins: accumulation, adapters, frameworks with gradient buffers. */
  gradientsPersist: boolean
  /** Bytes per parameter. */
  parameterBytes: number
  gradientBytes: number
  masterBytes: number
  adapterBytes: number
  stateType: 'fp32' | 'bf16' | null
  /** Temporaries of a foreach step: one moment of everything updated. */
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
  /** Kept per attention score by eager attention: the fp32 softmax and its 16-bit copy. */
  scoreBytes: number
  /** Kept per element of the attention output; flash kernels always do. */
  outputBytes: number
  /** Kept per element a token takes to an expert and back. */
  routedBytes: number
  /** Queries come out of rotation head-major, so a flash kernel's output has to be copied for its projection, which keeps the copy. */
  copiesOutput: boolean
  adapterInputBytes: number
  adapterRankBytes: number
  logitBytes: number
  logitTokens: number
  /** Bytes per element of a quantised weight unpacked for one matmul. */
  dequantisedBytes: number
}

/** Tokens whose logits a fused linear cross-entropy holds at once. */
const FUSED_CHUNK = 1024

export function recipeOf({ scenario, architecture }: Resolved): Recipe {
  const { training, precision, task, lora, runtime } = scenario
  const defaults = trainingDefaults(runtime)
  const adapters = task !== 'full'
  const computeBytes = typeBytes[precision.compute]
  const autocast =
    training.autocast ??
    (!adapters && precision.weights !== null && /^(fp32|tf32)$/i.test(precision.weights) && computeBytes < 4)
  const parameterBytes = autocast ? 4 : computeBytes
  const masterWeights = (training.masterWeights ?? defaults.masterWeights) && !adapters && parameterBytes < 4
  const adapterType = lora.precision ?? (defaults.fp32Adapters && computeBytes < 4 ? 'fp32' : precision.compute)
  const adapterBytes = typeBytes[adapterType]
  const gradients = precision.gradients ? typeBytes[precision.gradients] : null
  const usualGradient = adapters ? adapterBytes : defaults.fp32Gradients && masterWeights ? 4 : parameterBytes
  const streamBytes = autocast ? 4 : computeBytes
  const attention = kernelOf(training.attention ?? defaults.attention, architecture, computeBytes)
  const checkpoints = (training.checkpointing ?? defaults.checkpointing) !== 'none'
  const loss = training.fusedLoss ? 'fused' : (training.loss ?? defaults.loss)
  const stateBytes = precision.optimizer
    ? typeBytes[precision.optimizer]
    : masterWeights
      ? 4
      : adapters
        ? adapterBytes
        : parameterBytes
  return {
    adapters,
    attention,
    checkpointing: training.checkpointing ?? defaults.checkpointing,
    autocast,
    optimizer: training.optimizer,
    offload: training.offload,
    wrapper: defaults.wrapper,
    sequenceParallel: runtime === 'megatron' || runtime === 'torchtitan',
    gradientsPersist:
      adapters ||
      training.gradientAccumulation > 1 ||
      defaults.wrapper === 'megatron' ||
      defaults.wrapper === 'deepspeed',
    parameterBytes,
    gradientBytes: gradients ?? usualGradient,
    masterBytes: masterWeights ? 4 : 0,
    adapterBytes,
    stateType: precision.optimizer ?? (masterWeights ? 'fp32' : null),
    stepBytes: foreachStep(training) && (training.foreach ?? defaults.foreach) ? stateBytes : 0,
    computeBytes,
    streamBytes,
    normBytes: normBytes(architecture, { fused: defaults.fusedNorm, adapters, streamBytes, autocast, computeBytes }),
    gatedBytes: gatedBytes(defaults.fusedMlp, adapters) * computeBytes,
    plainBytes: plainBytes(architecture, computeBytes, autocast) + (adapters ? 0 : computeBytes),
    headNormBytes: 4 + (adapters ? 0 : architecture.modelType.startsWith('gemma') ? 4 : computeBytes),
    scoreBytes: scoreBytes(architecture.modelType, computeBytes, autocast),
    outputBytes: attention === 'eager' && adapters ? 0 : computeBytes,
    // Gathered input, output times its weight, and that product for index_add_; autocast gathers fp32 and casts for gate and up.
    routedBytes: adapters ? 2 * computeBytes : autocast ? 3 * computeBytes + 4 : 3 * computeBytes,
    copiesOutput:
      attention !== 'eager' && computeBytes < 4 && !adapters && concatenatesRotary.has(architecture.modelType),
    adapterInputBytes: (autocast ? computeBytes : adapterBytes) + (lora.dropout > 0 ? 1 : 0),
    adapterRankBytes: autocast ? computeBytes : adapterBytes,
    logitBytes: logitBytes(loss, defaults.inPlaceLoss, computeBytes, autocast && checkpoints && !adapters),
    logitTokens: loss === 'fused' ? FUSED_CHUNK : limits.sequence,
    dequantisedBytes: task === 'qlora' ? computeBytes : 0,
  }
}

/** Model types whose rotary code concatenates halves. */
const concatenatesRotary = new Set([
  'phi',
  'phi-msft',
  'phi3',
  'gpt_neox',
  'stablelm',
  'glm',
  'glm4',
  'glm4_moe',
  'nemotron',
])

/** PyTorch's fused kernels take grouped keys in 16 bits only: fp32 with fewer key/value heads falls back to the arithmetic of eager attention. */
function kernelOf(
  wanted: Recipe['attention'],
  architecture: Resolved['architecture'],
  computeBytes: number,
): Recipe['attention'] {
  const grouped = architecture.kinds.some((k) => k.mixers.some((m) => m.kind === 'attention' && m.kvHeads < m.heads))
  return wanted === 'sdpa' && computeBytes === 4 && grouped ? 'eager' : wanted
}

/** The softmax in fp32 and its 16-bit copy; Gemma 2 keeps the soft cap's tanh too; GPT-2 and Falcon compute the softmax in the compute type. */
function scoreBytes(modelType: string, computeBytes: number, autocast: boolean): number {
  if ((modelType === 'gpt2' || modelType === 'falcon') && !autocast) return computeBytes
  return 4 + (computeBytes < 4 ? computeBytes : 0) + (modelType === 'gemma2' ? computeBytes : 0)
}

/** Optimizers of torch.optim have a foreach form; those of bitsandbytes and others update tensor by tensor. */
const foreachStep = ({ optimizer }: Scenario['training']) => optimizer === 'adamw'

/**
 * RMSNorm in Python keeps an fp32 copy of its input and, when its weight trains, the normalised values (Gemma's in fp32, others in the
 * stream's type); LayerNorm keeps its input; fused kernels keep their input.
 */
function normBytes(
  architecture: Resolved['architecture'],
  {
    fused,
    adapters,
    streamBytes,
    autocast,
    computeBytes,
  }: { fused: boolean; adapters: boolean; streamBytes: number; autocast: boolean; computeBytes: number },
): number {
  if (fused) return streamBytes
  if (architecture.norm === 'layer') return autocast ? 4 : computeBytes
  if (adapters) return 4
  return 4 + (architecture.modelType.startsWith('gemma') ? 4 : streamBytes)
}

/** Gate, its activation, up, and the product when down_proj trains; fused kernels recompute activation and product. */
const gatedBytes = (fused: boolean, adapters: boolean) => (fused ? 2 : 3) + (adapters ? 0 : 1)

/** GELU written in Python (gelu_new) keeps its powers, products and tanh; native activations keep their input. */
function plainBytes(architecture: Resolved['architecture'], computeBytes: number, autocast: boolean): number {
  const python = architecture.kinds.some((k) => k.feedForwards.some((f) => /^gelu_(new|fast)$/.test(f.activation)))
  if (!python) return computeBytes
  return autocast ? 3 * 4 + computeBytes : 4 * computeBytes
}

/**
 * Bytes per logit at the worst moment (tests/oracle peak): forward 16-bit logits, fp32 copy and log-softmax; backward log-softmax and two
 * gradients, 12 bytes. With autocast and checkpointing the forward moment is the worse one, because copies of weights are alive then.
 */
function logitBytes(
  loss: 'eager' | 'chunked' | 'fused',
  inPlace: boolean,
  computeBytes: number,
  forwardWins: boolean,
): number {
  if (inPlace) return computeBytes
  if (loss === 'chunked') return 2 * computeBytes + 2
  return forwardWins ? computeBytes + 8 : 12
}
