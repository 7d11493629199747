/** Step 3 (arXiv:2507.19427), 3.5 and 3.7. */
import { columnLinear, replicatedLinear, vector } from '../../tensors.ts'
import { attention } from '../blocks/attention.ts'
import { mixture, namesUnder } from '../blocks/feed-forward.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { readStream } from '../dimensions.ts'
import type { Families, Family } from '../family.ts'
import { CORRECTION } from './deepseek.ts'

/** A gate per head over attention's output, more heads where windows are. */
const step: Family = (config) => {
  const stream = readStream(config)
  const { hidden, layers } = stream
  const heads = config.count('num_attention_heads', LIMITS.heads)
  const kvHeads = config.count(['num_key_value_heads', 'num_attention_groups'], heads)
  const headDim = config.count('head_dim')
  const types = trimmed(config, 'layer_types', layers)
  const window = config.optionalCount('sliding_window', LIMITS.positions)
  const slides = (layer: number) => window !== null && types?.[layer] === 'sliding_attention'
  const other = config.child('attention_other_setting')
  const more =
    config.optionalCount('num_sliding_attention_heads', LIMITS.heads) ??
    other?.optionalCount('num_attention_heads', LIMITS.heads) ??
    heads
  const headsOf = (layer: number) => (slides(layer) ? more : heads)
  for (const count of [heads, more]) {
    if (count % kvHeads !== 0) config.fail('num_attention_groups', `${kvHeads} does not divide ${count} heads.`)
  }
  const sparse = readEnumerated(config, layers)
  const experts = config.count(['n_routed_experts', 'moe_num_experts', 'num_local_experts'], LIMITS.experts)
  const block = mixture({
    hidden,
    experts,
    active: config.count(['num_experts_per_tok', 'moe_top_k'], experts),
    intermediate: config.count('moe_intermediate_size'),
    shared: config.optionalCount(['share_expert_dim', 'share_expert_dims'], LIMITS.width, 0) ?? 0,
    activation: readActivation(config),
    correction: CORRECTION,
  })
  config.only('attention_bias', false).only('mlp_bias', false)
  config.ignore('per_layer_config', 'gating', 'query_pre_attn_scalar', 'swiglu_limits', 'swiglu_limits_shared')
  config.ignore(
    'use_head_wise_attn_gate',
    'use_moe_router_bias',
    'moe_router_activation',
    'yarn_only_types',
    'need_fp32_gate',
  )
  config.ignore(
    'partial_rotary_factors',
    'use_rope_layers',
    'use_moe',
    'mtp_layer_types',
    'mtp_mlp_layer_types',
    'use_qk_norm',
  )
  config.ignore('att_impl_type', 'norm_expert_weight', 'sink', 'zero_centered', 'max_seq_len')
  if ((config.optionalCount('num_nextn_predict_layers', 64, 0) ?? 0) > 0) {
    config.assume('Its prediction layers are not counted.')
  }
  return decoder(config, {
    dimensions: { ...stream, heads, kvHeads, headDim },
    qkNorm: 'head',
    attentionOf: (layer) => ({ heads: headsOf(layer), window: slides(layer) ? window : null }),
    feedForwardsOf: (layer) => (sparse(layer) ? [block] : undefined),
    extraOf: (layer) =>
      columnLinear('self_attn.g_proj', 'attention', headsOf(layer), { out: headsOf(layer), in: hidden }),
  })
}

/**
 * Step 3: multi-matrix factorisation attention. All heads share one key and value, and make their queries of one normalised vector, which each GPU
 * holds whole (vllm/model_executor/models/step3_text.py).
 */
const step3: Family = (config) => {
  const stream = readStream(config)
  const { hidden, layers } = stream
  const heads = config.count('num_attention_heads', LIMITS.heads)
  const kvHeads = config.count('num_attention_groups', heads)
  const headDim = config.count('head_dim')
  const shared = config.count('share_q_dim')
  const block = attention({ hidden, heads, kvHeads, headDim })
  const queries = [
    ...replicatedLinear('self_attn.q_proj', 'attention', { out: shared, in: hidden }),
    vector('self_attn.inter_norm', 'norm', shared),
    ...columnLinear('self_attn.wq', 'attention', heads, { out: heads * headDim, in: shared }),
  ]
  const tensors = block.tensors.flatMap((tensor) => (tensor.name === 'self_attn.q_proj' ? queries : [tensor]))
  const sparse = readEnumerated(config, layers)
  const experts = config.count('moe_num_experts', LIMITS.experts)
  const mixed = mixture({
    hidden,
    experts,
    active: config.count('moe_top_k', experts),
    intermediate: config.count('moe_intermediate_size'),
    shared: config.count('share_expert_dim'),
    activation: readActivation(config),
    router: 'moe.gate',
    names: namesUnder('moe.experts'),
    sharedNames: namesUnder('share_expert'),
  })
  config.ignore('norm_expert_weight', 'max_position_embedding')
  return decoder(config, {
    dimensions: { ...stream, heads, kvHeads, headDim },
    mixersOf: () => [{ ...block, tensors }],
    feedForwardsOf: (layer) => (sparse(layer) ? [mixed] : undefined),
  })
}

export const STEP_FAMILIES: Families = { step3p5: step, step3_text: step3 }

/** Lists of layers that published configs of Step pad by their prediction layers. */
function trimmed(config: ConfigReader, key: string, layers: number): unknown[] | null {
  const list = config.list(key, null)
  if (list !== null && list.length < layers) config.fail(key, `has ${list.length} entries for ${layers} layers.`)
  return list
}

/** `mlp_layer_types`, or layers with experts by number: "3,4,5", as text or list. */
function readEnumerated(config: ConfigReader, layers: number): (layer: number) => boolean {
  const types = trimmed(config, 'mlp_layer_types', layers)
  const raw = config.raw('moe_layers_enum')
  if (types !== null) return (layer) => types[layer] === 'sparse'
  if (raw === null) return (layer) => layer >= 3
  const listed =
    typeof raw === 'string'
      ? raw.slice(0, 5000).split(',').map(Number)
      : config.indices('moe_layers_enum', LIMITS.layers)
  const numbers = new Set(listed)
  return (layer) => numbers.has(layer)
}
