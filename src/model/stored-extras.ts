/**
 * What a published checkpoint stores besides, or leaves out of, the parameters of its architecture. A "parameter count"
 * on a model page is usually a count of stored elements, so these explain the difference to the last element.
 */
import { type Architecture, layersPerKind, type Tensor } from './architecture.ts'
import { elements } from './tensors.ts'

export type StoredExtra = keyof typeof EXTRAS

const EXTRAS = {
  /** `lm_head.weight` written although it is the embedding (Falcon 7B, Qwen1.5-0.5B, Qwen3-1.7B, Gemma 4). */
  tied_lm_head_copy: (a: Architecture) => a.vocabSize * a.hiddenSize,
  /** `rotary_emb.inv_freq` of every layer, headDim / 2 values each (Llama 2). */
  inv_freq_buffers: (a: Architecture) => a.order.length * (headDim(a) / 2),
  /** One `inv_freq` for the whole model, over half of each head (ChatGLM). */
  chatglm_inv_freq: (a: Architecture) => headDim(a) / 4,
  /** One scale for each 128 × 128 block of an FP8 matrix. */
  fp8_scales: (a: Architecture) => sumLayers(a, scales),
  mtp_fp8_scales: (a: Architecture) => sum(outside(a, 'mtp'), scales),
  /** The multi-token-prediction layer stores embedding and head once more (DeepSeek-V3, GLM-4.5). */
  mtp_embed_head_copies: (a: Architecture) => 2 * a.vocabSize * a.hiddenSize,
  /** A multi-token-prediction layer that the config does not mention (Qwen3-Next): a full-attention layer, 2h² + 3h. */
  mtp: (a: Architecture) => fullAttentionLayer(a) + 2 * a.hiddenSize ** 2 + 3 * a.hiddenSize,
  /** The score correction of routers is kept in fp32 and was left out of the count. */
  minus_router_bias: (a: Architecture) => -sumLayers(a, (tensor) => (isRouterBias(tensor) ? elements(tensor) : 0)),
  /** Gemma 4's one scalar a layer, left out of the count. */
  minus_layer_scalars: (a: Architecture) => -a.order.length,
  /** Keys and values of layers that read another layer's (Gemma 3n, 4): in the file, in no use. */
  unused_shared_kv: (a: Architecture) => sharedKeyValues(a),
} satisfies Record<string, (architecture: Architecture) => number>

/** Elements that the named extras add to (or, negative, take from) the parameters of an architecture. */
export function extraElements(architecture: Architecture, extras: readonly StoredExtra[]): number {
  return extras.reduce((total, extra) => total + EXTRAS[extra](architecture), 0)
}

const outside = (a: Architecture, cls: Tensor['class']) => a.outside.filter((tensor) => tensor.class === cls)
const sum = (tensors: Tensor[], measure: (tensor: Tensor) => number) =>
  tensors.reduce((total, tensor) => total + measure(tensor), 0)
const isRouterBias = (tensor: Tensor) => tensor.class === 'router' && tensor.in === 1

function sumLayers(a: Architecture, measure: (tensor: Tensor) => number): number {
  const counts = layersPerKind(a)
  return a.kinds.reduce((total, kind, index) => total + (counts[index] ?? 0) * sum(kind.tensors, measure), 0)
}

const BLOCK = 128

function scales(tensor: Tensor): number {
  const quantised = tensor.linear && !/(^|\.)(gate|weights_proj|eh_proj)$/.test(tensor.name)
  return quantised ? tensor.count * Math.ceil(tensor.out / BLOCK) * Math.ceil(tensor.in / BLOCK) : 0
}

function attentions(a: Architecture) {
  return a.kinds.map((kind) => kind.mixers.find((mixer) => mixer.kind === 'attention'))
}

function headDim(a: Architecture): number {
  return attentions(a).find((mixer) => mixer !== undefined)?.headDim ?? 0
}

function fullAttentionLayer(a: Architecture): number {
  const index = attentions(a).findIndex((mixer) => mixer?.window === null)
  return sum(a.kinds[index]?.tensors ?? [], elements)
}

/** Two projections and one key norm for each layer without a cache of its own. */
function sharedKeyValues(a: Architecture): number {
  const counts = layersPerKind(a)
  return attentions(a).reduce((total, mixer, index) => {
    if (mixer === undefined || mixer.ownsCache) return total
    const projection = a.hiddenSize * mixer.kvHeads * mixer.headDim
    return total + (counts[index] ?? 0) * (2 * projection + mixer.headDim)
  }, 0)
}
