/**
 * What a weight precision is: bytes of one kind of tensor, what stays unquantised, what the GPU must support.
 * Constants of a few hundred bytes per tensor (a code table, one scale of a whole tensor) are left out.
 */
import { type Architecture, layersPerKind, type Tensor } from '../../model/architecture.ts'
import { elements } from '../../model/tensors.ts'
import { type Ratio, ratio, safeFor } from './ratio.ts'

export type ComputeType = 'fp32' | 'tf32' | 'fp16' | 'bf16'

export interface TensorPlace {
  architecture: Architecture
  /** Index of the layer, null outside the layers. */
  layer: number | null
}

/** What the GPU must be able to compute with natively. */
export interface Requirements {
  fp8?: boolean
  fp4?: boolean
  bf16?: boolean
  int8?: boolean
}

export interface WeightScheme {
  id: string
  /** What it is called, short. */
  label: string
  /** Stored bytes of one kind of tensor: codes, group scales, zero points and group indices. */
  ofTensor(tensor: Tensor, place: TensorPlace): Ratio
  /** Every layer of a kind stores alike, so that callers need not go layer by layer. */
  uniform: boolean
  /** Bytes per element of the temporary copy that a matmul unpacks a weight into; 0 when kernels read the codes. */
  dequantised: number
  bitsNominal: number
  requires: Requirements
}

/** Where a scheme is used, which decides what its name means. */
export interface SchemeContext {
  architecture: Architecture
  runtime: string
  /** Version of the runtime, e.g. "4.51", or null for a recent one. */
  runtimeVersion?: string | null
  task: string
  compute: ComputeType
  /** Elements that share a scale; null for the scheme's usual. */
  groupSize: number | null
  /**
   * Bytes of what a quantiser leaves alone, when that is not the compute type: 4 once PEFT's
   * `prepare_model_for_kbit_training` has raised embedding, head and norms to fp32.
   */
  keptBytes?: number | null
  /** The weights are those of the checkpoint as published, with what it leaves alone. */
  published?: boolean
}

/** fp16, bf16 and fp32; tf32 is fp32 in memory (it only shortens what the tensor cores read). */
export const plainBytes: Record<ComputeType, number> = { fp32: 4, tf32: 4, fp16: 2, bf16: 2 }

interface Parts {
  id: string
  label: string
  bitsNominal: number
  /** Bytes of a tensor that is quantised. */
  quantised(tensor: Tensor): Ratio
  /** Which tensors are; everything else has the compute type. */
  covers(tensor: Tensor): boolean
  dequantised?: number
  requires?: Requirements
}

/** A scheme that quantises some tensors, every layer alike, and leaves the others at `kept` bytes. */
export function uniformScheme(
  context: SchemeContext,
  parts: Parts,
  kept = context.keptBytes ?? plainBytes[context.compute],
): WeightScheme {
  const covers = (tensor: Tensor) => parts.covers(tensor) && !(context.published && tensor.kept)
  const stored = (tensor: Tensor) => (covers(tensor) ? parts.quantised(tensor) : ratio(kept))
  const sharing = elementsPerRatio(context.architecture, stored)
  return {
    id: parts.id,
    label: parts.label,
    uniform: true,
    bitsNominal: parts.bitsNominal,
    dequantised: parts.dequantised ?? 0,
    requires: parts.requires ?? {},
    ofTensor: (tensor) => {
      const each = stored(tensor)
      return safeFor(sharing.get(keyOf(each)) ?? elements(tensor), each)
    },
  }
}

const keyOf = ({ bytes, per }: Ratio) => `${bytes}/${per}`

/** How many parameters of the model share a ratio: the most that a sum of tensors stored alike can hold. */
function elementsPerRatio(architecture: Architecture, stored: (tensor: Tensor) => Ratio): Map<string, number> {
  const sums = new Map<string, number>()
  const add = (tensors: Tensor[], layers: number) => {
    for (const tensor of tensors) {
      const key = keyOf(stored(tensor))
      sums.set(key, (sums.get(key) ?? 0) + layers * elements(tensor))
    }
  }
  add(architecture.outside, 1)
  const layers = layersPerKind(architecture)
  for (const [index, kind] of architecture.kinds.entries()) add(kind.tensors, layers[index]!)
  return sums
}

/**
 * Linear layers inside the blocks: what bitsandbytes, GPTQ, AWQ and the FP8 recipes convert. Routers, embedding, head,
 * norms, biases and convolutions keep the compute type, and so do DeepSeek's small projections beside the blocks.
 */
export const blockLinears = ({ linear, class: cls, name }: Tensor) =>
  linear && cls !== 'router' && !/(^|\.)(eh_proj|weights_proj)$/.test(name) && !(cls === 'mtp' && routerName.test(name))

/** The router of an MTP layer has that layer's class, so its name decides. */
const routerName = /\.(gate|router|shared_expert_gate)$/

/** torchao converts every `nn.Linear` it finds, the head too. */
export const linearsAndHead = (tensor: Tensor) => blockLinears(tensor) || (tensor.class === 'head' && tensor.in > 1)

export const everything = () => true
