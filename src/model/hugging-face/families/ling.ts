import { decoder } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families, Family } from '../family.ts'
import { firstDense, predictionLayers } from './deepseek.ts'

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

export const LING_FAMILIES: Families = { bailing_moe: ling, bailing_moe_v2: ling }
