/** Dense decoders with other norms or another MLP than Llama: Persimmon, StarCoder 2, StableLM, Jais 2, nanochat. */

import { vector } from '../../tensors.ts'
import { attentionBias } from '../attention-options.ts'
import { decoder, readActivation } from '../decoder.ts'
import { readDimensions, readEqualHeads } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { readWindows } from '../layer-types.ts'

export const PLAIN_FAMILIES: Families = {
  // Biases everywhere, and norms of queries and keys with biases too.
  persimmon: (config) => {
    const dimensions = readEqualHeads(config)
    const normed = config.flag('qk_layernorm', true)
    const biases = ['q_layernorm.bias', 'k_layernorm.bias'].map((name) =>
      vector(`self_attn.${name}`, 'norm', dimensions.headDim),
    )
    return decoder(config, {
      dimensions,
      norm: 'layer',
      qkvBias: true,
      outputBias: true,
      mlpBias: true,
      gated: false,
      activation: readActivation(config, 'relu2'),
      qkNorm: normed ? 'head' : null,
      attentionNames: {
        fused: 'self_attn.query_key_value',
        o: 'self_attn.dense',
        qNorm: 'self_attn.q_layernorm',
        kNorm: 'self_attn.k_layernorm',
      },
      mlpNames: { up: 'mlp.dense_h_to_4h', down: 'mlp.dense_4h_to_h' },
      names: { finalNorm: 'final_layernorm' },
      extraOf: () => (normed ? biases : []),
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
  jais2: (config) =>
    decoder(config, {
      norm: 'layer',
      ...attentionBias(config, true),
      mlpBias: config.flag('mlp_bias', true),
      gated: false,
      activation: readActivation(config, 'relu2'),
    }),
  // Its norms learn nothing, queries' and keys' neither.
  nanochat: (config) =>
    decoder(config, {
      ...attentionBias(config),
      norm: 'none',
      gated: false,
      mlpNames: { up: 'mlp.fc1', down: 'mlp.fc2' },
      activation: readActivation(config, 'relu2'),
    }),
}
