/** What most architectures share, from the metadata of a GGUF file to the words of a Hugging Face config. Keys: gguf-py/gguf/constants.py of llama.cpp. */
import type { Metadata } from '../metadata.ts'

export type Translate = (file: Metadata) => Record<string, unknown>

/** Attention with grouped keys, gated MLP: what most architectures share. */
export const common: Translate = (file) => ({
  hidden_size: file.get('embedding_length'),
  num_hidden_layers: file.get('block_count'),
  intermediate_size: file.uniform('feed_forward_length'),
  num_attention_heads: file.uniform('attention.head_count'),
  num_key_value_heads: file.uniform('attention.head_count_kv'),
  head_dim: file.get('attention.key_length'),
  max_position_embeddings: file.get('context_length'),
  sliding_window: file.get('attention.sliding_window'),
  vocab_size: file.vocabulary(),
  tie_word_embeddings: !file.holds('output.weight'),
})

/** Experts in every layer or in all but the first, as most mixtures name them. */
export const mixture: Translate = (file) => ({
  ...common(file),
  sliding_window: null,
  num_experts: file.get('expert_count'),
  num_experts_per_tok: file.get('expert_used_count'),
  moe_intermediate_size: file.get('expert_feed_forward_length'),
})

/** DeepSeek's way: dense layers first, shared experts by number, prediction layers counted among the blocks. */
export const denseFirst: Translate = (file) => {
  const { num_experts: experts, ...rest } = mixture(file)
  const predictions = file.get('nextn_predict_layers') ?? 0
  return {
    ...rest,
    num_hidden_layers: file.number('block_count') - Number(predictions),
    num_nextn_predict_layers: predictions || undefined,
    n_routed_experts: experts,
    n_shared_experts: file.get('expert_shared_count') ?? 0,
    first_k_dense_replace: file.get('leading_dense_block_count') ?? 0,
    attention_bias: file.holds('blk.0.attn_q.bias'),
  }
}

export const sharedExpert = (file: Metadata) => ({
  shared_expert_intermediate_size: file.get('expert_shared_feed_forward_length'),
})

/** As `common`, without a window. */
export const full =
  (model_type: string): Translate =>
  (file) => ({ ...common(file), model_type, sliding_window: undefined })

export const biased = (file: Metadata, tensor: string) => file.holds(`blk.0.${tensor}.bias`)
