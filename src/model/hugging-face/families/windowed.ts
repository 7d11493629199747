/** Llama's block with windows in three layers of four: Code World Model, and Granite with windows. */
import { decoder } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { readWindows } from '../layer-types.ts'

export const WINDOWED_FAMILIES: Families = {
  cwm: (config) => {
    const dimensions = readDimensions(config)
    const windowOf = readWindows(config, dimensions.layers, (layer) => layer % 4 !== 0)
    return decoder(config, {
      dimensions,
      mlpBias: config.flag('mlp_bias', false),
      attentionOf: (layer) => ({ window: windowOf(layer) }),
    })
  },
  granite_swa: (config) => {
    const dimensions = readDimensions(config)
    const windowOf = readWindows(config, dimensions.layers, (layer) => layer % 4 !== 0)
    const bias = config.flag('attention_bias', false)
    config.ignore('layer_rope_theta')
    return decoder(config, {
      dimensions,
      qkvBias: bias,
      outputBias: bias,
      mlpBias: config.flag('mlp_bias', false),
      tiedByDefault: true,
      attentionOf: (layer) => ({ window: windowOf(layer), sinks: true }),
    })
  },
}
