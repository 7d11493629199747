/** MiniMax: lightning attention in Text-01 and M1, experts in all, an indexer in M3. */
import { replicatedLinear, vector } from '../../tensors.ts'
import { mixture } from '../blocks/feed-forward.ts'
import { lightningAttention } from '../blocks/linear-attention.ts'
import { LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { readLayerTypes } from '../layer-types.ts'
import { CORRECTION } from './deepseek.ts'
import { readListed } from './listed-layers.ts'
import { everywhere, MIXTRAL_EXPERTS } from './mixtures.ts'

export const MINIMAX_FAMILIES: Families = {
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
  // The config announces prediction layers that the published files do not hold.
  minimax_m2: (config) => {
    const announced = config.optionalCount('num_mtp_modules', 64, 0) ?? 0
    if (announced > 0) config.assume('The prediction layers that the config announces are not published; left out.')
    config.ignore('use_mtp', 'mtp_transformer_layers', 'mlp_intermediate_size', 'attn_type_list', 'sliding_window')
    config.ignore('qk_norm_type')
    const shared = config.optionalCount('shared_intermediate_size', LIMITS.width, 0) ?? 0
    if (shared > 0) config.fail('shared_intermediate_size', `${shared} is not supported; only 0 is known.`)
    const correction = config.flag('use_routing_bias', true) ? 'block_sparse_moe.e_score_correction_bias' : undefined
    return decoder(config, {
      qkNorm: config.flag('use_qk_norm', true) ? 'full' : null,
      feedForwardsOf: everywhere(config, { router: 'block_sparse_moe.gate', names: MIXTRAL_EXPERTS, correction }),
    })
  },
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
