/** Mistral, Ministral and Mixtral: Llama with windows; Mistral 4 with latent attention. */
import { decoder } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families, Family } from '../family.ts'
import { readWindows } from '../layer-types.ts'
import { latentDecoder } from './deepseek.ts'
import { everywhere, MIXTRAL_EXPERTS } from './mixtures.ts'

const mistral: Family = (config) => {
  const dimensions = readDimensions(config)
  const windowOf = readWindows(config, dimensions.layers, () => true)
  return decoder(config, { dimensions, attentionOf: (layer) => ({ window: windowOf(layer) }) })
}

export const MISTRAL_FAMILIES: Families = {
  mistral,
  ministral: mistral,
  ministral3: mistral,
  mixtral: (config) => {
    const dimensions = readDimensions(config)
    const windowOf = readWindows(config, dimensions.layers, () => true)
    return decoder(config, {
      dimensions,
      attentionOf: (layer) => ({ window: windowOf(layer) }),
      feedForwardsOf: everywhere(config, { router: 'block_sparse_moe.gate', names: MIXTRAL_EXPERTS }),
    })
  },
  mistral4: (config) => latentDecoder(config, null),
}
