/** Command A Vision and Aya Vision. */
import { norm } from '../assemble.ts'
import { projector, type Tower } from './parts.ts'
import { siglip } from './siglip.ts'

/** The projector is gated: half of what the first matrix makes meets the second. */
export const cohere2Vision: Tower = (vision, hidden, config) => {
  const tensors = siglip(vision, true)
  const merged = vision.count('hidden_size') * (config.optionalCount('downsample_factor', 64) ?? 2) ** 2
  const wide = config.optionalCount('alignment_intermediate_size') ?? 36_864
  return [
    ...tensors,
    ...projector('projector.linear_1', wide, merged, true),
    ...projector('projector.linear_2', hidden, Math.floor(wide / 2), true),
  ]
}

/** As Command A Vision's, with a norm before the gated projector. */
export const ayaVision: Tower = (vision, hidden, config) => {
  const tensors = siglip(vision, true)
  const merged = vision.count('hidden_size') * (config.optionalCount('downsample_factor', 64) ?? 2) ** 2
  const wide = config.optionalCount('alignment_intermediate_size') ?? hidden
  config.ignore(
    'vision_feature_layer',
    'vision_feature_select_strategy',
    'adapter_layer_norm_eps',
    'max_splits_per_img',
  )
  return [
    ...tensors,
    ...norm('projector.layernorm', 'layer', merged, 'vision'),
    ...projector('projector.linear_1', wide, merged, true),
    ...projector('projector.linear_2', hidden, Math.floor(wide / 2), true),
  ]
}
