/** Hunyuan 4: positions for the largest image, 2 × 2 patches merged, a vector for the end of a row. */
import { vector } from '../../tensors.ts'
import { channels, projector, readTower, type Tower, WITH_BIASES } from './parts.ts'
import { visionTransformer } from './transformer.ts'

export const hunyuan4: Tower = (vision, hidden) => {
  const tower = readTower(vision)
  const patch = vision.count('patch_size')
  const out = vision.optionalCount('out_hidden_size') ?? hidden
  const merged = tower.hidden * vision.count('spatial_merge_size', 64) ** 2
  vision.ignore('num_key_value_heads', 'interpolate_mode')
  return [
    ...visionTransformer({
      ...tower,
      ...WITH_BIASES,
      patch: channels(vision) * patch ** 2,
      positions: Math.floor(vision.count('max_image_size') / patch) ** 2 + 1,
      outerNorms: [],
    }),
    vector('projector.image_newline', 'vision', out),
    ...projector('projector.proj_conv', merged, merged, true),
    ...projector('projector.proj_out', out, merged, true),
    vector('projector.before_rms', 'vision', tower.hidden),
  ]
}
