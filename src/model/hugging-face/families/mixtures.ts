/** Decoders with a mixture in every layer, or nearly: gpt-oss, DBRX, Grok-1, Mellum; and what other families' mixtures have in common. */
import { attentionBias, windowed } from '../attention-options.ts'
import { type MixtureSpec, mixture } from '../blocks/feed-forward.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { type DecoderOptions, decoder, readActivation } from '../decoder.ts'
import { HIDDEN, readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { readWindows } from '../layer-types.ts'
import { firstDense } from './deepseek.ts'

export const MIXTURE_FAMILIES: Families = {
  gpt_oss: (config) => {
    config.withDefaults('transformers for gpt_oss', { head_dim: 64 })
    const dimensions = readDimensions(config)
    const windowOf = readWindows(config, dimensions.layers, (layer) => layer % 2 === 0)
    config.ignore('experts_per_token')
    return decoder(config, {
      dimensions,
      ...attentionBias(config, true),
      attentionOf: (layer) => ({ window: windowOf(layer), sinks: true }),
      feedForwardsOf: everywhere(config, {
        routerBias: true,
        expertBias: true,
        router: 'mlp.router',
        names: { fused: 'mlp.experts.gate_up_proj' },
      }),
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
  mellum: (config) => {
    const dimensions = readDimensions(config)
    return decoder(config, {
      ...windowed(config, dimensions, () => true),
      qkNorm: 'head',
      feedForwardsOf: firstDense(config.ignore('mtp_layer_types', 'mtp_mlp_layer_types'), dimensions, null),
    })
  },
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

/** Names of Mixtral's experts, shared by those who took over its code. */
export const MIXTRAL_EXPERTS = {
  gate: 'block_sparse_moe.experts.w1',
  up: 'block_sparse_moe.experts.w3',
  down: 'block_sparse_moe.experts.w2',
}
