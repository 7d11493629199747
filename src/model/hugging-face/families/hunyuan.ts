/** Hunyuan 1, dense and sparse, and 3. */
import { attentionBias } from '../attention-options.ts'
import { mixture, namesUnder } from '../blocks/feed-forward.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { firstDense } from './deepseek.ts'

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
