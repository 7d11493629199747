/** OLMo 1 to 3, dense and sparse, and OLMo Hybrid: from OLMo 2 on norms stand behind attention and MLP, and queries and keys have one each. */
import { attentionBias, windowed } from '../attention-options.ts'
import { gatedDeltaNet } from '../blocks/linear-attention.ts'
import { LIMITS } from '../config-reader.ts'
import { decoder } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { allButEvery, readLayerTypes } from '../layer-types.ts'
import { everywhere } from './mixtures.ts'

const POST_NORMS = ['post_attention_layernorm', 'post_feedforward_layernorm']

export const OLMO_FAMILIES: Families = {
  // Its norms learn nothing.
  olmo: (config) => decoder(config, { ...attentionBias(config), norm: 'none' }),
  olmo2: (config) => decoder(config, { ...attentionBias(config), norms: POST_NORMS, qkNorm: 'full' }),
  olmo3: (config) =>
    decoder(config, {
      ...windowed(config, readDimensions(config), allButEvery(4)),
      norms: POST_NORMS,
      qkNorm: 'full',
    }),
  olmoe: (config) => {
    const feedForwardsOf = everywhere(config, {})
    return decoder(config, { ...attentionBias(config), qkNorm: 'full', feedForwardsOf })
  },
  flex_olmo: (config) => {
    const feedForwardsOf = everywhere(config, {})
    return decoder(config, { ...attentionBias(config), qkNorm: 'full', norms: POST_NORMS, feedForwardsOf })
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
    config.ignore('linear_a_log_min', 'linear_a_log_max', 'linear_dt_min', 'linear_dt_max', 'linear_dt_init_floor')
    config.ignore('linear_allow_neg_eigval', 'linear_use_gate')
    return decoder(config, {
      dimensions,
      ...attentionBias(config),
      qkNorm: 'full',
      normsOf: (layer) => (linear(layer) ? ['input_layernorm', 'post_attention_layernorm'] : POST_NORMS),
      mixersOf: (layer) => (linear(layer) ? [block] : undefined),
    })
  },
}
