/**
 * Llama and those that differ from it by a bias, a norm or a window: RMSNorm twice a layer, gated MLP, GQA.
 * Sources: the families' modelling code in transformers 4.57 and 5.
 */
import { attentionBias } from '../attention-options.ts'
import { decoder, readActivation } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families, Family } from '../family.ts'
import { allButEvery, readWindows } from '../layer-types.ts'

/** `mlp_bias` covers all three matrices. */
const llama: Family = (config) => decoder(config, { ...attentionBias(config), mlpBias: config.flag('mlp_bias', false) })

/** The xIELU activation learns two numbers a layer; the MLP is not gated. */
const apertus: Family = (config) => {
  config.ignore('post_norm', 'mlp_bias')
  return decoder(config, {
    ...attentionBias(config),
    gated: false,
    qkNorm: config.flag('qk_norm', true) ? 'head' : null,
    norms: ['attention_layernorm', 'feedforward_layernorm'],
    extraOf: () => (readActivation(config, 'xielu') === 'xielu' ? XIELU : []),
  })
}

export const LLAMA_FAMILIES: Families = {
  llama,
  iquestcoder: llama,
  // Some layers have no rotary embedding: `no_rope_layers` lists 1 where it is applied, else every n-th lacks it.
  smollm3: (config) => {
    const dimensions = readDimensions(config)
    const rotary = config.indices('no_rope_layers', 1, dimensions.layers)
    const interval = config.optionalCount('no_rope_layer_interval') ?? 4
    const windowOf = readWindows(config, dimensions.layers, () => true)
    return decoder(config, {
      dimensions,
      ...attentionBias(config),
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
  apertus,
  apertus1p5_text: (config) => {
    if (config.has('output_vocab_size')) config.fail('output_vocab_size', 'is not supported; only null is known.')
    return apertus(config)
  },
  helium: (config) =>
    decoder(config, { qkvBias: config.flag('attention_bias', false), mlpBias: config.flag('mlp_bias', false) }),
  // Code World Model.
  cwm: (config) => {
    const dimensions = readDimensions(config)
    const windowOf = readWindows(config, dimensions.layers, (layer) => layer % 4 !== 0)
    return decoder(config, {
      dimensions,
      mlpBias: config.flag('mlp_bias', false),
      attentionOf: (layer) => ({ window: windowOf(layer) }),
    })
  },
  hyperclovax: (config) => {
    const after = config.flag('use_post_norm', false) ? ['post_norm1', 'post_norm2'] : []
    return decoder(config, {
      ...attentionBias(config),
      mlpBias: config.flag('mlp_bias', false),
      norms: ['input_layernorm', 'post_attention_layernorm', ...after],
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
