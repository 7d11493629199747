/** GLM and ChatGLM: from GLM-4.5 on with experts, from 4.7 Flash on with latent attention, from 5 on with an indexer. */
import type { ConfigReader } from '../config-reader.ts'
import { decoder } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { CORRECTION, firstDense, latentDecoder, predictionLayers } from './deepseek.ts'

const FUSED_MLP = { fused: 'mlp.gate_up_proj' }

const glm4 = (config: ConfigReader) =>
  decoder(config, {
    qkvBias: config.flag('attention_bias', true),
    mlpNames: FUSED_MLP,
    norms: ['input_layernorm', 'post_self_attn_layernorm', 'post_attention_layernorm', 'post_mlp_layernorm'],
  })

export const GLM_FAMILIES: Families = {
  glm: (config) => {
    config.withDefaults('transformers for glm', { head_dim: 128, num_key_value_heads: 2 })
    return decoder(config, { qkvBias: config.flag('attention_bias', true), mlpNames: FUSED_MLP })
  },
  glm4: (config) => glm4(config.withDefaults('transformers for glm4', { head_dim: 128, num_key_value_heads: 2 })),
  glm4v_text: (config) => glm4(config.withDefaults('transformers for glm4v_text', { num_key_value_heads: 2 })),
  // ChatGLM 2 and 3, and GLM-4-9B in its original form.
  chatglm: (config) => {
    const dimensions = readDimensions(config)
    const grouped = config.flag('multi_query_attention', false)
    const kvHeads = grouped ? config.count('multi_query_group_num', dimensions.heads) : dimensions.heads
    const bias = config.flag('add_bias_linear', false)
    const finalNorm = config.flag('post_layer_norm', true) ? 'encoder.final_layernorm' : null
    return decoder(config, {
      dimensions: { ...dimensions, kvHeads },
      norm: config.flag('rmsnorm', true) ? 'rms' : 'layer',
      qkvBias: bias || config.flag('add_qkv_bias', false),
      outputBias: bias,
      mlpBias: bias,
      intermediate: config.count('ffn_hidden_size'),
      activation: 'silu',
      attentionNames: { fused: 'self_attention.query_key_value', o: 'self_attention.dense' },
      mlpNames: { fused: 'mlp.dense_h_to_4h', down: 'mlp.dense_4h_to_h' },
      names: { embedding: 'embedding.word_embeddings', finalNorm, head: 'output_layer' },
    })
  },
  glm4_moe: (config) => {
    const dimensions = readDimensions(config)
    return decoder(config, {
      dimensions,
      qkvBias: config.flag('attention_bias', false),
      qkNorm: config.flag('use_qk_norm', false) ? 'head' : null,
      feedForwardsOf: firstDense(config, dimensions, CORRECTION),
      mtp: predictionLayers(config),
    })
  },
  glm4_moe_lite: (config) => latentDecoder(config, CORRECTION),
  glm_moe_dsa: (config) => {
    // Some layers may reuse the indexer of the layer before (`indexer_types`); then they store none.
    const shared = config.list('indexer_types', null)
    if (shared?.some((type) => type !== 'full')) {
      return latentDecoder(config, CORRECTION, (layer) => shared[layer] === 'full')
    }
    return latentDecoder(config, CORRECTION)
  },
}
