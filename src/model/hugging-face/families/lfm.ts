/** LFM 2 and 3: short convolutions in most layers, attention in the others. */

import { columnLinear } from '../../tensors.ts'
import { attentionBias } from '../attention-options.ts'
import { mixture } from '../blocks/feed-forward.ts'
import { shortConvolution } from '../blocks/linear-attention.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { type DecoderOptions, decoder } from '../decoder.ts'
import { type Dimensions, readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { readLayerTypes } from '../layer-types.ts'

const LFM_MLP = { gate: 'feed_forward.w1', up: 'feed_forward.w3', down: 'feed_forward.w2' }

const LFM_ATTENTION = {
  o: 'self_attn.out_proj',
  qNorm: 'self_attn.q_layernorm',
  kNorm: 'self_attn.k_layernorm',
}

export const LFM_FAMILIES: Families = {
  lfm2: (config) => {
    const dimensions = readDimensions(config)
    return decoder(config, {
      ...shortConvolutions(config, dimensions),
      intermediate: lfmWidth(config),
      mlpNames: LFM_MLP,
    })
  },
  lfm2_moe: (config) => {
    const dimensions = readDimensions(config)
    const firstSparse = config.optionalCount('num_dense_layers', LIMITS.layers, 0) ?? 0
    const experts = config.count('num_experts', LIMITS.experts)
    const sparse = mixture({
      hidden: dimensions.hidden,
      experts,
      active: config.count('num_experts_per_tok', experts),
      intermediate: config.count('moe_intermediate_size'),
      activation: 'silu',
      router: 'feed_forward.gate',
      correction: config.flag('use_expert_bias', true) ? 'feed_forward.expert_bias' : undefined,
      names: { gate: 'feed_forward.experts.w1', up: 'feed_forward.experts.w3', down: 'feed_forward.experts.w2' },
    })
    return decoder(config, {
      ...shortConvolutions(config, dimensions),
      mlpNames: LFM_MLP,
      feedForwardsOf: (layer) => (layer >= firstSparse ? [sparse] : undefined),
    })
  },
  // Convolutions, windows and full attention in turns, each between two norms.
  lfm3: (config) => {
    const dimensions = readDimensions(config)
    const { hidden, heads, layers } = dimensions
    const given = readLayerTypes(config, layers, ['full_attention', 'sliding_attention', 'conv'])
    const usual = (layer: number) =>
      layer % 4 === 2 ? 'full_attention' : layer % 4 === 0 && layer > 0 ? 'sliding_attention' : 'conv'
    const typeOf = (layer: number) => given?.[layer] ?? usual(layer)
    const window = config.optionalCount('sliding_window', LIMITS.positions)
    const block = shortConvolution(hidden, config.count('conv_L_cache', 64), config.flag('conv_bias', false))
    const gate = columnLinear('self_attn.g_proj', 'attention', heads, { out: heads, in: hidden })
    const gated = config.flag('use_attention_gate', true)
    const sandwich = config.flag('use_sandwich_norm', true)
    return decoder(config, {
      dimensions,
      ...attentionBias(config),
      qkNorm: 'head',
      tiedByDefault: true,
      norms: ['operator_norm', 'ffn_norm', ...(sandwich ? ['post_operator_norm', 'post_ffn_norm'] : [])],
      names: { finalNorm: 'embedding_norm' },
      mlpNames: { gate: 'feed_forward.w1', up: 'feed_forward.w3', down: 'feed_forward.w2' },
      attentionOf: (layer) => ({ window: typeOf(layer) === 'sliding_attention' ? window : null }),
      mixersOf: (layer) => (typeOf(layer) === 'conv' ? [block] : undefined),
      extraOf: (layer) => (gated && typeOf(layer) !== 'conv' ? gate : []),
    })
  },
}

/** LFM2: attention with query and key norms where `layer_types` or `full_attn_idxs` say so, convolution elsewhere. */
function shortConvolutions(config: ConfigReader, dimensions: Dimensions): DecoderOptions {
  const types = readLayerTypes(config, dimensions.layers, ['full_attention', 'conv'])
  const attending = new Set(config.indices('full_attn_idxs', LIMITS.layers) ?? [])
  if (types === null && attending.size === 0)
    config.fail('layer_types', 'missing; it says which layers have attention.')
  const attends = (layer: number) => (types === null ? attending.has(layer) : types[layer] === 'full_attention')
  const block = shortConvolution(dimensions.hidden, config.count('conv_L_cache', 64), config.flag('conv_bias', false))
  config.ignore('conv_dim', 'conv_dim_out', 'block_dim', 'block_mlp_init_scale', 'block_norm_eps', 'num_heads')
  config.ignore(
    'block_out_init_scale',
    'block_use_swiglu',
    'block_use_xavier_init',
    'conv_use_xavier_init',
    'use_pos_enc',
  )
  return {
    dimensions,
    qkNorm: 'head',
    tiedByDefault: config.flag('tie_embedding', true),
    activation: 'silu',
    norms: ['operator_norm', 'ffn_norm'],
    names: { finalNorm: 'embedding_norm' },
    attentionNames: LFM_ATTENTION,
    mixersOf: (layer) => (attends(layer) ? undefined : [block]),
  }
}

/** Two thirds of the given width, times a multiplier, rounded up to a multiple: as transformers' Lfm2MLP does. */
function lfmWidth(config: ConfigReader): number {
  const given = config.count(['block_ff_dim', 'intermediate_size'])
  const multiplier = config.has('block_ffn_dim_multiplier') ? config.ratio('block_ffn_dim_multiplier', 64) : 1
  const multiple = config.optionalCount('block_multiple_of') ?? 256
  if (!config.flag('block_auto_adjust_ff_dim', true)) return given
  return Math.ceil(Math.floor(multiplier * Math.floor((2 * given) / 3)) / multiple) * multiple
}
