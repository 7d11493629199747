/** ERNIE 4.5, dense and sparse. */
import { mixture, namesUnder } from '../blocks/feed-forward.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'

export const ERNIE_FAMILIES: Families = {
  // Two mixtures in a layer, one for tokens of text and a narrower one for those of images, and shared experts for both. A token passes one.
  ernie4_5_vl_moe_text: (config) => {
    const dimensions = readDimensions(config)
    const { hidden, layers } = dimensions
    const bias = config.flag('use_bias', false)
    const experts = config.count('moe_num_experts', LIMITS.experts)
    const [forText, forImages] = config.indices('moe_intermediate_size', LIMITS.width, 2) ?? []
    if (!forText || !forImages)
      return config.fail('moe_intermediate_size', 'needs a width for text and one for images.')
    const spec = { hidden, experts, active: config.count('moe_k', experts), activation: readActivation(config) }
    const text = mixture({
      ...spec,
      intermediate: forText,
      shared: (config.optionalCount('moe_num_shared_experts', LIMITS.experts, 0) ?? 0) * forText,
      sharedBias: bias,
      correction: 'mlp.text_moe.gate.moe_statics.e_score_correction_bias',
      router: 'mlp.text_moe.gate',
      names: namesUnder('mlp.text_moe.experts'),
    })
    const images = mixture({
      ...spec,
      intermediate: forImages,
      correction: 'mlp.vision_moe.gate.moe_statics.e_score_correction_bias',
      router: 'mlp.vision_moe.gate',
      names: namesUnder('mlp.vision_moe.experts'),
    })
    const types = config.list('mlp_layer_types', layers)
    config.ignore('moe_norm_min')
    return decoder(config, {
      dimensions,
      qkvBias: bias,
      outputBias: bias,
      mlpBias: bias,
      tiedByDefault: true,
      feedForwardsOf: (layer) => ((types ? types[layer] === 'sparse' : layer > 0) ? [text] : undefined),
      extraOf: (layer) => ((types ? types[layer] === 'sparse' : layer > 0) ? images.tensors : []),
    })
  },
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
      sharedBias: bias,
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
