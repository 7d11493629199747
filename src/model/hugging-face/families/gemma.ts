/**
 * Gemma 1 to 3: large head_dim, tied embedding; from Gemma 2 on four norms a layer and sliding windows, in Gemma 3
 * query and key norms too. The defaults are those of transformers: nested text configs leave out what equals them.
 */
import { attentionBias, windowed } from '../attention-options.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { type DecoderOptions, decoder, readActivation } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families, Family } from '../family.ts'
import { allButEvery } from '../layer-types.ts'

export const FOUR_NORMS = [
  'input_layernorm',
  'post_attention_layernorm',
  'pre_feedforward_layernorm',
  'post_feedforward_layernorm',
]

const gemma3: Family = (config) => {
  config.withDefaults('transformers for gemma3_text', {
    vocab_size: 262_208,
    hidden_size: 2304,
    intermediate_size: 9216,
    num_hidden_layers: 26,
    num_attention_heads: 8,
    num_key_value_heads: 4,
    head_dim: 256,
    max_position_embeddings: 131_072,
    sliding_window: 4096,
  })
  const pattern = config.optionalCount(['sliding_window_pattern', '_sliding_window_pattern'], LIMITS.layers) ?? 6
  return gemma(config, pattern, { norms: FOUR_NORMS, qkNorm: 'head' })
}

export const GEMMA_FAMILIES: Families = {
  gemma: (config) => gemma(config.withDefaults('transformers for gemma', { head_dim: 256 }), null, {}),
  gemma2: (config) => {
    config.withDefaults('transformers for gemma2', {
      vocab_size: 256_000,
      hidden_size: 2304,
      intermediate_size: 9216,
      num_hidden_layers: 26,
      num_attention_heads: 8,
      num_key_value_heads: 4,
      head_dim: 256,
      max_position_embeddings: 8192,
      sliding_window: 4096,
    })
    return gemma(config, 2, { norms: FOUR_NORMS })
  },
  gemma3,
  gemma3_text: gemma3,
  // Gemma 2 with the norms before attention and MLP only.
  vaultgemma: (config) => gemma(config, 2, { norms: ['input_layernorm', 'pre_feedforward_layernorm'] }),
}

/** `pattern`: each so many-th layer has full attention, the others a window; null for no windows at all. */
function gemma(config: ConfigReader, pattern: number | null, options: DecoderOptions) {
  return decoder(config, {
    ...(pattern === null ? attentionBias(config) : windowed(config, readDimensions(config), allButEvery(pattern))),
    activation: readActivation(config, 'gelu_pytorch_tanh'),
    tiedByDefault: true,
    ...options,
  })
}
