/**
 * Llama and those that differ from it by a bias, a norm or a window: RMSNorm twice a layer, gated MLP, GQA.
 * Sources: the families' modelling code in transformers 4.57 and 5.
 */
import { decoder } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { allButEvery, readWindows } from '../layer-types.ts'

export const LLAMA_FAMILIES: Families = {
  // `attention_bias` covers q, k, v and o; `mlp_bias` all three matrices.
  llama: (config) => {
    const bias = config.flag('attention_bias', false)
    return decoder(config, { qkvBias: bias, outputBias: bias, mlpBias: config.flag('mlp_bias', false) })
  },
  mistral: (config) => {
    const dimensions = readDimensions(config)
    const windowOf = readWindows(config, dimensions.layers, () => true)
    return decoder(config, { dimensions, attentionOf: (layer) => ({ window: windowOf(layer) }) })
  },
  // Some layers have no rotary embedding: `no_rope_layers` lists 1 where it is applied, else every n-th lacks it.
  smollm3: (config) => {
    const dimensions = readDimensions(config)
    const rotary = config.indices('no_rope_layers', 1, dimensions.layers)
    const interval = config.optionalCount('no_rope_layer_interval') ?? 4
    const windowOf = readWindows(config, dimensions.layers, () => true)
    const bias = config.flag('attention_bias', false)
    return decoder(config, {
      dimensions,
      qkvBias: bias,
      outputBias: bias,
      mlpBias: config.flag('mlp_bias', false),
      tiedByDefault: true,
      attentionOf: (layer) => ({
        window: windowOf(layer),
        rope: rotary === null ? allButEvery(interval)(layer) : rotary[layer] === 1,
      }),
    })
  },
  seed_oss: (config) =>
    decoder(config, {
      qkvBias: config.flag('attention_bias', true),
      outputBias: config.flag('attention_out_bias', false),
      mlpBias: config.flag('mlp_bias', false),
    }),
  ernie4_5: (config) => {
    const bias = config.flag('use_bias', false)
    return decoder(config, { qkvBias: bias, outputBias: bias, mlpBias: bias, tiedByDefault: true })
  },
  internlm2: (config) => {
    const bias = config.flag('bias', false)
    const attentionNames = { fused: 'attention.wqkv', o: 'attention.wo' }
    const mlpNames = { gate: 'feed_forward.w1', up: 'feed_forward.w3', down: 'feed_forward.w2' }
    return decoder(config, {
      qkvBias: bias,
      outputBias: bias,
      attentionNames,
      mlpNames,
      norms: ['attention_norm', 'ffn_norm'],
      names: { embedding: 'tok_embeddings', head: 'output' },
    })
  },
  internlm3: (config) => {
    const bias = config.flag('bias', false)
    return decoder(config, { qkvBias: config.flag('qkv_bias', false), outputBias: bias, mlpBias: bias })
  },
  // The 13B has ALiBi where the 7B has rotary embedding, and says so only by having no limit of positions.
  baichuan: (config) => {
    const position = config.has('max_position_embeddings') ? 'rope' : 'alibi'
    return decoder(config, { position, attentionNames: { fused: 'self_attn.W_pack' } })
  },
  hunyuan_v1_dense: (config) => {
    config.only('use_cla', false).ignore('cla_share_factor', 'dense_list', 'norm_type')
    const bias = config.flag('attention_bias', false)
    return decoder(config, {
      qkvBias: bias,
      outputBias: bias,
      mlpBias: config.flag('mlp_bias', false),
      qkNorm: config.flag('use_qk_norm', true) ? 'head' : null,
      attentionNames: { qNorm: 'self_attn.query_layernorm', kNorm: 'self_attn.key_layernorm' },
    })
  },
  // The xIELU activation learns two numbers a layer; the MLP is not gated.
  apertus: (config) => {
    const bias = config.flag('attention_bias', false)
    config.ignore('post_norm')
    return decoder(config, {
      qkvBias: bias,
      outputBias: bias,
      mlpBias: config.flag('mlp_bias', false),
      gated: false,
      qkNorm: config.flag('qk_norm', true) ? 'head' : null,
      norms: ['attention_layernorm', 'feedforward_layernorm'],
      extraOf: () => XIELU,
    })
  },
}

const XIELU = ['alpha_p', 'alpha_n'].map((name) => ({
  name: `mlp.act_fn.${name}`,
  class: 'mlp' as const,
  count: 1,
  out: 1,
  in: 1,
  linear: false,
  parts: 1,
  cut: null,
}))

LLAMA_FAMILIES.granite = LLAMA_FAMILIES.llama!
LLAMA_FAMILIES.ministral = LLAMA_FAMILIES.mistral!
