/**
 * Gemma 3n and 4: full-attention layers with their own head width and key/value heads, tail layers that read the keys
 * and values of earlier ones, a small embedding per layer, and in 26B-A4B a dense MLP and a mixture side by side.
 */

import type { Tensor } from '../../architecture.ts'
import { replicatedLinear, table, vector } from '../../tensors.ts'
import { attentionBias } from '../attention-options.ts'
import type { AttentionSpec } from '../blocks/attention.ts'
import type { FeedForwardBlock } from '../blocks/block.ts'
import { dense, mixture, namesUnder } from '../blocks/feed-forward.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { type Dimensions, readDimensions } from '../dimensions.ts'
import type { Families, Family } from '../family.ts'
import { allButEvery, readWindows } from '../layer-types.ts'
import { FOUR_NORMS } from './gemma.ts'

const gemma4: Family = (config) => {
  config.withDefaults('transformers for gemma4_text', {
    vocab_size: 262_144,
    hidden_size: 2304,
    intermediate_size: 9216,
    num_hidden_layers: 30,
    num_attention_heads: 8,
    num_key_value_heads: 4,
    head_dim: 256,
    global_head_dim: 512,
    max_position_embeddings: 131_072,
    sliding_window: 512,
    vocab_size_per_layer_input: 262_144,
    hidden_size_per_layer_input: 256,
  })
  return gemma4Layers(config)
}

function gemma4Layers(config: ConfigReader) {
  const dimensions = readDimensions(config)
  const { hidden, layers } = dimensions
  const windowOf = readWindows(config, layers, slidesIn(layers, 6))
  const firstShared = layers - readShared(config, layers)
  const fullAttention = readFullAttention(config, dimensions)
  const overrides = readOverrides(config, layers)
  const activation = readActivation(config, 'gelu_pytorch_tanh')
  const intermediate = config.count('intermediate_size')
  const doubled = config.flag('use_double_wide_mlp', false)
  const mlp = dense({ hidden, intermediate, gated: true, activation })
  const wide = dense({ hidden, intermediate: 2 * intermediate, gated: true, activation })
  const experts = config.flag('enable_moe_block', false) ? [expertBlock(config, hidden, activation)] : []
  config.ignore('expert_intermediate_size', 'use_bidirectional_attention')
  const perLayer = perLayerEmbedding(config, hidden, layers)
  const scalar: Tensor = { ...vector('layer_scalar', 'norm', 1) }
  return decoder(config, {
    dimensions,
    ...attentionBias(config),
    qkNorm: 'head',
    tiedByDefault: true,
    activation,
    norms: experts.length > 0 ? [...FOUR_NORMS, ...MIXTURE_NORMS] : FOUR_NORMS,
    attentionOf: (layer) => ({
      window: windowOf(layer),
      ownsCache: layer < firstShared,
      ...(windowOf(layer) === null ? fullAttention : {}),
      ...overrides(layer),
    }),
    feedForwardsOf: (layer) => [doubled && layer >= firstShared ? wide : mlp, ...experts],
    extraOf: () => [...perLayer.inLayer, scalar],
    outside: perLayer.outside,
  })
}

const gemma3n: Family = (config) => {
  config.withDefaults('transformers for gemma3n_text', {
    vocab_size: 262_400,
    hidden_size: 2048,
    num_hidden_layers: 35,
    num_attention_heads: 8,
    num_key_value_heads: 2,
    head_dim: 256,
    max_position_embeddings: 32_768,
    sliding_window: 512,
    vocab_size_per_layer_input: 262_144,
    hidden_size_per_layer_input: 256,
    num_kv_shared_layers: 15,
    laurel_rank: 64,
    altup_num_inputs: 4,
  })
  const dimensions = readDimensions(config)
  const { hidden, layers } = dimensions
  const windowOf = readWindows(config, layers, allButEvery(5))
  const firstShared = layers - readShared(config, layers)
  const activation = readActivation(config, 'gelu_pytorch_tanh')
  const widths = Array.isArray(config.raw('intermediate_size'))
    ? config.indices('intermediate_size', LIMITS.width, layers)
    : null
  const single = widths === null ? (config.optionalCount('intermediate_size') ?? 16_384) : 0
  const perLayer = perLayerEmbedding(config, hidden, layers)
  const alternating = alternatingUpdates(config, hidden)
  const inLayer = [...perLayer.inLayer, ...laurel(config, hidden), ...alternating.inLayer]
  config.only('attention_bias', false)
  config.ignore('activation_sparsity_pattern', 'altup_active_idx', 'altup_coef_clip', 'altup_correct_scale')
  return decoder(config, {
    dimensions,
    qkNorm: 'head',
    tiedByDefault: true,
    norms: FOUR_NORMS,
    attentionOf: (layer) => ({ window: windowOf(layer), ownsCache: layer < firstShared }),
    feedForwardsOf: (layer) => [dense({ hidden, intermediate: widths?.[layer] ?? single, gated: true, activation })],
    extraOf: () => inLayer,
    outside: [...perLayer.outside, ...alternating.outside],
  })
}

/** The text part of Gemma 4 that sees and hears without towers: no table per layer. */
const gemma4Unified: Family = (config) => {
  config.withDefaults('transformers for gemma4_unified_text', {
    vocab_size: 262_144,
    hidden_size: 2304,
    intermediate_size: 9216,
    num_hidden_layers: 30,
    num_attention_heads: 8,
    num_key_value_heads: 4,
    head_dim: 256,
    global_head_dim: 512,
    max_position_embeddings: 262_144,
    sliding_window: 1024,
  })
  return gemma4Layers(config)
}

export const GEMMA4_FAMILIES: Families = {
  gemma4,
  gemma4_text: gemma4,
  gemma4_unified_text: gemma4Unified,
  gemma3n,
  gemma3n_text: gemma3n,
}

const MIXTURE_NORMS = ['post_feedforward_layernorm_1', 'post_feedforward_layernorm_2', 'pre_feedforward_layernorm_2']

/** One full layer in `period`, and the last one always. */
function slidesIn(layers: number, period: number): (layer: number) => boolean {
  return (layer) => layer !== layers - 1 && allButEvery(period)(layer)
}

function readShared(config: ConfigReader, layers: number): number {
  return config.optionalCount('num_kv_shared_layers', layers - 1, 0) ?? 0
}

function readFullAttention(config: ConfigReader, dimensions: Dimensions): Partial<AttentionSpec> {
  const keyIsValue = config.flag('attention_k_eq_v', false)
  const own = config.optionalCount('num_global_key_value_heads', LIMITS.heads)
  const kvHeads = keyIsValue && own !== null ? own : dimensions.kvHeads
  if (dimensions.heads % kvHeads !== 0) {
    config.fail('num_global_key_value_heads', `${kvHeads} does not divide num_attention_heads ${dimensions.heads}.`)
  }
  return { headDim: config.optionalCount('global_head_dim') ?? dimensions.headDim, kvHeads, keyIsValue }
}

/** `per_layer_config`, as transformers 5 writes it ("05": …): for some layers their own head width and key/value heads. */
function readOverrides(config: ConfigReader, layers: number): (layer: number) => Partial<AttentionSpec> {
  const all = config.child('per_layer_config')
  const read = new Map<number, Partial<AttentionSpec>>()
  for (let layer = 0; all !== null && layer < layers; layer++) {
    const own = all.child(String(layer)) ?? all.child(String(layer).padStart(String(layers - 1).length, '0'))
    if (own === null) continue
    const headDim = own.optionalCount('head_dim') ?? undefined
    const kvHeads = own.optionalCount('num_key_value_heads', LIMITS.heads) ?? undefined
    read.set(layer, { ...(headDim && { headDim }), ...(kvHeads && { kvHeads }) })
    for (const key of own.unread()) own.fail(key, 'is not known to vary between layers.')
  }
  for (const key of all?.unread() ?? []) all?.fail(key.slice(0, 20), `is not a layer from 0 to ${layers - 1}.`)
  return (layer) => read.get(layer) ?? {}
}

/** The router scales its input per channel and its choice per expert. */
function expertBlock(config: ConfigReader, hidden: number, activation: string): FeedForwardBlock {
  const experts = config.count('num_experts', LIMITS.experts)
  const block = mixture({
    hidden,
    experts,
    active: config.count('top_k_experts', experts),
    intermediate: config.count('moe_intermediate_size'),
    activation,
    router: 'router.proj',
    names: { ...namesUnder('experts'), fused: 'experts.gate_up_proj' },
  })
  const scales = [vector('router.scale', 'router', hidden), vector('router.per_expert_scale', 'router', experts)]
  return { ...block, tensors: [...block.tensors, ...scales] }
}

/** A table V × L·P read once per token, and in each layer a gate into it and a projection out of it. */
function perLayerEmbedding(config: ConfigReader, hidden: number, layers: number) {
  const width = config.optionalCount('hidden_size_per_layer_input', LIMITS.width, 0) ?? 0
  const vocab = config.optionalCount('vocab_size_per_layer_input') ?? 0
  if (width === 0) return { inLayer: [], outside: [] }
  const all = layers * width
  return {
    inLayer: [
      ...replicatedLinear('per_layer_input_gate', 'mlp', { out: width, in: hidden }),
      ...replicatedLinear('per_layer_projection', 'mlp', { out: hidden, in: width }),
      vector('post_per_layer_input_norm', 'norm', hidden),
    ],
    outside: [
      table('embed_tokens_per_layer', 'embedding', vocab, all, vocab),
      table('per_layer_model_projection', 'mlp', all, hidden),
      vector('per_layer_projection_norm', 'norm', width),
    ],
  }
}

/** Learned augmented residual of low rank. */
function laurel(config: ConfigReader, hidden: number): Tensor[] {
  const rank = config.count('laurel_rank')
  return [
    ...replicatedLinear('laurel.linear_left', 'mlp', { out: rank, in: hidden }),
    ...replicatedLinear('laurel.linear_right', 'mlp', { out: hidden, in: rank }),
    vector('laurel.post_laurel_norm', 'norm', hidden),
  ]
}

/** Alternating updates (arXiv:2301.13310): several streams, predicted and corrected in each layer. */
function alternatingUpdates(config: ConfigReader, hidden: number) {
  const inputs = config.count('altup_num_inputs', 64)
  const stream = { out: hidden, in: hidden, count: inputs - 1 }
  const between = inputs > 1 ? ['altup_projections', 'altup_unembed_projections'] : []
  return {
    inLayer: [
      ...replicatedLinear('altup.correction_coefs', 'mlp', { out: inputs, in: inputs }),
      ...replicatedLinear('altup.prediction_coefs', 'mlp', { out: inputs ** 2, in: inputs }),
      ...replicatedLinear('altup.modality_router', 'mlp', { out: inputs, in: hidden }),
      vector('altup.router_norm', 'norm', hidden),
      vector('altup.correct_output_scale', 'norm', hidden),
    ],
    outside: between.flatMap((name) => replicatedLinear(name, 'mlp', stream)),
  }
}
