/** What many families say of their attention in the same words: biases, and windows in some layers. */
import type { ConfigReader } from './config-reader.ts'
import type { DecoderOptions } from './decoder.ts'
import type { Dimensions } from './dimensions.ts'
import { readWindows } from './layer-types.ts'

/** `attention_bias` covers q, k, v and o. */
export function attentionBias(config: ConfigReader, byDefault = false): Pick<DecoderOptions, 'qkvBias' | 'outputBias'> {
  const bias = config.flag('attention_bias', byDefault)
  return { qkvBias: bias, outputBias: bias }
}

/** Windows where `layer_types` or else `slides` says so, and biases of attention where the config has them. */
export function windowed(
  config: ConfigReader,
  dimensions: Dimensions,
  slides: (layer: number) => boolean,
): Pick<DecoderOptions, 'dimensions' | 'qkvBias' | 'outputBias' | 'attentionOf'> {
  const windowOf = readWindows(config, dimensions.layers, slides)
  return { dimensions, ...attentionBias(config), attentionOf: (layer) => ({ window: windowOf(layer) }) }
}
