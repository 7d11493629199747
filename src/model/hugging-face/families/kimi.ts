/**
 * Kimi Linear (arXiv:2510.26692): Kimi delta attention in three of four layers, latent attention in the others, experts
 * in all but the first. Delta attention is a Gated DeltaNet whose decay is a vector per head, made by a low-rank map.
 */
import { columnLinear, replicatedLinear, rowLinear, vector } from '../../tensors.ts'
import type { MixerBlock } from '../blocks/block.ts'
import { latentAttention, readLatentSpec } from '../blocks/latent-attention.ts'
import { convolution } from '../blocks/mamba.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { decoder } from '../decoder.ts'
import { readStream } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { readLayerTypes } from '../layer-types.ts'
import { firstDense } from './deepseek.ts'

export const KIMI_FAMILIES: Families = {
  kimi_linear: (config) => {
    config
      .only('tie_word_embeddings', false)
      .only('mla_use_output_gate', false)
      .ignore('mla_use_nope', 'head_dim', 'qk_head_dim', 'num_key_value_heads')
    config.ignore('moe_renormalize', 'moe_router_activation_func', 'num_expert_group', 'use_grouped_topk')
    if (config.has('routed_expert_hidden_size')) {
      config.fail('routed_expert_hidden_size', 'is not supported; experts are known to work in the hidden size only.')
    }
    const stream = readStream(config)
    const spec = readLatentSpec(config, stream.hidden)
    const delta = config.child('linear_attn_config') ?? config
    const own = delta !== config
    delta.only('use_full_rank_gate', false)
    const block = deltaAttention({
      hidden: stream.hidden,
      heads: delta.count(own ? 'num_heads' : 'linear_num_heads', LIMITS.heads),
      headDim: delta.count(own ? 'head_dim' : 'linear_head_dim'),
      kernel: delta.count(own ? 'short_conv_kernel_size' : 'linear_conv_kernel_dim', 64),
    })
    const linear = readLinearLayers(config, own ? delta : null, stream.layers)
    const full = latentAttention(spec)
    const dimensions = { ...stream, heads: spec.heads, kvHeads: spec.heads, headDim: spec.qkNopeHeadDim }
    return decoder(config, {
      dimensions,
      mixersOf: (layer) => [linear(layer) ? block : full],
      feedForwardsOf: firstDense(config, dimensions, 'mlp.gate.e_score_correction_bias'),
    })
  },
}

export interface DeltaSpec {
  hidden: number
  heads: number
  headDim: number
  kernel: number
  /** The decay and the output's gate come from one matrix each, not from two of low rank (Ling 3). */
  fullRank?: boolean
}

export function deltaAttention({ hidden, heads, headDim, kernel, fullRank = false }: DeltaSpec): MixerBlock {
  const inner = heads * headDim
  const wide = { out: inner, in: hidden }
  const narrow = { out: headDim, in: hidden }
  const raised = { out: inner, in: headDim }
  const names = ['q', 'k', 'v']
  return {
    mixer: {
      kind: 'gated-delta-net',
      inner,
      heads,
      convState: 3 * inner * kernel,
      convChannels: 3 * inner,
      recurrentState: heads * headDim * headDim,
      stateSize: headDim,
    },
    tensors: [
      ...names.flatMap((name) => columnLinear(`self_attn.${name}_proj`, 'recurrent', heads, wide)),
      ...names.flatMap((name) => convolution(`self_attn.${name}_conv1d`, inner, kernel, false, heads)),
      ...['f', 'g'].flatMap((name) =>
        fullRank
          ? columnLinear(`self_attn.${name}_proj`, 'recurrent', heads, wide)
          : [
              ...replicatedLinear(`self_attn.${name}_a_proj`, 'recurrent', narrow),
              ...columnLinear(`self_attn.${name}_b_proj`, 'recurrent', heads, raised),
            ],
      ),
      ...columnLinear('self_attn.b_proj', 'recurrent', heads, { out: heads, in: hidden }),
      vector('self_attn.dt_bias', 'recurrent', inner, heads),
      vector('self_attn.A_log', 'recurrent', heads, heads),
      vector('self_attn.o_norm', 'norm', headDim),
      ...rowLinear('self_attn.o_proj', 'recurrent', heads, { out: hidden, in: inner }),
    ],
  }
}

/** The published config lists layers from 1; transformers writes `layer_types`. */
function readLinearLayers(config: ConfigReader, delta: ConfigReader | null, layers: number) {
  const types = readLayerTypes(config, layers, ['full_attention', 'linear_attention'])
  const full = delta?.indices('full_attn_layers', layers) ?? null
  delta?.ignore('kda_layers')
  if (types !== null) return (layer: number) => types[layer] === 'linear_attention'
  if (full === null) return config.fail('linear_attn_config.full_attn_layers', 'missing; it says which layers attend.')
  return (layer: number) => !full.includes(layer + 1)
}
