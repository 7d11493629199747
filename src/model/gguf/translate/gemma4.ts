/** Gemma 4. */
import { ModelImportError } from '../../errors.ts'
import type { Translate } from './common.ts'

/** Windows, head widths and key/value heads layer by layer; what layers share is not in the file. */
export const gemma4: Translate = (file) => {
  const layers = file.number('block_count')
  const slides = file.perLayer('attention.sliding_window_pattern', layers)
  if (slides === null)
    throw new ModelImportError('gemma4.attention.sliding_window_pattern', 'missing; it says how layers attend.')
  const of = (key: string, sliding: boolean) =>
    file.perLayer(key, layers)?.find((_, layer) => slides[layer] === sliding)
  const full = slides.indexOf(false)
  const widths = file.perLayer('feed_forward_length', layers) ?? []
  const keyIsValue = full >= 0 && !file.holds(`blk.${full}.attn_v.weight`)
  const perLayer = file.get('embedding_length_per_layer_input') ?? 0
  return {
    hidden_size: file.get('embedding_length'),
    num_hidden_layers: layers,
    model_type: 'gemma4_text',
    layer_types: slides.map((sliding) => (sliding ? 'sliding_attention' : 'full_attention')),
    sliding_window: file.get('attention.sliding_window'),
    intermediate_size: widths[0],
    use_double_wide_mlp: widths.some((width) => width !== widths[0]),
    num_attention_heads: file.uniform('attention.head_count'),
    num_key_value_heads: of('attention.head_count_kv', true),
    num_global_key_value_heads: keyIsValue ? of('attention.head_count_kv', false) : undefined,
    attention_k_eq_v: keyIsValue,
    head_dim: file.get('attention.key_length_swa'),
    global_head_dim: file.get('attention.key_length'),
    num_kv_shared_layers: file.get('attention.shared_kv_layers') ?? 0,
    hidden_size_per_layer_input: perLayer,
    vocab_size_per_layer_input: perLayer === 0 ? undefined : file.vocabulary(),
    enable_moe_block: Boolean(file.get('expert_count')),
    num_experts: file.get('expert_count'),
    top_k_experts: file.get('expert_used_count'),
    moe_intermediate_size: file.get('expert_feed_forward_length'),
    max_position_embeddings: file.get('context_length'),
    vocab_size: file.vocabulary(),
    tie_word_embeddings: !file.holds('output.weight'),
  }
}
