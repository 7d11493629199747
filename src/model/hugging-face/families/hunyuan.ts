/** Hunyuan 1, dense and sparse, and 3. */

import { columnLinear, vector } from '../../tensors.ts'
import type { ModelPlan } from '../assemble.ts'
import { attentionBias } from '../attention-options.ts'
import { mixture, namesUnder } from '../blocks/feed-forward.ts'
import { connectionHead, hyperConnections } from '../blocks/hyper-connections.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { readDimensions, readStream } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { CORRECTION, firstDense, latentDecoder } from './deepseek.ts'

export const HUNYUAN_FAMILIES: Families = {
  hunyuan_v1_dense: (config) => {
    config.only('use_cla', false).ignore('cla_share_factor', 'dense_list', 'norm_type')
    return decoder(config, {
      ...attentionBias(config),
      mlpBias: config.flag('mlp_bias', false),
      qkNorm: config.flag('use_qk_norm', true) ? 'head' : null,
      attentionNames: { qNorm: 'self_attn.query_layernorm', kNorm: 'self_attn.key_layernorm' },
    })
  },
  hunyuan_v1_moe: (config) => {
    config.only('use_cla', false).ignore('cla_share_factor', 'dense_list', 'norm_type')
    const dimensions = readDimensions(config)
    const experts = uniform(config, 'num_experts')
    const intermediate = uniform(
      config,
      config.has('moe_intermediate_size') ? 'moe_intermediate_size' : 'intermediate_size',
    )
    config.only('use_mixed_mlp_moe', true)
    config.ignore('intermediate_size', 'moe_layer_num_skipped', 'moe_drop_tokens', 'moe_random_routing_dropped_token')
    const block = mixture({
      hidden: dimensions.hidden,
      experts,
      active: uniform(config, 'moe_topk'),
      intermediate,
      shared: (config.has('num_shared_expert') ? uniform(config, 'num_shared_expert') : 1) * intermediate,
      activation: readActivation(config),
      router: 'mlp.gate.wg',
      sharedNames: namesUnder('mlp.shared_mlp'),
    })
    return decoder(config, {
      dimensions,
      ...attentionBias(config),
      qkNorm: config.flag('use_qk_norm', true) ? 'head' : null,
      attentionNames: { qNorm: 'self_attn.query_layernorm', kNorm: 'self_attn.key_layernorm' },
      feedForwardsOf: () => [block],
    })
  },
  hy_v4: hunyuan4,
  hy_v4_vl_text: hunyuan4,
  hy_v3: (config) => {
    const dimensions = readDimensions(config.withDefaults('transformers for hy_v3', { head_dim: 128 }))
    config.only('mlp_bias', false).ignore('enable_moe_fp32_combine', 'router_scaling_factor')
    return decoder(config, {
      dimensions,
      ...attentionBias(config),
      qkNorm: 'head',
      feedForwardsOf: firstDense(config, dimensions, 'mlp.e_score_correction_bias'),
    })
  },
}

/** A count that some configs repeat for each layer. */
function uniform(config: ConfigReader, key: string): number {
  if (!Array.isArray(config.raw(key))) return config.count(key)
  const values = config.indices(key, LIMITS.width) ?? []
  const [first] = values
  if (first === undefined || values.some((value) => value !== first)) {
    return config.fail(key, 'differs between layers, which is not supported for this family.')
  }
  return first
}

/** Latent attention with an indexer in some layers, a learned sink a head and a gate over the output; streams that do not mix among each other. */
function hunyuan4(config: ConfigReader): ModelPlan {
  const { hidden, layers } = readStream(config)
  const heads = config.count('num_attention_heads', LIMITS.heads)
  const listed = config.list('indexer_types', layers)
  const streams = config.count('hc_mult', 64)
  const inLayer = [
    ...hyperConnections(streams, hidden, false),
    vector('self_attn.sinks', 'attention', heads, heads),
    ...columnLinear('self_attn.gate_proj', 'attention', heads, { out: heads * config.count('v_head_dim'), in: hidden }),
  ]
  config.ignore('hc_eps', 'hc_magnitude', 'learnable_sink_init', 'index_topk_freq', 'index_skip_topk_offset')
  return latentDecoder(config, CORRECTION, {
    indexes: listed === null ? undefined : (layer) => listed[layer] === 'full',
    extraOf: () => inLayer,
    outside: connectionHead(streams, hidden),
  })
}
