/** Granite 3 and 4, dense, sparse and hybrid, and Bamba, whose Mamba layers are the same. */
import { attentionBias } from '../attention-options.ts'
import type { FeedForwardBlock } from '../blocks/block.ts'
import { dense, type MixtureSpec, mixture } from '../blocks/feed-forward.ts'
import { type Mamba2Spec, mamba2 } from '../blocks/mamba.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { readLayerTypes, readWindows } from '../layer-types.ts'
import { LLAMA_FAMILIES } from './llama.ts'
import { expand } from './mamba.ts'
import { everywhere } from './mixtures.ts'

const ATTENDING = new Set(['attention', 'full_attention'])

const GRANITE_MIXTURE: Partial<MixtureSpec> = {
  router: 'block_sparse_moe.router.layer',
  names: { fused: 'block_sparse_moe.input_linear', down: 'block_sparse_moe.output_linear' },
}

export const GRANITE_FAMILIES: Families = {
  granite: LLAMA_FAMILIES.llama!,
  granite_swa: (config) => {
    const dimensions = readDimensions(config)
    const windowOf = readWindows(config, dimensions.layers, (layer) => layer % 4 !== 0)
    config.ignore('layer_rope_theta')
    return decoder(config, {
      dimensions,
      ...attentionBias(config),
      mlpBias: config.flag('mlp_bias', false),
      tiedByDefault: true,
      attentionOf: (layer) => ({ window: windowOf(layer), sinks: true }),
    })
  },
  // The mixture of Granite 3, or with a shared MLP that of 4, under windows.
  granitemoe_swa: (config) => {
    const dimensions = readDimensions(config)
    const windowOf = readWindows(config, dimensions.layers, (layer) => layer % 4 !== 0)
    const feedForward = graniteFeedForward(config, dimensions.hidden)
    config.ignore('layer_rope_theta')
    return decoder(config, {
      dimensions,
      ...attentionBias(config),
      tiedByDefault: true,
      attentionOf: (layer) => ({ window: windowOf(layer), sinks: true }),
      feedForwardsOf: () => [feedForward],
    })
  },
  granitemoe: (config) =>
    decoder(config, {
      ...attentionBias(config),
      position: config.word('position_embedding_type') === 'nope' ? 'none' : 'rope',
      tiedByDefault: true,
      feedForwardsOf: everywhere(config, GRANITE_MIXTURE),
    }),
  granitemoeshared: (config) => {
    const dimensions = readDimensions(config)
    const feedForward = graniteFeedForward(config, dimensions.hidden)
    return decoder(config, {
      dimensions,
      ...attentionBias(config),
      tiedByDefault: true,
      feedForwardsOf: () => [feedForward],
    })
  },
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
    config.ignore('normalization_function', 'mamba_expand')
    return decoder(config, {
      dimensions,
      ...attentionBias(config),
      position: position === 'nope' ? 'none' : 'rope',
      tiedByDefault: true,
      mixersOf: (layer) => (block === null || ATTENDING.has(types?.[layer] ?? '') ? undefined : [block]),
      feedForwardsOf: () => [feedForward],
    })
  },
  bamba: (config) => {
    const dimensions = readDimensions(config)
    const attending = config.indices(['attn_layer_indices'], LIMITS.layers) ?? []
    const block = mamba2(graniteMamba(config, dimensions.hidden))
    config.ignore('mamba_expand')
    return decoder(config, {
      dimensions,
      ...attentionBias(config),
      mlpBias: config.flag('mlp_bias', false),
      norms: ['input_layernorm', 'pre_ff_layernorm'],
      names: { finalNorm: 'final_layernorm' },
      mlpNames: { gate: 'feed_forward.gate_proj', up: 'feed_forward.up_proj', down: 'feed_forward.down_proj' },
      mixersOf: (layer) => (attending.includes(layer) ? undefined : [block]),
    })
  },
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
function graniteFeedForward(config: ConfigReader, hidden: number): FeedForwardBlock {
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
