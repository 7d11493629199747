/**
 * Attention in some layers, a recurrent mixer in the others: Jamba, Granite 4, Falcon-H1 (both in parallel), LFM2,
 * MiniMax-Text.
 */

import { attention } from '../blocks/attention.ts'
import type { FeedForwardBlock } from '../blocks/block.ts'
import { dense, mixture, namesUnder } from '../blocks/feed-forward.ts'
import { lightningAttention, shortConvolution } from '../blocks/linear-attention.ts'
import { type Mamba2Spec, mamba1, mamba2 } from '../blocks/mamba.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { type DecoderOptions, decoder, readActivation } from '../decoder.ts'
import { type Dimensions, readDimensions } from '../dimensions.ts'
import type { Families, Family } from '../family.ts'
import { readLayerTypes } from '../layer-types.ts'
import { expand, readDtRank } from './mamba.ts'
import { everywhere, GRANITE_MIXTURE } from './mixtures.ts'
import { MIXTRAL_EXPERTS } from './phi.ts'

const FF = namesUnder('feed_forward')
const LFM_MLP = { gate: 'feed_forward.w1', up: 'feed_forward.w3', down: 'feed_forward.w2' }
const LFM_ATTENTION = {
  o: 'self_attn.out_proj',
  qNorm: 'self_attn.q_layernorm',
  kNorm: 'self_attn.k_layernorm',
}

const ATTENDING = new Set(['attention', 'full_attention'])

const jamba: Family = (config) => {
  const dimensions = readDimensions(config)
  const { hidden } = dimensions
  const block = mamba1({
    hidden,
    inner: expand(config, 'mamba_expand', hidden),
    state: config.count('mamba_d_state'),
    kernel: config.count('mamba_d_conv', 64),
    dtRank: readDtRank(config, 'mamba_dt_rank', hidden),
    bias: config.flag('mamba_proj_bias', false),
    convBias: config.flag('mamba_conv_bias', true),
    norms: true,
    path: 'mamba',
  })
  const experts = config.count('num_experts', LIMITS.experts)
  const sparse = mixture({
    hidden,
    experts,
    active: config.count('num_experts_per_tok', LIMITS.experts),
    intermediate: config.count('intermediate_size'),
    activation: readActivation(config),
    router: 'feed_forward.router',
    names: namesUnder('feed_forward.experts'),
  })
  const attends = periodic(config, 'attn_layer')
  const mixes = periodic(config, 'expert_layer')
  return decoder(config, {
    dimensions,
    position: 'none',
    norms: ['input_layernorm', 'pre_ff_layernorm'],
    names: { finalNorm: 'final_layernorm' },
    mlpNames: FF,
    mixersOf: (layer) => (attends(layer) ? undefined : [block]),
    feedForwardsOf: (layer) => (experts > 1 && mixes(layer) ? [sparse] : undefined),
  })
}

export const HYBRID_FAMILIES: Families = {
  jamba,
  granitemoehybrid: (config) => {
    const dimensions = readDimensions(config)
    const types = readLayerTypes(config, dimensions.layers, [
      'attention',
      'mamba',
      'full_attention',
      'linear_attention',
    ])
    const position = config.word('position_embedding_type')
    const recurrent = types?.some((type) => type === 'mamba' || type === 'linear_attention') ?? true
    const block = recurrent ? mamba2(graniteMamba(config, dimensions.hidden)) : null
    const feedForward = graniteFeedForward(config, dimensions.hidden)
    const bias = config.flag('attention_bias', false)
    config.ignore('normalization_function', 'mamba_expand')
    return decoder(config, {
      dimensions,
      qkvBias: bias,
      outputBias: bias,
      position: position === 'nope' ? 'none' : 'rope',
      tiedByDefault: true,
      mixersOf: (layer) => (block === null || ATTENDING.has(types?.[layer] ?? '') ? undefined : [block]),
      feedForwardsOf: () => [feedForward],
    })
  },
  falcon_h1: (config) => {
    const dimensions = readDimensions(config)
    const { hidden, heads, kvHeads, headDim } = dimensions
    const bias = config.flag('attention_bias', false)
    const mamba = mamba2({
      ...graniteMamba(config, hidden),
      outBias: config.flag('projectors_bias', false),
      gatedNorm: config.flag('mamba_rms_norm', false),
    })
    config.ignore('mamba_d_ssm', 'mamba_norm_before_gate', 'mamba_use_mlp', 'mamba_expand')
    const parallel = [mamba, attention({ hidden, heads, kvHeads, headDim, qkvBias: bias, outputBias: bias })]
    return decoder(config, {
      dimensions,
      norms: ['input_layernorm', 'pre_ff_layernorm'],
      names: { finalNorm: 'final_layernorm' },
      mlpBias: config.flag('mlp_bias', false),
      mlpNames: FF,
      mixersOf: () => parallel,
    })
  },
  lfm2: (config) => {
    const dimensions = readDimensions(config)
    return decoder(config, {
      ...shortConvolutions(config, dimensions),
      intermediate: lfmWidth(config),
      mlpNames: LFM_MLP,
    })
  },
  lfm2_moe: (config) => {
    const dimensions = readDimensions(config)
    const firstSparse = config.optionalCount('num_dense_layers', LIMITS.layers, 0) ?? 0
    const experts = config.count('num_experts', LIMITS.experts)
    const sparse = mixture({
      hidden: dimensions.hidden,
      experts,
      active: config.count('num_experts_per_tok', experts),
      intermediate: config.count('moe_intermediate_size'),
      activation: 'silu',
      router: 'feed_forward.gate',
      correction: config.flag('use_expert_bias', true) ? 'feed_forward.expert_bias' : undefined,
      names: { gate: 'feed_forward.experts.w1', up: 'feed_forward.experts.w3', down: 'feed_forward.experts.w2' },
    })
    return decoder(config, {
      ...shortConvolutions(config, dimensions),
      mlpNames: LFM_MLP,
      feedForwardsOf: (layer) => (layer >= firstSparse ? [sparse] : undefined),
    })
  },
  minimax: (config) => {
    const dimensions = readDimensions(config)
    const types = readLayerTypes(config, dimensions.layers, ['full_attention', 'linear_attention'])
    const listed = config.indices('attn_type_list', 1, dimensions.layers)
    const full = (layer: number) =>
      types !== null ? types[layer] === 'full_attention' : listed !== null ? listed[layer] === 1 : layer % 2 === 1
    if (types === null && listed === null) config.assume('No layer_types: every second layer has full attention.')
    const lightning = lightningAttention(dimensions.hidden, dimensions.heads, dimensions.headDim)
    config.ignore('block_size', 'sliding_window', 'shared_intermediate_size')
    return decoder(config, {
      dimensions,
      mixersOf: (layer) => (full(layer) ? undefined : [lightning]),
      feedForwardsOf: everywhere(config, { router: 'block_sparse_moe.gate', names: MIXTRAL_EXPERTS }),
    })
  },
}

function periodic(config: ConfigReader, name: string): (layer: number) => boolean {
  const period = config.count(`${name}_period`, LIMITS.layers)
  const offset = config.count(`${name}_offset`, LIMITS.layers, 0)
  return (layer) => layer % period === offset % period && layer >= offset
}

export function graniteMamba(config: ConfigReader, hidden: number): Mamba2Spec {
  const heads = config.count('mamba_n_heads', LIMITS.heads)
  const inner = config.optionalCount('mamba_d_ssm') ?? expand(config, 'mamba_expand', hidden)
  const given = config.raw('mamba_d_head')
  const headDim = given === null || given === 'auto' ? inner / heads : config.count('mamba_d_head')
  if (heads * headDim !== inner) {
    config.fail('mamba_n_heads', `${heads} heads of ${headDim} do not make the inner width ${inner}.`)
  }
  const bias = config.flag('mamba_proj_bias', false)
  return {
    hidden,
    heads,
    headDim,
    groups: config.count('mamba_n_groups', LIMITS.heads),
    state: config.count('mamba_d_state'),
    kernel: config.count('mamba_d_conv', 64),
    inBias: bias,
    outBias: bias,
    convBias: config.flag('mamba_conv_bias', true),
    gatedNorm: true,
    path: 'mamba',
  }
}

/** A shared MLP in every layer, with routed experts of `intermediate_size` beside it when there are any. */
export function graniteFeedForward(config: ConfigReader, hidden: number): FeedForwardBlock {
  const experts = config.optionalCount('num_local_experts', LIMITS.experts, 0) ?? 0
  // Without experts it is all there is.
  const shared = config.count('shared_intermediate_size', LIMITS.width, experts > 0 ? 0 : 1)
  const activation = readActivation(config)
  const names = { fused: 'shared_mlp.input_linear', down: 'shared_mlp.output_linear' }
  if (experts === 0) {
    config.ignore('intermediate_size', 'num_experts_per_tok')
    return dense({ hidden, intermediate: shared, gated: true, activation, names })
  }
  return mixture({
    ...GRANITE_MIXTURE,
    hidden,
    experts,
    active: config.count('num_experts_per_tok', experts),
    intermediate: config.count('intermediate_size'),
    shared,
    activation,
    sharedNames: names,
  })
}

/** LFM2: attention with query and key norms where `layer_types` or `full_attn_idxs` say so, convolution elsewhere. */
function shortConvolutions(config: ConfigReader, dimensions: Dimensions): DecoderOptions {
  const types = readLayerTypes(config, dimensions.layers, ['full_attention', 'conv'])
  const attending = new Set(config.indices('full_attn_idxs', LIMITS.layers) ?? [])
  if (types === null && attending.size === 0)
    config.fail('layer_types', 'missing; it says which layers have attention.')
  const attends = (layer: number) => (types === null ? attending.has(layer) : types[layer] === 'full_attention')
  const block = shortConvolution(dimensions.hidden, config.count('conv_L_cache', 64), config.flag('conv_bias', false))
  config.ignore('conv_dim', 'conv_dim_out', 'block_dim', 'block_mlp_init_scale', 'block_norm_eps', 'num_heads')
  config.ignore(
    'block_out_init_scale',
    'block_use_swiglu',
    'block_use_xavier_init',
    'conv_use_xavier_init',
    'use_pos_enc',
  )
  return {
    dimensions,
    qkNorm: 'head',
    tiedByDefault: config.flag('tie_embedding', true),
    activation: 'silu',
    norms: ['operator_norm', 'ffn_norm'],
    names: { finalNorm: 'embedding_norm' },
    attentionNames: LFM_ATTENTION,
    mixersOf: (layer) => (attends(layer) ? undefined : [block]),
  }
}

/** Two thirds of the given width, times a multiplier, rounded up to a multiple: as transformers' Lfm2MLP does. */
function lfmWidth(config: ConfigReader): number {
  const given = config.count(['block_ff_dim', 'intermediate_size'])
  const multiplier = config.has('block_ffn_dim_multiplier') ? config.ratio('block_ffn_dim_multiplier', 64) : 1
  const multiple = config.optionalCount('block_multiple_of') ?? 256
  if (!config.flag('block_auto_adjust_ff_dim', true)) return given
  return Math.ceil(Math.floor(multiplier * Math.floor((2 * given) / 3)) / multiple) * multiple
}
