/**
 * Keys of a config that change nothing that is stored or cached: token ids, dropout, scales, epsilons, rotary
 * frequencies, training losses, generation settings. Anything else that an importer did not read is reported.
 */
const INERT = [
  /_token_(id|index|ids)$/,
  /_id$/,
  /dropout|pdrop$|dropout_prob$/,
  /(^|_)eps(ilon)?$|norm_eps/,
  /^rope_|^rotary_|_rope$|^partial_rotary|^use_dynamic_ntk|^use_logn|^yarn|^rope$/,
  /^initializer|_init$|_init_std$|_init_scheme$|^init_|^embedding_init|^rescale_prenorm/,
  /(?<!dim_)multipliers?$|scaling$|_scale$|scaling_factor$|^scale_|^logits?_|^emb_scale|^routed_scaling/,
  /softcap(ping)?$|soft_cap/,
  /loss|^output_(router_logits|hidden_states|attentions|scores)$|z_coef|jitter|_coef$|_alpha_factor$|_beta_factor$|_beta$|_alpha$/,
  /^(use_cache|transformers_version|tokenizer_class|architectures|auto_map|_name_or_path|_commit_hash)$/,
  /^(unsloth_\w+|_from_model_config|_attn_implementation\w*|attn_implementation|_flash_attn_2_enabled)$/,
  /^(pretraining_tp|torchscript|return_dict|chunk_size_feed_forward|is_decoder|is_encoder_decoder|use_bfloat16)$/,
  /^(problem_type|id2label|label2id|finetuning_task|task_specific_params|prefix|pruned_heads|num_labels)$/,
  /^(summary_\w+|cache_implementation|use_mems\w*|gradient_checkpointing|use_flash_attn|flash_attn|flash_rotary)$/,
  /^transformers\.js_config$/,
  /^(bf16|fp16|fp32|fused_dense|fused_add_norm|residual_in_fp32|fp32_residual_connection|onnx_safe)$/,
  /^(ep_size|n_group|topk_group|topk_method|norm_topk_prob|scoring_func|seq_aux|num_logits_to_keep|score_function)$/,
  /^(use_mamba_kernels|use_mambapy|use_parallel_embedding|use_fused\w*|chunk_size|mamba_chunk_size)$/,
  /^time_step_(limit|max|min|floor|scale)$|^mamba_(ssm_)?(cache_)?dtype$|^mamba_ssm_dtype$/,
  /^(max_length|min_length|do_sample|top_k|top_p|temperature|num_beams|num_beam_groups|diversity_penalty)$/,
  /^(repetition_penalty|length_penalty|no_repeat_ngram_size|encoder_no_repeat_ngram_size|bad_words_ids)$/,
  /^(early_stopping|num_return_sequences|remove_invalid_values|exponential_decay_length_penalty|suppress_tokens)$/,
  /^(typical_p|begin_suppress_tokens|forced_\w+|tf_legacy_loss|dola_layers|prompt_lookup_num_tokens)$/,
]

/** Token ids that some configs name without the usual ending, and keys of single families, all without influence. */
const INERT_NAMES = new Set(
  `
  projector_hidden_act num_image_tokens tie_encoder_decoder return_dict_in_generate layerdrop slow_but_exact verbose
  embedding_fraction use_associative_scan reorder_and_upcast_attn use_falcon_mambapy vision_soft_tokens_per_image
  activation activation_function add_classification_head apply_query_key_layer_scaling
  apply_residual_connection_post_layernorm attention_softmax_in_fp32 attn_scale attn_temperature_tuning
  bias_dropout_fusion class_num clip_qkv default_theta dtype floor_scale for_llm_compressor full_attn_mod
  hidden_act hidden_activation image_seq_length initial_context_length interpolate_factor is_llama_config
  mask_init_id mm_tokens_per_image model_max_length model_type n_special offset_alibi org_vocab_size
  original_max_position_embeddings original_rope pool_type postnorm predict_special_tokens quantization_config
  query_pre_attn_scalar shared_moe_mode sliding_window_size swiglu_limit tie_word_embeddings tokenizer_config
  torch_dtype tpu_mode use_bidirectional_attention use_mrope use_rotary_pos_emb
`.match(/\w+/g),
)

export function isInert(key: string): boolean {
  return INERT_NAMES.has(key) || INERT.some((pattern) => pattern.test(key))
}
