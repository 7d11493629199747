import { replicatedLinear, vector } from '../../tensors.ts'
import { mixture } from '../blocks/feed-forward.ts'
import { LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { readLayerTypes } from '../layer-types.ts'
import { CORRECTION } from './deepseek.ts'
import { readListed } from './listed-layers.ts'

export const MINIMAX_M3_FAMILIES: Families = {
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
}
