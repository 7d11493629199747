/** Architectures whose layers, or most of them, have a state or a convolution instead of attention. */
import type { Metadata } from '../metadata.ts'
import { common, type Translate } from './common.ts'

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

/** Gated DeltaNet under the keys of state-space models. */
export const deltaNet = (file: Metadata) => ({
  sliding_window: null,
  full_attention_interval: file.get('full_attention_interval') ?? 4,
  linear_conv_kernel_dim: file.get('ssm.conv_kernel'),
  linear_key_head_dim: file.get('ssm.state_size'),
  linear_num_key_heads: file.get('ssm.group_count'),
  linear_num_value_heads: file.get('ssm.time_step_rank'),
  linear_value_head_dim: file.number('ssm.inner_size') / file.number('ssm.time_step_rank'),
})

/** Layers without key/value heads are convolutions. */
export const lfm2: Translate = (file) => {
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

export const graniteHybrid: Translate = (file) => {
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
export const nemotronH =
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

export const lfm2Moe: Translate = (file) => ({
  ...lfm2(file),
  block_auto_adjust_ff_dim: undefined,
  model_type: 'lfm2_moe',
  num_dense_layers: file.get('leading_dense_block_count'),
  num_experts: file.get('expert_count'),
  num_experts_per_tok: file.get('expert_used_count'),
  moe_intermediate_size: file.get('expert_feed_forward_length'),
})

export const falconH1: Translate = (file) => ({
  ...common(file),
  ...mamba2(file),
  model_type: 'falcon_h1',
  sliding_window: undefined,
  mamba_rms_norm: file.holds('blk.0.ssm_norm.weight'),
})
