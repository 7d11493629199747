/** LLaVA, LLaVA-NeXT and LLaVA-OneVision. */
import type { Tensor } from '../../architecture.ts'
import { vector } from '../../tensors.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { clip } from './clip.ts'
import { projector, type Tower } from './parts.ts'
import { pixtral } from './pixtral.ts'
import { siglip } from './siglip.ts'

/** LLaVA: CLIP's tower with a class token, SigLIP's or Pixtral's, and a two-layer projector; the next version adds a newline vector. */
export const llava: Tower = (vision, hidden, config) => {
  const type = vision.word('model_type') ?? ''
  const eye = Object.hasOwn(EYES, type) ? EYES[type] : undefined
  if (!eye) return vision.fail('model_type', `only ${Object.keys(EYES).join(', ')} are supported here, not ${type}.`)
  const tensors = eye(vision)
  // Features of several layers stand side by side (Granite Vision).
  const taken = config.raw('vision_feature_layer')
  const features = (Array.isArray(taken) ? Math.max(1, taken.length) : 1) * vision.count('hidden_size')
  if (features > LIMITS.width) config.fail('vision_feature_layer', 'lists too many layers.')
  const bias = config.flag('multimodal_projector_bias', true)
  config.ignore('vision_feature_select_strategy', 'image_grid_pinpoints', 'use_image_newline_parameter')
  const newline = /^llava_next/.test(config.word('model_type') ?? '')
    ? [vector('projector.image_newline', 'vision', hidden)]
    : []
  return [
    ...tensors,
    ...projector('projector.linear_1', hidden, features, bias),
    ...projector('projector.linear_2', hidden, hidden, bias),
    ...newline,
  ]
}

const EYES: Record<string, (vision: ConfigReader) => Tensor[]> = {
  clip_vision_model: clip,
  siglip_vision_model: (vision) => siglip(vision, true),
  pixtral,
}

export const llavaOnevision: Tower = (vision, hidden, config) => {
  const bias = config.flag('multimodal_projector_bias', true)
  config.ignore('image_grid_pinpoints', 'vision_aspect_ratio', 'vision_feature_layer', 'vision_feature_select_strategy')
  return [
    ...siglip(vision, true),
    vector('projector.image_newline', 'vision', hidden),
    ...projector('projector.linear_1', hidden, vision.count('hidden_size'), bias),
    ...projector('projector.linear_2', hidden, hidden, bias),
  ]
}
