/** LFM2-VL. */
import { norm } from '../assemble.ts'
import { projector, type Tower } from './parts.ts'
import { siglip } from './siglip.ts'

export const lfm2Vl: Tower = (vision, hidden, config) => {
  const tensors = siglip(vision, true)
  const merged = vision.count('hidden_size') * (config.optionalCount('downsample_factor', 64) ?? 2) ** 2
  const wide = config.optionalCount('projector_hidden_size') ?? 2560
  const bias = config.flag('projector_bias', true)
  return [
    ...tensors,
    ...(config.flag('projector_use_layernorm', true) ? norm('projector.layer_norm', 'layer', merged, 'vision') : []),
    ...projector('projector.linear_1', wide, merged, bias),
    ...projector('projector.linear_2', hidden, wide, bias),
  ]
}
