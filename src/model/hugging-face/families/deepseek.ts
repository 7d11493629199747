/**
 * DeepSeek and those built on it: dense layers first, then mixtures with shared experts; from V2 on latent attention,
 * from V3 on a score correction in the router and a prediction layer, from V3.2 on an indexer. Near them dots.1, Solar Open with experts, MiniCPM 3
 * and Youtu with latent attention.
 */

import { attentionBias } from '../attention-options.ts'
import type { FeedForwardBlock } from '../blocks/block.ts'
import { type MixtureSpec, mixture } from '../blocks/feed-forward.ts'
import { latentAttention, readLatentSpec } from '../blocks/latent-attention.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { type DecoderOptions, decoder, readActivation } from '../decoder.ts'
import { type Dimensions, readDimensions, readStream } from '../dimensions.ts'
import type { Families, Family } from '../family.ts'
import { readLayerTypes, readWindows } from '../layer-types.ts'

export const CORRECTION = 'mlp.gate.e_score_correction_bias'

const deepseekV3: Family = (config) => latentDecoder(config, CORRECTION)

export const DEEPSEEK_FAMILIES: Families = {
  deepseek: (config) => {
    const dimensions = readDimensions(config)
    return decoder(config, {
      dimensions,
      ...attentionBias(config),
      feedForwardsOf: firstDense(config, dimensions, null),
    })
  },
  deepseek_v2: (config) => latentDecoder(config, null),
  deepseek_v3: deepseekV3,
  kimi_k2: deepseekV3,
  deepseek_v32: deepseekV3,
  dots1: (config) => {
    const dimensions = readDimensions(config)
    const firstSliding = config.optionalCount('max_window_layers', LIMITS.layers, 0) ?? dimensions.layers
    const windowOf = readWindows(config, dimensions.layers, (layer) => layer >= firstSliding)
    return decoder(config, {
      dimensions,
      ...attentionBias(config),
      qkNorm: 'head',
      attentionOf: (layer) => ({ window: windowOf(layer) }),
      feedForwardsOf: firstDense(config, dimensions, CORRECTION),
    })
  },
  minicpm3: (config) => {
    const stream = readStream(config)
    config
      .only('mlp_bias', false)
      .ignore('num_key_value_heads', 'head_dim', 'qk_head_dim', 'scale_depth', 'dim_model_base')
    const heads = config.count('num_attention_heads', LIMITS.heads)
    if (!config.has('v_head_dim')) config.withDefaults('minicpm3', { v_head_dim: stream.hidden / heads })
    const block = latentAttention(readLatentSpec(config, stream.hidden))
    const dimensions = { ...stream, heads, kvHeads: heads, headDim: 1 }
    return decoder(config, { dimensions, tiedByDefault: true, mixersOf: () => [block] })
  },
  youtu: (config) => latentDecoder(config, null, { feedForwardsOf: () => undefined, tiedByDefault: true }),
  solar_open: (config) => {
    const dimensions = readDimensions(config.withDefaults('transformers for solar_open', { head_dim: 128 }))
    config.ignore('intermediate_size', 'first_k_dense_replace')
    return decoder(config, {
      dimensions,
      qkvBias: config.flag('attention_bias', false),
      feedForwardsOf: firstDense(config, dimensions, CORRECTION),
    })
  },
}

/** `indexes`: which layers have the indexer that the config describes; all of them if it is left out. */
export function latentDecoder(
  config: ConfigReader,
  correction: string | null,
  { indexes, ...differing }: Partial<DecoderOptions> & { indexes?: (layer: number) => boolean } = {},
) {
  const stream = readStream(config)
  const spec = readLatentSpec(config, stream.hidden)
  config.only('mlp_bias', false).ignore('num_key_value_heads', 'head_dim', 'qk_head_dim', 'index_topk')
  readLayerTypes(config, stream.layers, ['full_attention', 'indexed_attention'])
  const full = latentAttention(spec)
  const plain = latentAttention({ ...spec, indexer: null })
  const dimensions = { ...stream, heads: spec.heads, kvHeads: spec.heads, headDim: spec.qkNopeHeadDim }
  return decoder(config, {
    dimensions,
    mixersOf: (layer) => [indexes === undefined || indexes(layer) ? full : plain],
    feedForwardsOf: differing.feedForwardsOf ?? firstDense(config, dimensions, correction),
    // An indexer is theirs even where the last layer has none (GLM-5.3).
    mtp: (layers) => predictionLayers(config)?.(layers.slice(-1).map((layer) => ({ ...layer, mixers: [full] }))),
    ...differing,
  })
}

/** `first_k_dense_replace` dense layers, then a mixture in every `moe_layer_freq`-th. */
export function firstDense(
  config: ConfigReader,
  dims: Dimensions,
  correction: string | null,
): DecoderOptions['feedForwardsOf'] {
  // Null says there are none; a config that leaves the key out says nothing.
  const none = config.optionalCount(EXPERTS, LIMITS.experts) === null
  if (none && EXPERTS.some((key) => config.mentions(key))) return () => undefined
  const sparse = readSparse(config, dims.layers)
  const block = mixtureWithShared(config, dims.hidden, { correction: correction ?? undefined })
  return (layer) => (sparse(layer) ? [block] : undefined)
}

const EXPERTS = ['n_routed_experts', 'num_experts', 'num_local_experts'] as const

/** A mixture whose shared experts are each as wide as a routed one. */
export function mixtureWithShared(
  config: ConfigReader,
  hidden: number,
  differing: Partial<MixtureSpec>,
): FeedForwardBlock {
  const experts = config.count(EXPERTS, LIMITS.experts)
  const intermediate = config.count('moe_intermediate_size')
  return mixture({
    hidden,
    experts,
    active: config.count(['num_experts_per_tok', 'num_experts_per_token'], experts),
    intermediate,
    shared: (config.optionalCount(['n_shared_experts', 'num_shared_experts'], LIMITS.experts, 0) ?? 0) * intermediate,
    activation: readActivation(config),
    ...differing,
  })
}

export function readSparse(config: ConfigReader, layers: number): (layer: number) => boolean {
  const first = config.optionalCount('first_k_dense_replace', LIMITS.layers, 0) ?? 0
  const every = config.optionalCount('moe_layer_freq', LIMITS.layers) ?? 1
  const types = config.list('mlp_layer_types', layers)
  if (types === null) return (layer) => layer >= first && layer % every === 0
  types.forEach((type, layer) => {
    if (type !== 'dense' && type !== 'sparse') config.fail(`mlp_layer_types[${layer}]`, 'is neither dense nor sparse.')
  })
  return (layer) => types[layer] === 'sparse'
}

/** Prediction layers are like the last layer of the model. */
export function predictionLayers(config: ConfigReader): DecoderOptions['mtp'] {
  const count = config.optionalCount(['num_nextn_predict_layers', 'num_mtp_layers'], 64, 0) ?? 0
  return (layers) => ({ count, layers: layers.slice(-1) })
}
