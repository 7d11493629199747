/** Families of late 2025 and 2026 whose layers are recurrent, or convolve, in most of their depth. */
import { columnLinear } from '../../tensors.ts'
import { latentAttention, readLatentSpec } from '../blocks/latent-attention.ts'
import { gatedDeltaNet, shortConvolution } from '../blocks/linear-attention.ts'
import { LIMITS } from '../config-reader.ts'
import { decoder } from '../decoder.ts'
import { readDimensions, readStream } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { allButEvery, readLayerTypes } from '../layer-types.ts'
import { CORRECTION, firstDense } from './deepseek.ts'
import { deltaAttention } from './kimi.ts'

export const NEWEST_HYBRID_FAMILIES: Families = {
  // Ling 3: Kimi delta attention with gates of full rank, and latent attention with a gate a head in every sixth layer.
  bailing_hybrid: (config) => {
    const stream = readStream(config)
    const { hidden, layers } = stream
    const spec = readLatentSpec(config, hidden)
    const group = config.optionalCount('layer_group_size', LIMITS.layers) ?? 6
    const types = readLayerTypes(config, layers, ['full_attention', 'linear_attention'])
    const linear = types ? (layer: number) => types[layer] === 'linear_attention' : allButEvery(group)
    const headDim = config.optionalCount('linear_head_dim') ?? config.count('v_head_dim')
    const delta = deltaAttention({
      hidden,
      heads: config.optionalCount('linear_num_heads', LIMITS.heads) ?? spec.heads,
      headDim,
      kernel: config.optionalCount(['linear_conv_kernel_dim', 'short_conv_kernel_size'], 64) ?? 4,
      fullRank: true,
    })
    const full = latentAttention(spec)
    const gate = columnLinear('self_attn.g_proj', 'attention', spec.heads, { out: spec.heads, in: hidden })
    config.ignore(
      'num_key_value_heads',
      'head_dim',
      'qk_head_dim',
      'kda_safe_gate',
      'kda_lower_bound',
      'num_expert_group',
    )
    config.ignore('moe_renormalize', 'model_max_length')
    const dimensions = { ...stream, heads: spec.heads, kvHeads: spec.heads, headDim: spec.qkNopeHeadDim }
    if ((config.optionalCount(['num_mtp_layers', 'num_nextn_predict_layers'], 64, 0) ?? 0) > 0) {
      config.assume('Its prediction layers are not counted.')
    }
    return decoder(config, {
      dimensions,
      mixersOf: (layer) => [linear(layer) ? delta : full],
      feedForwardsOf: firstDense(config, dimensions, CORRECTION),
      extraOf: (layer) => (linear(layer) ? [] : gate),
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
    const bias = config.flag('attention_bias', false)
    return decoder(config, {
      dimensions,
      qkvBias: bias,
      outputBias: bias,
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
  // Gated DeltaNet with matrices of their own in three of four layers; attention behind, not before, its norms.
  olmo_hybrid: (config) => {
    const dimensions = readDimensions(config)
    const { hidden, heads, layers } = dimensions
    const types = readLayerTypes(config, layers, ['full_attention', 'linear_attention'])
    const linear = types ? (layer: number) => types[layer] === 'linear_attention' : allButEvery(4)
    const keyHeads = config.optionalCount('linear_num_key_heads', LIMITS.heads) ?? heads
    const keyHeadDim = config.optionalCount('linear_key_head_dim') ?? Math.floor((0.75 * hidden) / keyHeads)
    const block = gatedDeltaNet({
      hidden,
      keyHeads,
      valueHeads: config.optionalCount('linear_num_value_heads', LIMITS.heads) ?? heads,
      keyHeadDim,
      valueHeadDim: config.optionalCount('linear_value_head_dim') ?? 2 * keyHeadDim,
      kernel: config.optionalCount('linear_conv_kernel_dim', 64) ?? 4,
      matrices: 6,
    })
    const bias = config.flag('attention_bias', false)
    config.ignore('linear_a_log_min', 'linear_a_log_max', 'linear_dt_min', 'linear_dt_max', 'linear_dt_init_floor')
    config.ignore('linear_allow_neg_eigval', 'linear_use_gate')
    return decoder(config, {
      dimensions,
      qkvBias: bias,
      outputBias: bias,
      qkNorm: 'full',
      normsOf: (layer) =>
        linear(layer)
          ? ['input_layernorm', 'post_attention_layernorm']
          : ['post_attention_layernorm', 'post_feedforward_layernorm'],
      mixersOf: (layer) => (linear(layer) ? [block] : undefined),
    })
  },
}
