/** ERNIE 4.5, dense and sparse. */
import { mixture } from '../blocks/feed-forward.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'

export const ERNIE_FAMILIES: Families = {
  ernie4_5: (config) => {
    const bias = config.flag('use_bias', false)
    return decoder(config, { qkvBias: bias, outputBias: bias, mlpBias: bias, tiedByDefault: true })
  },
  ernie4_5_moe: (config) => {
    const dimensions = readDimensions(config)
    const bias = config.flag('use_bias', false)
    const experts = config.count('moe_num_experts', LIMITS.experts)
    const intermediate = config.count('moe_intermediate_size')
    const block = mixture({
      hidden: dimensions.hidden,
      experts,
      active: config.ignore('moe_norm_min').count('moe_k', experts),
      intermediate,
      shared: (config.optionalCount('moe_num_shared_experts', LIMITS.experts, 0) ?? 0) * intermediate,
      activation: readActivation(config),
      correction: 'mlp.moe_statics.e_score_correction_bias',
    })
    const sparse = ernieSparse(config, dimensions.layers)
    return decoder(config, {
      dimensions,
      qkvBias: bias,
      outputBias: bias,
      mlpBias: bias,
      headBias: bias,
      tiedByDefault: true,
      feedForwardsOf: (layer) => (sparse(layer) ? [block] : undefined),
    })
  },
}

function ernieSparse(config: ConfigReader, layers: number): (layer: number) => boolean {
  const start = config.optionalCount('moe_layer_start_index', LIMITS.layers, 0) ?? 0
  const end = config.optionalCount('moe_layer_end_index', LIMITS.layers, -1) ?? -1
  const every = config.optionalCount('moe_layer_interval', LIMITS.layers) ?? 1
  const last = end === -1 ? layers - 1 : end
  return (layer) => layer >= start && layer <= last && (layer + 1) % every === 0
}
