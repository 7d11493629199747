/**
 * What a language model is, as far as memory is concerned: its layers, and every tensor it stores.
 * Plain data, made by the importers of this folder and read by `src/memory`. No bytes here: bytes need a precision.
 */

/** Softmax attention with separate keys and values: MHA, MQA and GQA, full, sliding or chunked. */
export interface Attention {
  kind: 'attention'
  /** Query heads (`num_attention_heads`). */
  heads: number
  /** Key/value heads (`num_key_value_heads`). */
  kvHeads: number
  /** Elements of one query or key head. */
  headDim: number
  /** Elements of one value head. */
  valueHeadDim: number
  /** Tokens a query can see back (sliding window or chunk), or null for all. */
  window: number | null
  /** True when `window` is a chunk that restarts (Llama 4) rather than a sliding window. */
  chunked: boolean
  /** False when the layer reads another layer's keys and values and caches nothing itself (Gemma 3n/4 tail layers). */
  ownsCache: boolean
  /** One tensor serves as key and value (`attention_k_eq_v`); the cache still holds both. */
  keyIsValue: boolean
  /** Query and key normalisation: per head, over the whole projection, or none. */
  qkNorm: 'head' | 'full' | null
  /** The query projection is doubled by an output gate (Qwen3-Next). */
  outputGate: boolean
  /** Rotary position embedding is applied (kept tensors differ). */
  rope: boolean
  /** Elements of one more key a token, by which an indexer picks what to attend to (MiniMax-M3); absent without one. */
  indexKeyDim?: number
}

/** Multi-head latent attention (DeepSeek-V2, arXiv:2405.04434 §2.1). */
export interface LatentAttention {
  kind: 'mla'
  heads: number
  kvLoraRank: number
  /** Null when queries are projected directly. */
  qLoraRank: number | null
  qkRopeHeadDim: number
  qkNopeHeadDim: number
  valueHeadDim: number
  /** DeepSeek sparse attention's indexer, which caches one more key of `headDim` a token. */
  indexer: { heads: number; headDim: number } | null
}

/** DeepSeek-V4's attention: one key for all heads, which is the value too, kept for a window and, compressed, for every `rate` tokens. */
export interface CompressedAttention {
  kind: 'compressed'
  heads: number
  headDim: number
  window: number
  /** Tokens that one compressed entry stands for, or null where there is the window alone. */
  rate: number | null
  /** The indexer's compressed keys of `headDim` stand beside the entries. */
  indexer: { heads: number; headDim: number } | null
}

/** Mixers with a state of constant size instead of a cache. Sizes in elements per sequence and layer. */
export interface Recurrent {
  kind: 'mamba1' | 'mamba2' | 'gated-delta-net' | 'lightning' | 'short-conv'
  /** Width of the inner stream (d_inner; value width for linear attention; hidden for short convolution). */
  inner: number
  heads: number
  /** Elements of the rolling convolution state: channels × kernel. */
  convState: number
  /** Channels that enter the convolution. */
  convChannels: number
  /** Elements of the recurrent state: heads × head_dim × state_size, … */
  recurrentState: number
  stateSize: number
}

export type Mixer = Attention | LatentAttention | CompressedAttention | Recurrent

export interface DenseFeedForward {
  kind: 'dense'
  intermediate: number
  gated: boolean
  activation: string
}

export interface MixtureOfExperts {
  kind: 'moe'
  experts: number
  /** Routed experts a token visits (`num_experts_per_tok`). */
  active: number
  /** Width of one routed expert. */
  intermediate: number
  /** Width of all shared experts together, 0 for none. */
  shared: number
  gated: boolean
  activation: string
  /** Width the routed experts work in when it is not the hidden size (Nemotron-H latent experts). */
  latent: number | null
}

export type FeedForward = DenseFeedForward | MixtureOfExperts

export type TensorClass =
  | 'embedding'
  | 'head'
  | 'attention'
  | 'mlp'
  | 'expert'
  | 'router'
  | 'norm'
  | 'recurrent'
  | 'vision'
  | 'mtp'

/** One kind of stored tensor. A matrix is `out × in`; a vector has `in` = 1. */
export interface Tensor {
  /** Module path below its layer, as in `transformers`: `self_attn.q_proj`, `mlp.experts.down_proj`; a bias ends in `.bias`. */
  name: string
  class: TensorClass
  /** How many such tensors one layer (or the model, outside layers) holds: the number of experts, else 1. */
  count: number
  out: number
  in: number
  /** Weight of an nn.Linear (or expert) inside a block: what quantisers shrink and adapters target. Embedding and head are not. */
  linear: boolean
  /**
   * Into how many parts tensor parallelism can cut it: query heads for q and o, key/value heads for k and v,
   * the intermediate width for an MLP, the vocabulary for embedding and head; 1 means replicated on every rank.
   */
  parts: number
  /** Axis that tensor parallelism cuts: 'out' column-parallel, 'in' row-parallel, null replicated. */
  cut: 'out' | 'in' | null
  /** In a fused query/key/value projection with grouped heads: the outputs that are keys and values, and the parts those can be cut into. */
  keyValue?: { out: number; parts: number }
  /** The checkpoint is quantised and leaves this tensor in 16 bits. */
  kept?: true
}

/** Layers that are identical to the last parameter. */
export interface LayerKind {
  /** 0 (none, as in NAS-pruned blocks), 1, or 2 in parallel (Falcon-H1). */
  mixers: Mixer[]
  /** 0, 1, or 2 (Gemma 4: dense and experts). */
  feedForwards: FeedForward[]
  /** Norm layers over the hidden stream in one layer. */
  norms: number
  /** Attention and MLP read the same normed input (Falcon, Phi, Cohere, GPT-NeoX). */
  parallel: boolean
  tensors: Tensor[]
}

export interface Architecture {
  /** Hugging Face id, or the name given by whoever brought the config. */
  id: string
  modelType: string
  hiddenSize: number
  vocabSize: number
  maxPositionEmbeddings: number | null
  /** The head reuses the embedding's storage. */
  tiedEmbeddings: boolean
  norm: 'rms' | 'layer'
  position: 'rope' | 'learned' | 'alibi' | 'none'
  /** Storage type the checkpoint is published in. */
  dtype: 'fp32' | 'fp16' | 'bf16' | 'fp8'
  /** Quantisation the checkpoint itself carries, as hugging-face/stored-as.ts reads it: `fp8`, `mxfp4`, `gptq-int8` …; null for none. */
  quantisation: string | null
  /** Distinct kinds of layer, at most 64. */
  kinds: LayerKind[]
  /** For each layer, in order, the index of its kind. */
  order: number[]
  /** Tensors outside the layers: embedding, positions, final norm, head, vision tower, MTP layers. Tied heads are not listed. */
  outside: Tensor[]
  /** What the importer had to assume, in plain words, for the reader of a pasted config. */
  assumptions: string[]
}

/** How many layers have each kind, aligned with `architecture.kinds`. */
export function layersPerKind(architecture: Architecture): number[] {
  const counts = architecture.kinds.map(() => 0)
  for (const kind of architecture.order) counts[kind]!++
  return counts
}
