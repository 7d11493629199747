/**
 * Smaller families close to larger ones: Arcee, Helium, EXAONE 3 and 4, Ministral 3, Mistral 4, Solar Open, Hunyuan 3,
 * MiniCPM 3, Granite-MoE with a shared expert, Bamba, GPT-Neo and CodeGen.
 */

import { table } from '../../tensors.ts'
import { latentAttention, readLatentSpec } from '../blocks/latent-attention.ts'
import { mamba2 } from '../blocks/mamba.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { HIDDEN, readDimensions, readStream } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { allButEvery, readWindows } from '../layer-types.ts'
import { CORRECTION, firstDense, latentDecoder } from './deepseek.ts'
import { graniteFeedForward, graniteMamba } from './hybrid.ts'
import { LLAMA_FAMILIES } from './llama.ts'

export const RELATED_FAMILIES: Families = {
  exaone: (config) => LLAMA_FAMILIES.llama!(config.ignore('layer_norm_epsilon')),
  ministral3: (config) => LLAMA_FAMILIES.mistral!(config),
  mistral4: (config) => latentDecoder(config, null),
  arcee: (config) => {
    const bias = config.flag('attention_bias', false)
    return decoder(config, {
      qkvBias: bias,
      outputBias: bias,
      mlpBias: config.flag('mlp_bias', false),
      gated: false,
      activation: readActivation(config, 'relu2'),
    })
  },
  helium: (config) =>
    decoder(config, { qkvBias: config.flag('attention_bias', false), mlpBias: config.flag('mlp_bias', false) }),
  // Without windows every layer is rotary, with them only the windowed ones.
  exaone4: (config) => {
    const dimensions = readDimensions(config)
    const pattern = config.raw('sliding_window_pattern')
    const windowOf = readWindows(config, dimensions.layers, exaonePattern(config, pattern))
    const windowed = config.has('sliding_window')
    return decoder(config, {
      dimensions,
      norms: ['post_attention_layernorm', 'post_feedforward_layernorm'],
      qkNorm: 'head',
      attentionOf: (layer) => ({ window: windowOf(layer), rope: !windowed || windowOf(layer) !== null }),
    })
  },
  solar_open: (config) => {
    const dimensions = readDimensions(config.withDefaults('transformers for solar_open', { head_dim: 128 }))
    config.ignore('intermediate_size', 'first_k_dense_replace')
    return decoder(config, {
      dimensions,
      qkvBias: config.flag('attention_bias', false),
      feedForwardsOf: firstDense(config, dimensions, CORRECTION),
    })
  },
  hy_v3: (config) => {
    const dimensions = readDimensions(config.withDefaults('transformers for hy_v3', { head_dim: 128 }))
    const bias = config.flag('attention_bias', false)
    config.only('mlp_bias', false).ignore('enable_moe_fp32_combine', 'router_scaling_factor')
    return decoder(config, {
      dimensions,
      qkvBias: bias,
      outputBias: bias,
      qkNorm: 'head',
      feedForwardsOf: firstDense(config, dimensions, 'mlp.e_score_correction_bias'),
    })
  },
  minicpm3: (config) => {
    const stream = readStream(config)
    config
      .only('mlp_bias', false)
      .ignore('num_key_value_heads', 'head_dim', 'qk_head_dim', 'scale_depth', 'dim_model_base')
    const heads = config.count('num_attention_heads', LIMITS.heads)
    if (!config.has('v_head_dim')) config.withDefaults('minicpm3', { v_head_dim: stream.hidden / heads })
    const block = latentAttention(readLatentSpec(config, stream.hidden))
    const dimensions = { ...stream, heads, kvHeads: heads, headDim: 1 }
    return decoder(config, { dimensions, tiedByDefault: true, mixersOf: () => [block] })
  },
  granitemoeshared: (config) => {
    const dimensions = readDimensions(config)
    const bias = config.flag('attention_bias', false)
    const feedForward = graniteFeedForward(config, dimensions.hidden)
    return decoder(config, {
      dimensions,
      qkvBias: bias,
      outputBias: bias,
      tiedByDefault: true,
      feedForwardsOf: () => [feedForward],
    })
  },
  bamba: (config) => {
    const dimensions = readDimensions(config)
    const attending = config.indices(['attn_layer_indices'], LIMITS.layers) ?? []
    const bias = config.flag('attention_bias', false)
    const block = mamba2(graniteMamba(config, dimensions.hidden))
    config.ignore('mamba_expand')
    return decoder(config, {
      dimensions,
      qkvBias: bias,
      outputBias: bias,
      mlpBias: config.flag('mlp_bias', false),
      norms: ['input_layernorm', 'pre_ff_layernorm'],
      names: { finalNorm: 'final_layernorm' },
      mlpNames: { gate: 'feed_forward.gate_proj', up: 'feed_forward.up_proj', down: 'feed_forward.down_proj' },
      mixersOf: (layer) => (attending.includes(layer) ? undefined : [block]),
    })
  },
  // Layers attend in turns to everything and to a window of 256 tokens.
  gpt_neo: (config) => {
    const dimensions = readDimensions(config)
    const window = config.optionalCount('window_size', LIMITS.positions) ?? 256
    const local = readLocalLayers(config, dimensions.layers)
    const positions = config.count('max_position_embeddings')
    return decoder(config, {
      dimensions,
      norm: 'layer',
      norms: ['ln_1', 'ln_2'],
      position: 'learned',
      outputBias: true,
      mlpBias: true,
      gated: false,
      activation: readActivation(config, 'gelu_new'),
      tiedByDefault: true,
      intermediate: config.optionalCount('intermediate_size') ?? 4 * dimensions.hidden,
      attentionNames: {
        q: 'attn.attention.q_proj',
        k: 'attn.attention.k_proj',
        v: 'attn.attention.v_proj',
        o: 'attn.attention.out_proj',
      },
      mlpNames: { up: 'mlp.c_fc', down: 'mlp.c_proj' },
      names: { embedding: 'wte', finalNorm: 'ln_f' },
      attentionOf: (layer) => ({ window: local(layer) ? window : null }),
      outside: [table('wpe', 'embedding', positions, dimensions.hidden)],
    })
  },
  // GPT-J with one matrix for query, key and value.
  codegen: (config) =>
    decoder(config, {
      norm: 'layer',
      norms: ['ln_1'],
      parallel: true,
      mlpBias: true,
      headBias: true,
      gated: false,
      activation: readActivation(config, 'gelu_new'),
      intermediate: config.optionalCount('n_inner') ?? 4 * config.count(HIDDEN),
      attentionNames: { fused: 'attn.qkv_proj', o: 'attn.out_proj' },
      mlpNames: { up: 'mlp.fc_in', down: 'mlp.fc_out' },
      names: { embedding: 'wte', finalNorm: 'ln_f' },
    }),
}

/** A number n for "every n-th layer is full", or letters such as LLLG repeated over the layers. */
function exaonePattern(config: ConfigReader, pattern: unknown): (layer: number) => boolean {
  // 0 stands for no windows.
  if (typeof pattern !== 'string') {
    return allButEvery(config.optionalCount('sliding_window_pattern', LIMITS.layers, 0) || 4)
  }
  if (!/^[LG]{1,64}$/.test(pattern)) config.fail('sliding_window_pattern', 'is neither a number nor letters L and G.')
  return (layer) => pattern[layer % pattern.length] === 'L'
}

/** `attention_types` is a list of [kinds, repeats]: [[["global", "local"], 12]]. */
function readLocalLayers(config: ConfigReader, layers: number): (layer: number) => boolean {
  const types = config.list('attention_types', null)
  config.ignore('attention_layers')
  if (types === null) return (layer) => layer % 2 === 1
  const order: boolean[] = []
  for (const entry of types) {
    const [kinds, repeats] = Array.isArray(entry) ? entry : []
    if (!Array.isArray(kinds) || !Number.isInteger(repeats) || repeats < 1 || repeats * kinds.length > layers) {
      config.fail('attention_types', 'is not a list of [kinds, repeats] that fits the layers.')
    }
    for (let n = 0; n < repeats; n++) order.push(...kinds.map((kind) => kind === 'local'))
  }
  if (order.length !== layers) config.fail('attention_types', `names ${order.length} layers of ${layers}.`)
  return (layer) => order[layer] === true
}
