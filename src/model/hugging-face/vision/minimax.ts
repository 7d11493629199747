/** MiniMax-M3. */
import { channels, projector, readTower, type Tower, WITH_BIASES } from './parts.ts'
import { visionTransformer } from './transformer.ts'

export const minimaxM3: Tower = (vision, hidden, config) => {
  const tower = readTower(vision)
  const frames = vision.optionalCount('temporal_patch_size', 64) ?? 2
  const merged = hidden * (vision.optionalCount('spatial_merge_size', 64) ?? 2) ** 2
  const wide = config.optionalCount('projector_hidden_size') ?? hidden
  vision.ignore('image_size')
  return [
    ...visionTransformer({
      ...tower,
      ...WITH_BIASES,
      patch: channels(vision) * frames * vision.count('patch_size') ** 2,
      patchBias: false,
      positions: 0,
      outerNorms: ['pre_layrnorm'],
    }),
    ...projector('projector.linear_1', wide, tower.hidden, true),
    ...projector('projector.linear_2', hidden, wide, true),
    ...projector('projector.merge_linear_1', wide, merged, true),
    ...projector('projector.merge_linear_2', hidden, wide, true),
  ]
}
