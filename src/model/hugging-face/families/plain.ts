/**
 * Dense decoders with other norms than Llama: OLMo, Cohere, StarCoder 2, StableLM, Nemotron, GLM and ChatGLM.
 */
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { type DecoderOptions, decoder, readActivation } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { allButEvery, readWindows } from '../layer-types.ts'

export const POST_NORMS = ['post_attention_layernorm', 'post_feedforward_layernorm']

export const PLAIN_FAMILIES: Families = {
  // Its norms learn nothing.
  olmo: (config) => decoder(config, { ...attentionBias(config), norm: 'none' }),
  olmo2: (config) => decoder(config, { ...attentionBias(config), norms: POST_NORMS, qkNorm: 'full' }),
  olmo3: (config) => {
    const dimensions = readDimensions(config)
    const windowOf = readWindows(config, dimensions.layers, allButEvery(4))
    return decoder(config, {
      ...attentionBias(config),
      dimensions,
      norms: POST_NORMS,
      qkNorm: 'full',
      attentionOf: (layer) => ({ window: windowOf(layer) }),
    })
  },
  // Attention and MLP in parallel behind one norm without bias.
  cohere: (config) =>
    decoder(config, {
      ...attentionBias(config),
      norm: 'layer-weight',
      norms: ['input_layernorm'],
      parallel: true,
      tiedByDefault: true,
      // One vector a head, so as wide as the projection.
      qkNorm: config.flag('use_qk_norm', false) ? 'full' : null,
    }),
  // Windowed layers have rotary embedding, the full ones none.
  cohere2: (config) => {
    const dimensions = readDimensions(config)
    const pattern = config.optionalCount(['sliding_window_pattern', '_sliding_window_pattern'], LIMITS.layers) ?? 4
    const windowOf = readWindows(config, dimensions.layers, allButEvery(pattern))
    return decoder(config, {
      ...attentionBias(config),
      dimensions,
      norm: 'layer-weight',
      norms: ['input_layernorm'],
      parallel: true,
      tiedByDefault: true,
      attentionOf: (layer) => ({ window: windowOf(layer), rope: windowOf(layer) !== null }),
    })
  },
  starcoder2: (config) => {
    const dimensions = readDimensions(config)
    const windowOf = readWindows(config, dimensions.layers, () => true)
    const bias = config.ignore('norm_type').flag('use_bias', true)
    const type = config.word('mlp_type') ?? 'default'
    if (type !== 'default') config.fail('mlp_type', `"${type}" is not supported; only "default" is known.`)
    return decoder(config, {
      dimensions,
      norm: 'layer',
      qkvBias: bias,
      outputBias: bias,
      mlpBias: bias,
      gated: false,
      activation: readActivation(config, 'gelu_pytorch_tanh'),
      tiedByDefault: true,
      mlpNames: { up: 'mlp.c_fc', down: 'mlp.c_proj' },
      attentionOf: (layer) => ({ window: windowOf(layer) }),
    })
  },
  stablelm: (config) => {
    const parallel = config.flag('use_parallel_residual', false)
    return decoder(config, {
      norm: 'layer',
      norms: parallel ? ['input_layernorm'] : undefined,
      parallel,
      qkvBias: config.flag('use_qkv_bias', false),
      // One vector a head, so as wide as the projection.
      qkNorm: config.flag('qk_layernorm', false) ? 'full' : null,
      attentionNames: { qNorm: 'self_attn.q_layernorm', kNorm: 'self_attn.k_layernorm' },
    })
  },
  nemotron: (config) =>
    decoder(config, {
      ...attentionBias(config),
      norm: 'layer',
      mlpBias: config.flag('mlp_bias', false),
      gated: false,
      activation: readActivation(config, 'relu2'),
    }),
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
}

const FUSED_MLP = { fused: 'mlp.gate_up_proj' }

const glm4 = (config: ConfigReader) =>
  decoder(config, {
    qkvBias: config.flag('attention_bias', true),
    mlpNames: FUSED_MLP,
    norms: ['input_layernorm', 'post_self_attn_layernorm', 'post_attention_layernorm', 'post_mlp_layernorm'],
  })

function attentionBias(config: ConfigReader): DecoderOptions {
  const bias = config.flag('attention_bias', false)
  return { qkvBias: bias, outputBias: bias }
}
