/** From the metadata of a GGUF file to the words of a Hugging Face config, architecture by architecture. Keys: gguf-py/gguf/constants.py of llama.cpp. */
import { ModelImportError } from '../errors.ts'
import type { Metadata } from './metadata.ts'

type Translate = (file: Metadata) => Record<string, unknown>

/** Attention with grouped keys, gated MLP: what most architectures share. */
const common: Translate = (file) => ({
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

const llama: Translate = (file) => {
  const { sliding_window: _, ...rest } = common(file)
  const biased = file.holds('blk.0.attn_q.bias')
  if (biased !== file.holds('blk.0.attn_output.bias')) {
    throw new ModelImportError('blk.0.attn_q.bias', 'stands without blk.0.attn_output.bias, which llama does not do.')
  }
  const experts = file.get('expert_count')
  if (typeof experts !== 'number' || experts === 0) return { ...rest, model_type: 'llama', attention_bias: biased }
  const active = file.get('expert_used_count')
  return { ...rest, model_type: 'mixtral', num_local_experts: experts, num_experts_per_tok: active }
}

const deepseek: Translate = (file) => {
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

/** Experts in every layer or in all but the first, as most mixtures name them. */
const mixture: Translate = (file) => ({
  ...common(file),
  sliding_window: null,
  num_experts: file.get('expert_count'),
  num_experts_per_tok: file.get('expert_used_count'),
  moe_intermediate_size: file.get('expert_feed_forward_length'),
})

/** DeepSeek's way: dense layers first, shared experts by number, prediction layers counted among the blocks. */
const denseFirst: Translate = (file) => {
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

const sharedExpert = (file: Metadata) => ({
  shared_expert_intermediate_size: file.get('expert_shared_feed_forward_length'),
})

/** Gated DeltaNet under the keys of state-space models. */
const deltaNet = (file: Metadata) => ({
  sliding_window: null,
  full_attention_interval: file.get('full_attention_interval') ?? 4,
  linear_conv_kernel_dim: file.get('ssm.conv_kernel'),
  linear_key_head_dim: file.get('ssm.state_size'),
  linear_num_key_heads: file.get('ssm.group_count'),
  linear_num_value_heads: file.get('ssm.time_step_rank'),
  linear_value_head_dim: file.number('ssm.inner_size') / file.number('ssm.time_step_rank'),
})

const gptOss: Translate = (file) => ({
  ...common(file),
  model_type: 'gpt_oss',
  intermediate_size: file.get('expert_feed_forward_length') ?? file.uniform('feed_forward_length'),
  num_local_experts: file.get('expert_count'),
  num_experts_per_tok: file.get('expert_used_count'),
})

const llama4: Translate = (file) => ({
  ...common(file),
  model_type: 'llama4_text',
  sliding_window: undefined,
  intermediate_size: file.get('expert_feed_forward_length'),
  intermediate_size_mlp: file.uniform('feed_forward_length'),
  num_local_experts: file.get('expert_count'),
  num_experts_per_tok: file.get('expert_used_count'),
  // No key of the file's: llama.cpp has it in its code (llama-model.cpp, LLM_ARCH_LLAMA4).
  attention_chunk_size: 8192,
  interleave_moe_layer_step: file.get('interleave_moe_layer_step') ?? 1,
})

/** Layers without key/value heads are convolutions. */
const lfm2: Translate = (file) => {
  const layers = file.number('block_count')
  const heads = file.perLayer('attention.head_count_kv', layers)
  return {
    hidden_size: file.get('embedding_length'),
    num_hidden_layers: layers,
    model_type: 'lfm2',
    intermediate_size: file.uniform('feed_forward_length'),
    block_auto_adjust_ff_dim: false,
    num_attention_heads: file.uniform('attention.head_count'),
    num_key_value_heads: heads?.find((count) => count !== 0),
    layer_types: heads?.map((count) => (count === 0 ? 'conv' : 'full_attention')),
    conv_L_cache: file.get('shortconv.l_cache'),
    max_position_embeddings: file.get('context_length'),
    vocab_size: file.vocabulary(),
    tie_word_embeddings: !file.holds('output.weight'),
  }
}

/** Windows, head widths and key/value heads layer by layer; what layers share is not in the file. */
const gemma4: Translate = (file) => {
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

const biased = (file: Metadata, tensor: string) => file.holds(`blk.0.${tensor}.bias`)

/** Layers without key/value heads have a state instead, under the keys of state-space models. */
const stateSpace = (file: Metadata) => {
  const layers = file.number('block_count')
  const heads = file.perLayer('attention.head_count_kv', layers)
  return { layers, heads, attends: (layer: number) => heads?.[layer] !== 0 }
}

const mamba2 = (file: Metadata) => ({
  mamba_n_heads: file.get('ssm.time_step_rank'),
  mamba_d_ssm: file.get('ssm.inner_size'),
  mamba_d_state: file.get('ssm.state_size'),
  mamba_n_groups: file.get('ssm.group_count'),
  mamba_d_conv: file.get('ssm.conv_kernel'),
  mamba_conv_bias: file.some(/\.ssm_conv1d\.bias$/),
})

/** What `common` says, of files whose key/value heads differ from layer to layer only in being there or not. */
const partly = (file: Metadata, heads: (number | boolean | string)[] | null) => ({
  hidden_size: file.get('embedding_length'),
  num_hidden_layers: file.number('block_count'),
  num_attention_heads: file.uniform('attention.head_count'),
  num_key_value_heads: heads?.find((count) => count !== 0),
  head_dim: file.get('attention.key_length'),
  max_position_embeddings: file.get('context_length'),
  vocab_size: file.vocabulary(),
  tie_word_embeddings: !file.holds('output.weight'),
})

const graniteHybrid: Translate = (file) => {
  const { layers, heads, attends } = stateSpace(file)
  const experts = file.get('expert_count') ?? 0
  return {
    ...partly(file, heads),
    ...mamba2(file),
    model_type: 'granitemoehybrid',
    layer_types: Array.from({ length: layers }, (_, layer) => (attends(layer) ? 'attention' : 'mamba')),
    position_embedding_type: 'nope',
    num_local_experts: experts,
    num_experts_per_tok: file.get('expert_used_count') ?? 0,
    intermediate_size: experts === 0 ? undefined : file.uniform('feed_forward_length'),
    shared_intermediate_size:
      experts === 0 ? file.uniform('feed_forward_length') : (file.get('expert_shared_feed_forward_length') ?? 0),
  }
}

/** One mixer or one feed-forward a layer: attention where there are key/value heads, MLP or experts where there is a width, Mamba elsewhere. */
const nemotronH =
  (feedForward: 'E' | '-'): Translate =>
  (file) => {
    const { layers, heads, attends } = stateSpace(file)
    const widths = file.perLayer('feed_forward_length', layers)
    const letter = (layer: number) => (attends(layer) ? '*' : widths?.[layer] ? feedForward : 'M')
    return {
      ...partly(file, heads),
      model_type: 'nemotron_h',
      hybrid_override_pattern: Array.from({ length: layers }, (_, layer) => letter(layer)).join(''),
      mamba_num_heads: file.get('ssm.time_step_rank'),
      mamba_head_dim: file.number('ssm.inner_size') / file.number('ssm.time_step_rank'),
      ssm_state_size: file.get('ssm.state_size'),
      n_groups: file.get('ssm.group_count'),
      conv_kernel: file.get('ssm.conv_kernel'),
      use_conv_bias: file.some(/\.ssm_conv1d\.bias$/),
      intermediate_size: feedForward === '-' ? widths?.find((width) => width !== 0) : undefined,
      n_routed_experts: file.get('expert_count'),
      n_shared_experts: file.get('expert_shared_count'),
      num_experts_per_tok: file.get('expert_used_count'),
      moe_intermediate_size: file.get('expert_feed_forward_length'),
      moe_shared_expert_intermediate_size: file.get('expert_shared_feed_forward_length'),
      moe_latent_size: file.get('moe_latent_size'),
    }
  }

/** As `common`, without a window. */
const full =
  (model_type: string): Translate =>
  (file) => ({ ...common(file), model_type, sliding_window: undefined })

/** One translation for each `general.architecture` that is known. */
export const TRANSLATIONS: Record<string, Translate> = {
  llama,
  llama4,
  mistral3: (file) => ({ ...common(file), model_type: 'mistral' }),
  qwen2: (file) => ({ ...common(file), model_type: 'qwen2', sliding_window: null }),
  qwen2vl: (file) => ({ ...common(file), model_type: 'qwen2', sliding_window: null }),
  qwen2moe: (file) => ({ ...mixture(file), ...sharedExpert(file), model_type: 'qwen2_moe' }),
  qwen3: (file) => ({ ...common(file), model_type: 'qwen3', sliding_window: null }),
  qwen3vl: (file) => ({ ...common(file), model_type: 'qwen3', sliding_window: null }),
  qwen3moe: (file) => ({ ...mixture(file), model_type: 'qwen3_moe' }),
  qwen3vlmoe: (file) => ({ ...mixture(file), model_type: 'qwen3_moe' }),
  qwen3next: (file) => ({ ...mixture(file), ...sharedExpert(file), ...deltaNet(file), model_type: 'qwen3_next' }),
  qwen35: (file) => ({ ...common(file), ...deltaNet(file), model_type: 'qwen3_5_text' }),
  qwen35moe: (file) => ({ ...mixture(file), ...sharedExpert(file), ...deltaNet(file), model_type: 'qwen3_5_moe_text' }),
  gemma: (file) => ({ ...common(file), model_type: 'gemma' }),
  gemma2: (file) => ({ ...common(file), model_type: 'gemma2' }),
  gemma4,
  gemma3: (file) => ({ ...common(file), model_type: 'gemma3_text' }),
  phi3: (file) => ({ ...common(file), model_type: 'phi3' }),
  deepseek2: deepseek,
  'gpt-oss': gptOss,
  glm4: full('glm4'),
  glm4moe: (file) => ({
    ...denseFirst(file),
    model_type: 'glm4_moe',
    use_qk_norm: file.holds('blk.0.attn_q_norm.weight'),
  }),
  dots1: (file) => ({ ...denseFirst(file), model_type: 'dots1' }),
  bailingmoe2: (file) => ({
    ...denseFirst(file),
    model_type: 'bailing_moe',
    attention_bias: undefined,
    use_qk_norm: true,
    moe_router_enable_expert_bias: file.some(/\.exp_probs_b/),
  }),
  'minimax-m2': (file) => {
    const { num_experts: experts, moe_intermediate_size: width, ...rest } = mixture(file)
    return { ...rest, model_type: 'minimax_m2', num_local_experts: experts, intermediate_size: width }
  },
  granite: full('granite'),
  granitemoe: (file) => {
    const shared = file.get('expert_shared_feed_forward_length')
    const { num_experts: experts, ...rest } = mixture(file)
    return {
      ...rest,
      moe_intermediate_size: undefined,
      num_local_experts: experts,
      shared_intermediate_size: shared,
      model_type: shared ? 'granitemoeshared' : 'granitemoe',
    }
  },
  granitehybrid: graniteHybrid,
  nemotron_h: nemotronH('-'),
  nemotron_h_moe: nemotronH('E'),
  nemotron: full('nemotron'),
  'falcon-h1': (file) => ({
    ...common(file),
    ...mamba2(file),
    model_type: 'falcon_h1',
    sliding_window: undefined,
    mamba_rms_norm: file.holds('blk.0.ssm_norm.weight'),
  }),
  // Scaled as it runs, stored as Llama is.
  minicpm: full('llama'),
  llada: full('llama'),
  dream: full('qwen2'),
  arcee: full('arcee'),
  exaone: full('exaone'),
  internlm2: full('internlm2'),
  starcoder2: (file) => ({ ...full('starcoder2')(file), use_bias: biased(file, 'attn_q') }),
  phi2: full('phi'),
  olmoe: (file) => ({ ...mixture(file), moe_intermediate_size: undefined, model_type: 'olmoe' }),
  stablelm: (file) => ({
    ...full('stablelm')(file),
    use_parallel_residual: !file.holds('blk.0.ffn_norm.weight'),
    use_qkv_bias: biased(file, 'attn_q'),
    qk_layernorm: file.holds('blk.0.attn_q_norm.weight'),
  }),
  mistral4: deepseek,
  'glm-dsa': (file) => ({
    ...deepseek(file),
    model_type: 'glm_moe_dsa',
    num_hidden_layers: file.number('block_count') - Number(file.get('nextn_predict_layers') ?? 0),
    num_nextn_predict_layers: file.get('nextn_predict_layers') || undefined,
    index_n_heads: file.get('attention.indexer.head_count'),
    index_head_dim: file.get('attention.indexer.key_length'),
  }),
  'ernie4_5-moe': (file) => {
    const { num_experts: experts, num_experts_per_tok: active, ...rest } = mixture(file)
    return {
      ...rest,
      model_type: 'ernie4_5_moe',
      moe_num_experts: experts,
      moe_k: active,
      moe_num_shared_experts: file.get('expert_shared_count') ?? 0,
      moe_layer_start_index: file.get('leading_dense_block_count'),
      moe_layer_interval: file.get('interleave_moe_layer_step'),
    }
  },
  'hunyuan-moe': (file) => {
    const { num_experts_per_tok: active, ...rest } = mixture(file)
    return {
      ...rest,
      model_type: 'hunyuan_v1_moe',
      moe_topk: active,
      num_shared_expert: file.get('expert_shared_count') ?? 1,
    }
  },
  lfm2moe: (file) => ({
    ...lfm2(file),
    block_auto_adjust_ff_dim: undefined,
    model_type: 'lfm2_moe',
    num_dense_layers: file.get('leading_dense_block_count'),
    num_experts: file.get('expert_count'),
    num_experts_per_tok: file.get('expert_used_count'),
    moe_intermediate_size: file.get('expert_feed_forward_length'),
  }),
  olmo2: full('olmo2'),
  smollm3: full('smollm3'),
  seed_oss: (file) => ({ ...common(file), model_type: 'seed_oss', attention_bias: file.holds('blk.0.attn_q.bias') }),
  ernie4_5: full('ernie4_5'),
  'hunyuan-dense': full('hunyuan_v1_dense'),
  exaone4: (file) => ({ ...common(file), model_type: 'exaone4' }),
  'command-r': full('cohere'),
  cohere2: (file) => ({ ...common(file), model_type: 'cohere2' }),
  lfm2,
}
