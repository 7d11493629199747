/** GLM and ChatGLM: from GLM-4.5 on with experts, from 4.7 Flash on with latent attention, from 5 on with an indexer. */
import { replicatedLinear, table } from '../../tensors.ts'
import { hyperConnections } from '../blocks/hyper-connections.ts'
import { latentAttention, readLatentSpec } from '../blocks/latent-attention.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { decoder } from '../decoder.ts'
import { readDimensions, readStream } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { allButEvery, readLayerTypes } from '../layer-types.ts'
import { CORRECTION, firstDense, latentDecoder, predictionLayers } from './deepseek.ts'
import { deltaAttention } from './kimi.ts'

const FUSED_MLP = { fused: 'mlp.gate_up_proj' }

const glm4 = (config: ConfigReader, bias = true) =>
  decoder(config, {
    qkvBias: bias && config.flag('attention_bias', true),
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
  // GLM-5.3-Flash: Kimi delta attention in three of four layers, latent attention without rotary embedding in the others; the indexer scores pools
  // of tokens, for which it keeps two vectors a token; hyper-connections between all layers.
  glm5_next_text: (config) => {
    const stream = readStream(config)
    const { hidden, layers } = stream
    const spec = readLatentSpec(config, hidden)
    const types = readLayerTypes(config, layers, ['linear_attention', 'indexed_attention', 'full_attention'])
    const linear = types ? (layer: number) => types[layer] === 'linear_attention' : allButEvery(4)
    const delta = deltaAttention({
      hidden,
      heads: config.count('linear_num_heads', LIMITS.heads),
      headDim: config.count('linear_head_dim'),
      kernel: config.count('linear_conv_kernel_dim', 64),
    })
    const pooled = config.count('index_kpool', 1024)
    const { indexer } = spec
    if (indexer === null) return config.fail('index_n_heads', 'missing; it decides how large the indexer is.')
    const full = latentAttention(spec)
    const attending = { ...full, mixer: { ...full.mixer, indexer: { ...indexer, headDim: 2 * indexer.headDim } } }
    const pooling = [
      table('self_attn.indexer.index_kpool_compress_ape', 'attention', pooled, indexer.headDim),
      ...replicatedLinear('self_attn.indexer.index_kpool_compress_gate', 'attention', {
        out: indexer.headDim,
        in: hidden,
      }),
    ]
    const between = hyperConnections(config.count('hc_mult', 64), hidden)
    const shared = config.list('indexer_types', layers)
    if (shared?.some((type) => type !== 'full')) config.fail('indexer_types', 'other than "full" is not supported.')
    config.only('mlp_bias', false).ignore('num_key_value_heads', 'head_dim', 'qk_head_dim', 'index_topk')
    config.ignore('index_kpool_always_select_tail', 'hc_eps', 'hc_sinkhorn_iters', 'linear_lower_bound')
    const dimensions = { ...stream, heads: spec.heads, kvHeads: spec.heads, headDim: spec.qkNopeHeadDim }
    return decoder(config, {
      dimensions,
      position: 'none',
      mixersOf: (layer) => [linear(layer) ? delta : attending],
      feedForwardsOf: firstDense(config, dimensions, CORRECTION),
      extraOf: (layer) => (linear(layer) ? between : [...pooling, ...between]),
      mtp: predictionLayers(config),
    })
  },
  // GLM-OCR: GLM 4 without biases.
  glm_ocr_text: (config) => glm4(config, false),
  glm_moe_dsa: (config) => {
    // Some layers may reuse the indexer of the layer before (`indexer_types`); then they store none.
    const shared = config.list('indexer_types', null)
    if (shared?.some((type) => type !== 'full')) {
      return latentDecoder(config, CORRECTION, { indexes: (layer) => shared[layer] === 'full' })
    }
    return latentDecoder(config, CORRECTION)
  },
}
