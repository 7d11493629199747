/**
 * Families of late 2025 and of 2026, after transformers 5.24: MiMo-V2, Step 3.5 and 3.7, MiniMax-M3, Ling 2,
 * Granite with windows; and BitNet, EXAONE 3 and CWM.
 */
import { columnLinear, replicatedLinear, vector } from '../../tensors.ts'
import { mixture } from '../blocks/feed-forward.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { type DecoderOptions, decoder, readActivation } from '../decoder.ts'
import { type Dimensions, readDimensions, readStream } from '../dimensions.ts'
import type { Families, Family } from '../family.ts'
import { allButEvery, readLayerTypes, readWindows } from '../layer-types.ts'
import { CORRECTION, firstDense, predictionLayers } from './deepseek.ts'
import { LLAMA_FAMILIES } from './llama.ts'

/** Ling and Ring 2: one matrix for query, key and value; dense layers first; experts corrected. */
const ling: Family = (config) => {
  const dimensions = readDimensions(config)
  config.only('use_bias', false).only('use_qkv_bias', false)
  config.ignore('norm_head', 'router_dtype', 'use_qk_norm', 'moe_shared_expert_intermediate_size', 'embedding_dropout')
  config.ignore(
    'output_dropout',
    'max_window_layers',
    'rotary_dim',
    'using_split_qkv_in_self_attention',
    'sliding_window',
  )
  config.ignore(
    'num_expert_group',
    'use_sliding_window',
    'multi_gate',
    'norm_softmax',
    'moe_router_topk_scaling_factor',
  )
  const corrected = config.flag('moe_router_enable_expert_bias', false) ? 'mlp.gate.expert_bias' : null
  return decoder(config, {
    dimensions,
    qkNorm: config.raw('use_qk_norm') === true ? 'head' : null,
    attentionNames: {
      fused: 'attention.query_key_value',
      o: 'attention.dense',
      qNorm: 'attention.query_layernorm',
      kNorm: 'attention.key_layernorm',
    },
    names: { embedding: 'word_embeddings' },
    feedForwardsOf: firstDense(config, dimensions, corrected),
    mtp: predictionLayers(config),
  })
}

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

export const NEWEST_FAMILIES: Families = {
  exaone: (config) => LLAMA_FAMILIES.llama!(config.ignore('layer_norm_epsilon')),
  cwm: (config) => {
    const dimensions = readDimensions(config)
    const windowOf = readWindows(config, dimensions.layers, (layer) => layer % 4 !== 0)
    return decoder(config, {
      dimensions,
      mlpBias: config.flag('mlp_bias', false),
      attentionOf: (layer) => ({ window: windowOf(layer) }),
    })
  },
  granite_swa: (config) => {
    const dimensions = readDimensions(config)
    const windowOf = readWindows(config, dimensions.layers, (layer) => layer % 4 !== 0)
    const bias = config.flag('attention_bias', false)
    config.ignore('layer_rope_theta')
    return decoder(config, {
      dimensions,
      qkvBias: bias,
      outputBias: bias,
      mlpBias: config.flag('mlp_bias', false),
      tiedByDefault: true,
      attentionOf: (layer) => ({ window: windowOf(layer), sinks: true }),
    })
  },
  // Norms inside attention and MLP, before their last matrices.
  bitnet: (config) => {
    const dimensions = readDimensions(config)
    const intermediate = config.count('intermediate_size')
    const inner = dimensions.heads * dimensions.headDim
    config.only('attention_bias', false)
    return decoder(config, {
      dimensions,
      intermediate,
      activation: readActivation(config, 'relu2'),
      extraOf: () => [
        vector('self_attn.attn_sub_norm', 'norm', inner, dimensions.heads),
        vector('mlp.ffn_sub_norm', 'norm', intermediate, intermediate),
      ],
    })
  },
  // Narrow values, and twice the key/value heads where windows are; one learned sink a head there.
  mimo_v2_flash: (config) => {
    const stream = readStream(config)
    const { layers } = stream
    const heads = config.count('num_attention_heads', LIMITS.heads)
    const kvHeads = config.count('num_key_value_heads', heads)
    const headDim = config.count('head_dim')
    const valueHeadDim = config.count('v_head_dim')
    const types = readLayerTypes(config, layers, ['full_attention', 'sliding_attention'])
    const pattern = config.indices('hybrid_layer_pattern', 1, layers)
    const slides = (layer: number) =>
      types ? types[layer] === 'sliding_attention' : pattern ? pattern[layer] === 1 : layer > 0 && allButEvery(6)(layer)
    if (types === null && pattern === null)
      config.assume('No layer_types: the first and every sixth layer attend fully.')
    const window = config.count(['sliding_window', 'sliding_window_size'], LIMITS.positions)
    const windowed = {
      window,
      heads: config.optionalCount('swa_num_attention_heads', LIMITS.heads) ?? heads,
      kvHeads: config.optionalCount('swa_num_key_value_heads', LIMITS.heads) ?? 2 * kvHeads,
      headDim: config.optionalCount('swa_head_dim') ?? headDim,
      valueHeadDim: config.optionalCount('swa_v_head_dim') ?? valueHeadDim,
      sinks: config.flag('add_swa_attention_sink_bias', true),
    }
    const full = { valueHeadDim, sinks: config.flag('add_full_attention_sink_bias', false) }
    const bias = config.flag('attention_bias', false)
    config.ignore('attention_value_scale', 'attention_chunk_size', 'hybrid_block_size')
    const dimensions = { ...stream, heads, kvHeads, headDim }
    return decoder(config, {
      dimensions,
      qkvBias: bias,
      attentionOf: (layer) => (slides(layer) ? windowed : full),
      feedForwardsOf: listedSparse(config, dimensions, CORRECTION),
    })
  },
  step3p5: step,
  // An indexer with a key a token picks blocks of keys; shared experts are fused.
  minimax_m3_vl_text: (config) => {
    const dimensions = readDimensions(config)
    const { hidden, layers } = dimensions
    const sparse = config.child('sparse_attention_config')
    const types = readLayerTypes(config, layers, ['full_attention', 'minimax_m3_sparse'])
    const listed = sparse?.indices('sparse_attention_freq', 1, layers) ?? null
    const indexed = (layer: number) => (types ? types[layer] === 'minimax_m3_sparse' : listed?.[layer] === 1)
    const indexHeads =
      sparse?.optionalCount('sparse_num_index_heads', LIMITS.heads) ??
      config.optionalCount('index_n_heads', LIMITS.heads) ??
      4
    const indexDim = sparse?.optionalCount('sparse_index_dim') ?? config.optionalCount('index_head_dim') ?? 128
    const experts = config.count(['num_local_experts', 'num_experts'], LIMITS.experts)
    const block = mixture({
      hidden,
      experts,
      active: config.count('num_experts_per_tok', experts),
      intermediate: config.count('intermediate_size'),
      shared:
        (config.optionalCount('n_shared_experts', LIMITS.experts, 0) ?? 1) *
        (config.optionalCount('shared_intermediate_size', LIMITS.width, 0) ?? config.count('intermediate_size')),
      activation: readActivation(config),
      correction: CORRECTION,
      sharedNames: { fused: 'mlp.shared_experts.gate_up_proj' },
    })
    const isSparse = readListed(config, layers)
    config.ignore(
      'index_block_size',
      'index_topk_blocks',
      'index_local_blocks',
      'rotary_dim',
      'swiglu_alpha',
      'use_gemma_norm',
    )
    config.ignore('use_qk_norm', 'qk_norm_type', 'use_routing_bias', 'attention_output_gate')
    const indexer = [
      ...replicatedLinear('self_attn.indexer.q_proj', 'attention', { out: indexHeads * indexDim, in: hidden }),
      ...replicatedLinear('self_attn.indexer.k_proj', 'attention', { out: indexDim, in: hidden }),
      vector('self_attn.indexer.q_norm', 'norm', indexDim),
      vector('self_attn.indexer.k_norm', 'norm', indexDim),
    ]
    return decoder(config, {
      dimensions,
      qkNorm: 'head',
      intermediate: config.optionalCount('dense_intermediate_size') ?? undefined,
      mlpNames: { fused: 'mlp.gate_up_proj' },
      attentionOf: (layer) => ({ indexKeyDim: indexed(layer) ? indexDim : 0 }),
      feedForwardsOf: (layer) => (isSparse(layer) ? [block] : undefined),
      extraOf: (layer) => (indexed(layer) ? indexer : []),
    })
  },
  bailing_moe: ling,
  bailing_moe_v2: ling,
}

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

/** `mlp_layer_types`, or `moe_layer_freq` with a 1 for each layer that has experts; else all have them. */
function readListed(config: ConfigReader, layers: number): (layer: number) => boolean {
  const types = config.list('mlp_layer_types', layers)
  const listed = Array.isArray(config.raw('moe_layer_freq')) ? config.indices('moe_layer_freq', 1, layers) : null
  return (layer) => (types ? types[layer] === 'sparse' : listed ? listed[layer] === 1 : true)
}

/** As `firstDense`, where `moe_layer_freq` may be a list. */
function listedSparse(
  config: ConfigReader,
  dimensions: Dimensions,
  correction: string,
): DecoderOptions['feedForwardsOf'] {
  const given = Array.isArray(config.raw('moe_layer_freq')) || config.has('mlp_layer_types')
  const sparse = given ? readListed(config, dimensions.layers) : (layer: number) => layer > 0
  const experts = config.count('n_routed_experts', LIMITS.experts)
  const intermediate = config.count('moe_intermediate_size')
  const block = mixture({
    hidden: dimensions.hidden,
    experts,
    active: config.count('num_experts_per_tok', experts),
    intermediate,
    shared: (config.optionalCount('n_shared_experts', LIMITS.experts, 0) ?? 0) * intermediate,
    activation: readActivation(config),
    correction,
  })
  return (layer) => (sparse(layer) ? [block] : undefined)
}
