/**
 * The decoder most families share: attention and feed-forward in every layer, an embedding, a final norm and a head.
 * A family says only where it differs from Llama.
 */
import type { Architecture, Attention } from '../architecture.ts'
import type { LayerPlan, ModelPlan, NormStyle, OutsideNames } from './assemble.ts'
import { type AttentionNames, type AttentionSpec, attention } from './blocks/attention.ts'
import type { FeedForwardBlock, MixerBlock } from './blocks/block.ts'
import { dense, type MlpNames } from './blocks/feed-forward.ts'
import type { ConfigReader } from './config-reader.ts'
import { type Dimensions, readDimensions } from './dimensions.ts'

export interface DecoderOptions {
  dimensions?: Dimensions
  norm?: NormStyle
  norms?: string[]
  position?: Architecture['position']
  parallel?: boolean
  qkvBias?: boolean
  outputBias?: boolean
  qkNorm?: Attention['qkNorm']
  attentionNames?: Partial<AttentionNames>
  mlpBias?: boolean
  mlpNames?: Partial<MlpNames>
  gated?: boolean
  activation?: string
  intermediate?: number
  /** Whether embedding and head share storage when the config does not say. */
  tiedByDefault?: boolean
  headBias?: boolean
  names?: Partial<OutsideNames>
  outside?: ModelPlan['outside']
  /** Prediction layers, given the layers before them. */
  mtp?: (layers: LayerPlan[]) => ModelPlan['mtp']
  /** What differs in one layer's attention. */
  attentionOf?: (layer: number) => Partial<AttentionSpec>
  /** Replaces the layer's attention. */
  mixersOf?: (layer: number) => MixerBlock[] | undefined
  /** Replaces the layer's dense feed-forward. */
  feedForwardsOf?: (layer: number) => FeedForwardBlock[] | undefined
  normsOf?: (layer: number) => string[]
  extraOf?: (layer: number) => LayerPlan['extra']
}

const PRE_NORMS = ['input_layernorm', 'post_attention_layernorm']

export function decoder(config: ConfigReader, options: DecoderOptions = {}): ModelPlan {
  const dims = options.dimensions ?? readDimensions(config)
  const activation = options.activation ?? readActivation(config)
  const denseBlock = sharedDense(config, options, dims.hidden, activation)
  const attentionOf = sharedAttention(dims, options)
  const layers = Array.from({ length: dims.layers }, (_, layer): LayerPlan => {
    return {
      norms: options.normsOf?.(layer) ?? options.norms ?? PRE_NORMS,
      mixers: options.mixersOf?.(layer) ?? [attentionOf(layer)],
      feedForwards: options.feedForwardsOf?.(layer) ?? [denseBlock()],
      extra: options.extraOf?.(layer),
    }
  })
  return {
    hidden: dims.hidden,
    vocab: dims.vocab,
    maxPositions: dims.maxPositions,
    tied: readTied(config, options.tiedByDefault ?? false),
    norm: options.norm ?? 'rms',
    position: options.position ?? 'rope',
    parallel: options.parallel,
    headBias: options.headBias,
    names: options.names,
    outside: options.outside,
    layers,
    mtp: options.mtp?.(layers),
  }
}

/** One block for all layers whose attention is the same. */
function sharedAttention(dims: Dimensions, options: DecoderOptions): (layer: number) => MixerBlock {
  const { hidden, heads, kvHeads, headDim } = dims
  const { qkvBias, outputBias, qkNorm, attentionNames: names, position = 'rope' } = options
  const base = { hidden, heads, kvHeads, headDim, qkvBias, outputBias, qkNorm, names, rope: position === 'rope' }
  const blocks = new Map<string, MixerBlock>()
  return (layer) => {
    const own = options.attentionOf?.(layer)
    const key = JSON.stringify(own ?? null)
    const block = blocks.get(key) ?? attention({ ...base, ...own })
    blocks.set(key, block)
    return block
  }
}

/** Reads the dense width only when a layer asks for it: pure mixtures may lack it. */
function sharedDense(config: ConfigReader, options: DecoderOptions, hidden: number, activation: string) {
  let block: FeedForwardBlock | null = null
  return () => {
    block ??= dense({
      hidden,
      intermediate: options.intermediate ?? config.count('intermediate_size'),
      gated: options.gated ?? true,
      bias: options.mlpBias,
      activation,
      names: options.mlpNames,
    })
    return block
  }
}

export function readActivation(config: ConfigReader, fallback = 'silu'): string {
  // Gemma 1 gives two of these with different values; the newer key decides there, and what is stored never depends on it.
  const words = ['hidden_activation', 'hidden_act', 'activation_function', 'activation'].map((key) => config.word(key))
  return words.find((word) => word !== null) ?? fallback
}

/** The importer puts the outer config's value here for multimodal models before a family reads it. */
export function readTied(config: ConfigReader, byDefault: boolean): boolean {
  return config.flag('tie_word_embeddings', byDefault)
}
