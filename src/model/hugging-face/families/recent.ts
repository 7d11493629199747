/**
 * Families of 2025 and 2026 close to older ones, after transformers 5.23: VaultGemma, IQuest Coder, HyperCLOVA X, Youtu, Jais 2, nanochat,
 * Persimmon, Mellum, EXAONE with experts, AFM, Command with experts, Laguna.
 */
import { columnLinear } from '../../tensors.ts'
import { mixture } from '../blocks/feed-forward.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { type DecoderOptions, decoder, readActivation } from '../decoder.ts'
import { type Dimensions, readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { allButEvery, readWindows } from '../layer-types.ts'
import { CORRECTION, firstDense, latentDecoder } from './deepseek.ts'
import { LLAMA_FAMILIES } from './llama.ts'

const PLAIN_MLP = { gated: false, mlpNames: { up: 'mlp.fc1', down: 'mlp.fc2' } }

export const RECENT_FAMILIES: Families = {
  iquestcoder: LLAMA_FAMILIES.llama!,
  // Gemma 2 with the norms before attention and MLP only.
  vaultgemma: (config) => {
    const dimensions = readDimensions(config)
    const windowOf = readWindows(config, dimensions.layers, allButEvery(2))
    const bias = config.flag('attention_bias', false)
    return decoder(config, {
      dimensions,
      qkvBias: bias,
      outputBias: bias,
      norms: ['input_layernorm', 'pre_feedforward_layernorm'],
      activation: readActivation(config, 'gelu_pytorch_tanh'),
      tiedByDefault: true,
      attentionOf: (layer) => ({ window: windowOf(layer) }),
    })
  },
  hyperclovax: (config) => {
    const bias = config.flag('attention_bias', false)
    const after = config.flag('use_post_norm', false) ? ['post_norm1', 'post_norm2'] : []
    return decoder(config, {
      qkvBias: bias,
      outputBias: bias,
      mlpBias: config.flag('mlp_bias', false),
      norms: ['input_layernorm', 'post_attention_layernorm', ...after],
    })
  },
  youtu: (config) => latentDecoder(config, null),
  jais2: (config) => {
    const bias = config.flag('attention_bias', true)
    return decoder(config, {
      norm: 'layer',
      qkvBias: bias,
      outputBias: bias,
      mlpBias: config.flag('mlp_bias', true),
      gated: false,
      activation: readActivation(config, 'relu2'),
    })
  },
  // Its norms learn nothing, queries' and keys' neither.
  nanochat: (config) => {
    const bias = config.flag('attention_bias', false)
    return decoder(config, {
      ...PLAIN_MLP,
      norm: 'none',
      qkvBias: bias,
      outputBias: bias,
      activation: readActivation(config, 'relu2'),
    })
  },
  mellum: (config) => {
    const dimensions = readDimensions(config)
    return decoder(config, {
      ...windowed(config, dimensions, () => true),
      qkNorm: 'head',
      feedForwardsOf: firstDense(config.ignore('mtp_layer_types', 'mtp_mlp_layer_types'), dimensions, null),
    })
  },
  exaone_moe: (config) => {
    const dimensions = readDimensions(config)
    const pattern = config.optionalCount('sliding_window_pattern', LIMITS.layers) ?? 4
    return decoder(config, {
      ...windowed(config, dimensions, allButEvery(pattern)),
      qkNorm: 'head',
      feedForwardsOf: firstDense(config, dimensions, CORRECTION),
    })
  },
  // Attention's output passes a gate as wide as the queries, in a matrix of its own.
  afmoe: (config) => {
    const dimensions = readDimensions(config)
    const { hidden, heads, headDim } = dimensions
    const every = config.optionalCount('global_attn_every_n_layers', LIMITS.layers) ?? 4
    const experts = config.count('num_experts', LIMITS.experts)
    const first = config.optionalCount('num_dense_layers', LIMITS.layers, 0) ?? 1
    const intermediate = config.count('moe_intermediate_size')
    const block = mixture({
      hidden,
      experts,
      active: config.count('num_experts_per_tok', experts),
      intermediate,
      shared: (config.optionalCount('num_shared_experts', LIMITS.experts, 0) ?? 0) * intermediate,
      activation: readActivation(config),
      correction: 'mlp.expert_bias',
      router: 'mlp.router.gate',
    })
    const gate = columnLinear('self_attn.gate_proj', 'attention', heads, { out: heads * headDim, in: hidden })
    config.ignore('mup_enabled', 'route_scale', 'route_norm', 'score_func', 'load_balance_coeff')
    return decoder(config, {
      ...windowed(config, dimensions, allButEvery(every)),
      qkNorm: 'head',
      norms: ['input_layernorm', 'post_attention_layernorm', 'pre_mlp_layernorm', 'post_mlp_layernorm'],
      feedForwardsOf: (layer) => (layer < first ? undefined : [block]),
      extraOf: () => gate,
    })
  },
  // Attention and mixture in parallel behind one norm; dense layers first have a width of their own.
  cohere2_moe: (config) => {
    const dimensions = readDimensions(config)
    const pattern = config.optionalCount('sliding_window_pattern', LIMITS.layers) ?? 4
    const experts = config.count('num_experts', LIMITS.experts)
    const intermediate = config.count('intermediate_size')
    const block = mixture({
      hidden: dimensions.hidden,
      experts,
      active: config.count('num_experts_per_tok', experts),
      intermediate,
      shared: (config.optionalCount('num_shared_experts', LIMITS.experts, 0) ?? 0) * intermediate,
      activation: readActivation(config),
    })
    const first = config.optionalCount('first_k_dense_replace', LIMITS.layers, 0) ?? 0
    const types = config.list('mlp_layer_types', dimensions.layers)
    const isDense = (layer: number) => (types === null ? layer < first : types[layer] === 'dense')
    config.ignore('prefix_dense_sliding_window_pattern', 'expert_selection_fn', 'shared_expert_combination_strategy')
    return decoder(config, {
      ...windowed(config, dimensions, allButEvery(pattern)),
      norm: 'layer-weight',
      norms: ['input_layernorm'],
      parallel: true,
      tiedByDefault: true,
      intermediate: config.optionalCount('prefix_dense_intermediate_size') ?? intermediate,
      feedForwardsOf: (layer) => (isDense(layer) ? undefined : [block]),
    })
  },
  // A gate per head, or per element of attention's output, and in some layers more heads than in others.
  laguna: (config) => {
    const dimensions = readDimensions(config)
    const { hidden, layers, headDim } = dimensions
    const perLayer = config.indices('num_attention_heads_per_layer', LIMITS.heads, layers)
    const headsOf = (layer: number) => perLayer?.[layer] ?? dimensions.heads
    const gating = config.raw('gating') ?? true
    const width = gating === 'per-element' ? headDim : gating === true || gating === 'per-head' ? 1 : 0
    if (width === 0) config.fail('gating', 'is neither true, "per-head" nor "per-element".')
    const experts = config.count('num_experts', LIMITS.experts)
    const block = mixture({
      hidden,
      experts,
      active: config.count('num_experts_per_tok', experts),
      intermediate: config.count('moe_intermediate_size'),
      shared: config.optionalCount('shared_expert_intermediate_size', LIMITS.width, 0) ?? 0,
      activation: readActivation(config),
      correction: CORRECTION,
    })
    const types = config.list('mlp_layer_types', layers)
    const isDense = (layer: number) => (types === null ? layer === 0 : types[layer] === 'dense')
    const { attentionOf, ...attention } = windowed(config, dimensions, () => false)
    config.ignore('moe_apply_router_weight_on_input', 'swa_attention_sink_enabled')
    return decoder(config, {
      ...attention,
      qkNorm: 'head',
      attentionOf: (layer) => ({ ...attentionOf?.(layer), heads: headsOf(layer) }),
      feedForwardsOf: (layer) => (isDense(layer) ? undefined : [block]),
      extraOf: (layer) =>
        columnLinear('self_attn.g_proj', 'attention', headsOf(layer), { out: headsOf(layer) * width, in: hidden }),
    })
  },
}

/** Windows where `layer_types` or else `slides` says so, and biases of attention where the config has them. */
function windowed(
  config: ConfigReader,
  dimensions: Dimensions,
  slides: (layer: number) => boolean,
): Pick<DecoderOptions, 'dimensions' | 'qkvBias' | 'outputBias' | 'attentionOf'> {
  const windowOf = readWindows(config, dimensions.layers, slides)
  const bias = config.flag('attention_bias', false)
  return { dimensions, qkvBias: bias, outputBias: bias, attentionOf: (layer) => ({ window: windowOf(layer) }) }
}
