/** DeepSeek's latent attention. */
import { common, type Translate } from './common.ts'

export const deepseek: Translate = (file) => {
  const { head_dim: _, num_key_value_heads: __, sliding_window: ___, ...rest } = common(file)
  const rope = file.number('rope.dimension_count')
  // Files made for the compressed cache give the true head sizes under names of their own.
  const key = file.get('attention.key_length_mla') ?? file.get('attention.key_length')
  return {
    ...rest,
    model_type: file.some(/\.exp_probs_b/) ? 'deepseek_v3' : 'deepseek_v2',
    q_lora_rank: file.get('attention.q_lora_rank') ?? null,
    kv_lora_rank: file.get('attention.kv_lora_rank'),
    qk_rope_head_dim: rope,
    qk_nope_head_dim: typeof key === 'number' ? key - rope : undefined,
    v_head_dim: file.get('attention.value_length_mla') ?? file.get('attention.value_length'),
    first_k_dense_replace: file.get('leading_dense_block_count'),
    moe_intermediate_size: file.get('expert_feed_forward_length'),
    n_routed_experts: file.get('expert_count'),
    num_experts_per_tok: file.get('expert_used_count'),
    n_shared_experts: file.get('expert_shared_count'),
  }
}

export const glmDsa: Translate = (file) => ({
  ...deepseek(file),
  model_type: 'glm_moe_dsa',
  num_hidden_layers: file.number('block_count') - Number(file.get('nextn_predict_layers') ?? 0),
  num_nextn_predict_layers: file.get('nextn_predict_layers') || undefined,
  index_n_heads: file.get('attention.indexer.head_count'),
  index_head_dim: file.get('attention.indexer.key_length'),
})
