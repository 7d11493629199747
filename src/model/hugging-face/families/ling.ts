import { columnLinear } from '../../tensors.ts'
import { latentAttention, readLatentSpec } from '../blocks/latent-attention.ts'
import { LIMITS } from '../config-reader.ts'
import { decoder } from '../decoder.ts'
import { readDimensions, readStream } from '../dimensions.ts'
import type { Families, Family } from '../family.ts'
import { allButEvery, readLayerTypes } from '../layer-types.ts'
import { CORRECTION, firstDense, predictionLayers } from './deepseek.ts'
import { deltaAttention } from './kimi.ts'

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

export const LING_FAMILIES: Families = {
  bailing_moe: ling,
  bailing_moe_v2: ling,
  // Ling 3: Kimi delta attention with gates of full rank, and latent attention with a gate a head in every sixth layer.
  bailing_hybrid: (config) => {
    const stream = readStream(config)
    const { hidden, layers } = stream
    const spec = readLatentSpec(config, hidden)
    const group = config.optionalCount('layer_group_size', LIMITS.layers) ?? 6
    const types = readLayerTypes(config, layers, ['full_attention', 'linear_attention'])
    const linear = types ? (layer: number) => types[layer] === 'linear_attention' : allButEvery(group)
    const headDim = config.optionalCount('linear_head_dim') ?? config.count('v_head_dim')
    const delta = deltaAttention({
      hidden,
      heads: config.optionalCount('linear_num_heads', LIMITS.heads) ?? spec.heads,
      headDim,
      kernel: config.optionalCount(['linear_conv_kernel_dim', 'short_conv_kernel_size'], 64) ?? 4,
      fullRank: true,
    })
    const full = latentAttention(spec)
    const gate = columnLinear('self_attn.g_proj', 'attention', spec.heads, { out: spec.heads, in: hidden })
    config.ignore(
      'num_key_value_heads',
      'head_dim',
      'qk_head_dim',
      'kda_safe_gate',
      'kda_lower_bound',
      'num_expert_group',
    )
    config.ignore('moe_renormalize', 'model_max_length')
    const dimensions = { ...stream, heads: spec.heads, kvHeads: spec.heads, headDim: spec.qkNopeHeadDim }
    if ((config.optionalCount(['num_mtp_layers', 'num_nextn_predict_layers'], 64, 0) ?? 0) > 0) {
      config.assume('Its prediction layers are not counted.')
    }
    return decoder(config, {
      dimensions,
      mixersOf: (layer) => [linear(layer) ? delta : full],
      feedForwardsOf: firstDense(config, dimensions, CORRECTION),
      extraOf: (layer) => (linear(layer) ? [] : gate),
    })
  },
}
