/** Mistral's tower, Pixtral, and what joins it to Mistral 3. */
import { vector } from '../../tensors.ts'
import type { ConfigReader } from '../config-reader.ts'
import { channels, projector, readTower, type Tower } from './parts.ts'
import { visionTransformer } from './transformer.ts'

export const pixtral = (vision: ConfigReader) => {
  vision.withDefaults('transformers for Pixtral', {
    hidden_size: 1024,
    intermediate_size: 4096,
    num_hidden_layers: 24,
    num_attention_heads: 16,
    patch_size: 16,
  })
  return visionTransformer({
    ...readTower(vision),
    gated: true,
    norm: 'rms',
    norms: 2,
    attentionBias: false,
    mlpBias: false,
    patch: channels(vision) * vision.count('patch_size') ** 2,
    patchBias: false,
    positions: 0,
    outerNorms: ['ln_pre'],
  })
}

/** Pixtral with Mistral's patch merger. */
export const mistral3: Tower = (vision, hidden, config) => {
  const tensors = pixtral(vision)
  const width = vision.count('hidden_size')
  const bias = config.flag('multimodal_projector_bias', false)
  const merged = (config.optionalCount('spatial_merge_size', 64) ?? 2) ** 2
  config.ignore('vision_feature_layer')
  return [
    ...tensors,
    vector('projector.norm', 'vision', width),
    ...projector('projector.merging_layer', width, width * merged, false),
    ...projector('projector.linear_1', hidden, width, bias),
    ...projector('projector.linear_2', hidden, hidden, bias),
  ]
}
