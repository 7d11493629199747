/** Decoders with a mixture in every layer, or nearly: gpt-oss, DBRX, Grok-1, Mellum, Kolibri, Flint, Aria; and what other families' mixtures have in common. */
import { attentionBias, windowed } from '../attention-options.ts'
import { type MixtureSpec, mixture } from '../blocks/feed-forward.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { type DecoderOptions, decoder, readActivation } from '../decoder.ts'
import { HIDDEN, readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { allButEvery, readWindows } from '../layer-types.ts'
import { CORRECTION, firstDense } from './deepseek.ts'
import { sparse } from './qwen.ts'

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
  // Windows in most layers, four norms, experts in all layers.
  kolibri1: (config) => {
    const dimensions = readDimensions(config)
    return decoder(config, {
      ...windowed(config, dimensions, allButEvery(5)),
      qkNorm: 'head',
      norms: ['input_layernorm', 'post_self_attn_layernorm', 'post_attention_layernorm', 'post_mlp_layernorm'],
      feedForwardsOf: everywhere(config, {
        intermediate: config.count('moe_intermediate_size'),
        shared: config.optionalCount('shared_expert_intermediate_size', LIMITS.width, 0) ?? 0,
        correction: CORRECTION,
      }),
    })
  },
  // Qwen 3 with a shared expert, windows and a learned sink a head.
  flint: (config) => {
    const dimensions = readDimensions(config)
    const { attentionOf, ...attention } = windowed(config, dimensions, allButEvery(4))
    const shared = config.optionalCount('shared_expert_intermediate_size', LIMITS.width, 0) ?? 0
    return decoder(config, {
      ...attention,
      qkNorm: 'head',
      attentionOf: (layer) => ({ ...attentionOf?.(layer), sinks: true }),
      feedForwardsOf: sparse(config, dimensions, shared > 0 ? { sharedGate: undefined } : {}),
    })
  },
  // Aria's language model; `intermediate_size` is the width of an expert.
  aria_text: (config) => {
    const intermediate = config.count('intermediate_size')
    const experts = config.count('moe_num_experts', LIMITS.experts)
    const block = mixture({
      hidden: config.count(HIDDEN),
      experts,
      active: config.count('moe_topk', experts),
      intermediate,
      shared: config.count('moe_num_shared_experts', LIMITS.experts, 0) * intermediate,
      sharedBias: config.flag('mlp_bias', false),
      activation: readActivation(config),
      router: 'mlp.router',
    })
    return decoder(config, { ...attentionBias(config), feedForwardsOf: () => [block] })
  },
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
    intermediate: differing.intermediate ?? config.count('intermediate_size'),
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
