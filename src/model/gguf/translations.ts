/** From the metadata of a GGUF file to the words of a Hugging Face config, architecture by architecture. Keys: gguf-py/gguf/constants.py of llama.cpp. */
import { ModelImportError } from '../errors.ts'
import { biased, common, denseFirst, full, mixture, sharedExpert, type Translate } from './translate/common.ts'
import { gemma4 } from './translate/gemma4.ts'
import { deepseek, glmDsa } from './translate/latent.ts'
import { deltaNet, falconH1, graniteHybrid, lfm2, lfm2Moe, nemotronH } from './translate/state-space.ts'

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
  'falcon-h1': falconH1,
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
  'glm-dsa': glmDsa,
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
  lfm2moe: lfm2Moe,
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
