/** EXAONE 3 and 4, and K-EXAONE with experts. */
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { decoder } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { allButEvery, readWindows } from '../layer-types.ts'
import { CORRECTION, firstDense } from './deepseek.ts'
import { LLAMA_FAMILIES } from './llama.ts'

export const EXAONE_FAMILIES: Families = {
  exaone: (config) => LLAMA_FAMILIES.llama!(config.ignore('layer_norm_epsilon')),
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
  exaone_moe: (config) => {
    const dimensions = readDimensions(config)
    const pattern = config.optionalCount('sliding_window_pattern', LIMITS.layers) ?? 4
    const windowOf = readWindows(config, dimensions.layers, allButEvery(pattern))
    return decoder(config, {
      dimensions,
      attentionOf: (layer) => ({ window: windowOf(layer) }),
      qkNorm: 'head',
      feedForwardsOf: firstDense(config, dimensions, CORRECTION),
    })
  },
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
