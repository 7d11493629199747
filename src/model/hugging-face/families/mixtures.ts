/**
 * Decoders with a mixture in every layer, or nearly: Mixtral, OLMoE, Granite-MoE, gpt-oss, MiniMax-M2, DBRX, Grok-1,
 * Hunyuan, ERNIE. Where the config's `intermediate_size` is the width of one expert is said per family.
 */
import { type MixtureSpec, mixture, namesUnder } from '../blocks/feed-forward.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { type DecoderOptions, decoder, readActivation } from '../decoder.ts'
import { HIDDEN, readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { readWindows } from '../layer-types.ts'
import { MIXTRAL_EXPERTS } from './phi.ts'
import { POST_NORMS } from './plain.ts'

export const MIXTURE_FAMILIES: Families = {
  mixtral: (config) => {
    const dimensions = readDimensions(config)
    const windowOf = readWindows(config, dimensions.layers, () => true)
    return decoder(config, {
      dimensions,
      attentionOf: (layer) => ({ window: windowOf(layer) }),
      feedForwardsOf: everywhere(config, { router: 'block_sparse_moe.gate', names: MIXTRAL_EXPERTS }),
    })
  },
  olmoe: (config) => {
    const bias = config.flag('attention_bias', false)
    const feedForwardsOf = everywhere(config, {})
    return decoder(config, { qkvBias: bias, outputBias: bias, qkNorm: 'full', feedForwardsOf })
  },
  flex_olmo: (config) => {
    const bias = config.flag('attention_bias', false)
    const feedForwardsOf = everywhere(config, {})
    return decoder(config, { qkvBias: bias, outputBias: bias, qkNorm: 'full', norms: POST_NORMS, feedForwardsOf })
  },
  granitemoe: (config) => {
    const bias = config.flag('attention_bias', false)
    return decoder(config, {
      qkvBias: bias,
      outputBias: bias,
      position: config.word('position_embedding_type') === 'nope' ? 'none' : 'rope',
      tiedByDefault: true,
      feedForwardsOf: everywhere(config, GRANITE_MIXTURE),
    })
  },
  gpt_oss: (config) => {
    config.withDefaults('transformers for gpt_oss', { head_dim: 64 })
    const dimensions = readDimensions(config)
    const windowOf = readWindows(config, dimensions.layers, (layer) => layer % 2 === 0)
    const bias = config.flag('attention_bias', true)
    config.ignore('experts_per_token')
    return decoder(config, {
      dimensions,
      qkvBias: bias,
      outputBias: bias,
      attentionOf: (layer) => ({ window: windowOf(layer), sinks: true }),
      feedForwardsOf: everywhere(config, {
        routerBias: true,
        expertBias: true,
        router: 'mlp.router',
        names: { fused: 'mlp.experts.gate_up_proj' },
      }),
    })
  },
  // The config announces prediction layers that the published files do not hold.
  minimax_m2: (config) => {
    const announced = config.optionalCount('num_mtp_modules', 64, 0) ?? 0
    if (announced > 0) config.assume('The prediction layers that the config announces are not published; left out.')
    config.ignore('use_mtp', 'mtp_transformer_layers', 'mlp_intermediate_size', 'attn_type_list', 'sliding_window')
    config.ignore('qk_norm_type')
    const shared = config.optionalCount('shared_intermediate_size', LIMITS.width, 0) ?? 0
    if (shared > 0) config.fail('shared_intermediate_size', `${shared} is not supported; only 0 is known.`)
    const correction = config.flag('use_routing_bias', true) ? 'block_sparse_moe.e_score_correction_bias' : undefined
    return decoder(config, {
      qkNorm: config.flag('use_qk_norm', true) ? 'full' : null,
      feedForwardsOf: everywhere(config, { router: 'block_sparse_moe.gate', names: MIXTRAL_EXPERTS, correction }),
    })
  },
  dbrx: (config) => {
    const ffn = config.child('ffn_config') ?? config.fail('ffn_config', 'missing; it gives the experts of DBRX.')
    const kvHeads = config.child('attn_config')?.optionalCount('kv_n_heads', LIMITS.heads) ?? 1
    const dimensions = readDimensions(config)
    const experts = ffn.count('moe_num_experts', LIMITS.experts)
    const block = mixture({
      hidden: dimensions.hidden,
      experts,
      active: ffn.count('moe_top_k', experts),
      intermediate: ffn.count('ffn_hidden_size'),
      activation: 'silu',
      router: 'ffn.router.layer',
      names: { gate: 'ffn.experts.mlp.w1', up: 'ffn.experts.mlp.v1', down: 'ffn.experts.mlp.w2' },
    })
    return decoder(config, {
      dimensions: { ...dimensions, kvHeads },
      norm: 'layer-weight',
      norms: ['norm_attn_norm.norm_1', 'norm_attn_norm.norm_2'],
      attentionNames: { fused: 'norm_attn_norm.attn.Wqkv', o: 'norm_attn_norm.attn.out_proj' },
      names: { embedding: 'wte', finalNorm: 'norm_f' },
      feedForwardsOf: () => [block],
    })
  },
  'grok-1': (config) =>
    decoder(config, {
      tiedByDefault: true,
      norms: ['pre_attn_norm', 'post_attn_norm', 'pre_moe_norm', 'post_moe_norm'],
      feedForwardsOf: everywhere(config, { activation: readActivation(config, 'gelu') }),
    }),
  hunyuan_v1_moe: (config) => {
    config.only('use_cla', false).ignore('cla_share_factor', 'dense_list', 'norm_type')
    const dimensions = readDimensions(config)
    const bias = config.flag('attention_bias', false)
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
      qkvBias: bias,
      outputBias: bias,
      qkNorm: config.flag('use_qk_norm', true) ? 'head' : null,
      attentionNames: { qNorm: 'self_attn.query_layernorm', kNorm: 'self_attn.key_layernorm' },
      feedForwardsOf: () => [block],
    })
  },
  ernie4_5_moe: (config) => {
    const dimensions = readDimensions(config)
    const bias = config.flag('use_bias', false)
    const experts = config.count('moe_num_experts', LIMITS.experts)
    const intermediate = config.count('moe_intermediate_size')
    const block = mixture({
      hidden: dimensions.hidden,
      experts,
      active: config.ignore('moe_norm_min').count('moe_k', experts),
      intermediate,
      shared: (config.optionalCount('moe_num_shared_experts', LIMITS.experts, 0) ?? 0) * intermediate,
      activation: readActivation(config),
      correction: 'mlp.moe_statics.e_score_correction_bias',
    })
    const sparse = ernieSparse(config, dimensions.layers)
    return decoder(config, {
      dimensions,
      qkvBias: bias,
      outputBias: bias,
      mlpBias: bias,
      headBias: bias,
      tiedByDefault: true,
      feedForwardsOf: (layer) => (sparse(layer) ? [block] : undefined),
    })
  },
}

export const GRANITE_MIXTURE: Partial<MixtureSpec> = {
  router: 'block_sparse_moe.router.layer',
  names: { fused: 'block_sparse_moe.input_linear', down: 'block_sparse_moe.output_linear' },
}

/** One mixture for all layers, `intermediate_size` being the width of an expert. */
export function everywhere(config: ConfigReader, differing: Partial<MixtureSpec>): DecoderOptions['feedForwardsOf'] {
  const experts = config.count(['num_local_experts', 'num_experts'], LIMITS.experts)
  const block = mixture({
    hidden: config.count(HIDDEN),
    experts,
    active: config.count('num_experts_per_tok', experts),
    intermediate: config.count('intermediate_size'),
    activation: readActivation(config),
    ...differing,
  })
  return () => [block]
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

function ernieSparse(config: ConfigReader, layers: number): (layer: number) => boolean {
  const start = config.optionalCount('moe_layer_start_index', LIMITS.layers, 0) ?? 0
  const end = config.optionalCount('moe_layer_end_index', LIMITS.layers, -1) ?? -1
  const every = config.optionalCount('moe_layer_interval', LIMITS.layers) ?? 1
  const last = end === -1 ? layers - 1 : end
  return (layer) => layer >= start && layer <= last && (layer + 1) % every === 0
}
