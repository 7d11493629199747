/** Bytes each operation keeps per element for the backward pass, after PyTorch's own saved tensors (tests/oracle). */
import type { Architecture } from '../../model/architecture.ts'
import type { TrainingDefaults } from './runtimes.ts'

/** Types in which a layer computes. */
export interface Types {
  computeBytes: number
  /** The residual stream: fp32 under autocast over fp32 weights and over a base prepared for k-bit training. */
  streamBytes: number
  /** fp32 weights under autocast. */
  autocast: boolean
  /** Under autocast, whatever the weights: norms, softmax and what Python writes with powers run in fp32. */
  underAutocast: boolean
  /** The base is frozen. */
  frozen: boolean
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

/** Queries come out of such a rotation head-major, so a flash kernel's output has to be copied for its projection, which keeps the copy. */
export const rotatesByConcatenation = (architecture: Architecture) => concatenatesRotary.has(architecture.modelType)

/**
 * The softmax in fp32 and its 16-bit copy, which dropout's result replaces, beside its mask; Gemma 2 keeps the soft cap's tanh too; GPT-2, Falcon and
 * fused softmax kernels compute in the compute type. An old softmax keeps its input too.
 */
export function scoreBytes(
  modelType: string,
  { computeBytes: c, underAutocast }: Types,
  { wrapper, keepsSoftmaxInput }: Pick<TrainingDefaults, 'wrapper' | 'keepsSoftmaxInput'>,
  dropout: boolean,
): number {
  const inComputeType = wrapper === 'megatron' || ((modelType === 'gpt2' || modelType === 'falcon') && !underAutocast)
  const input = keepsSoftmaxInput ? (inComputeType ? c : 4) : 0
  if (inComputeType) return input + c + (dropout ? 1 + c : 0)
  return input + 4 + (c < 4 || dropout ? c : 0) + (dropout ? 1 : 0) + (modelType === 'gemma2' ? c : 0)
}

/**
 * RMSNorm in Python keeps an fp32 copy of its input and, when its weight trains, the normalised values (Gemma's in fp32, others in the
 * stream's type), and its squares with an old PyTorch; LayerNorm keeps its input; fused kernels keep their input.
 */
export function normBytes(
  architecture: Architecture,
  { computeBytes, streamBytes, autocast, underAutocast, frozen }: Types,
  fused: boolean,
  keepsSquares: boolean,
): number {
  if (fused) return streamBytes
  if (architecture.norm === 'layer') return underAutocast ? 4 : streamBytes
  const frozenBytes = keepsSquares ? 8 : 4
  if (frozen) return frozenBytes
  return frozenBytes + (architecture.modelType.startsWith('gemma') ? 4 : autocast ? 4 : computeBytes)
}

/** Gate, its activation, up, and the product when down_proj keeps its input; fused kernels recompute the activation. */
export const gatedElements = (fused: boolean, keptInputs: number) => (fused ? 2 : 3) + keptInputs

/** GELU written in Python (gelu_new) keeps its powers, products and tanh; native activations keep their input. */
export function plainBytes(
  architecture: Architecture,
  { computeBytes: c, streamBytes, autocast, underAutocast }: Types,
  pythonActivations: boolean,
): number {
  const python =
    pythonActivations &&
    architecture.kinds.some((k) => k.feedForwards.some((f) => /^gelu_(new|fast)$/.test(f.activation)))
  if (!python) return autocast ? c : Math.max(c, streamBytes)
  return underAutocast ? 3 * 4 + c : 4 * c
}

/** Families with dropout on the residual stream; others drop attention weights only. */
export const dropsStream = (architecture: Architecture) =>
  /^(gpt2|gpt_neo|gpt_neox|gptj|opt|phi|phi-msft|phi3|bloom|falcon|mpt|gpt_bigcode|starcoder2|bert)$/.test(
    architecture.modelType,
  )

/** Families whose published configs have dropout (0.1); all later ones were published without. */
export const publishedDropout = ({ modelType }: Architecture) =>
  /^(gpt2|gptj|opt|gpt_bigcode|bert)$/.test(modelType) ? 0.1 : 0

/** Families whose own code computed the loss in the logits' type, before transformers 4.45 made one loss for all. */
export const leavesLogits = ({ modelType }: Architecture) =>
  /^(qwen|gpt2|gpt_neox|gpt_bigcode|opt|bloom|falcon|mpt)$/.test(modelType)

/** Encoders are trained under a head of a few outputs, not under the vocabulary. */
export const isEncoder = ({ modelType }: Architecture) => modelType === 'bert'
