/** Kimi-VL and Kimi K2.5. */
import { norm } from '../assemble.ts'
import { channels, projector, readTower, type Tower, WITH_BIASES } from './parts.ts'
import { visionTransformer } from './transformer.ts'

/** MoonViT: positions of a grid, merged 2 × 2. */
export const kimiK25: Tower = (vision, hidden, config) => {
  const tower = readTower(vision)
  const [height = 2, width = 2] = vision.indices('merge_kernel_size', 64, 2) ?? []
  const merged = tower.hidden * height * width
  vision.ignore('pos_emb_time')
  return [
    ...visionTransformer({
      ...tower,
      ...WITH_BIASES,
      patch: channels(vision) * vision.count('patch_size') ** 2,
      positions:
        vision.count(['pos_emb_height', 'init_pos_emb_height']) * vision.count(['pos_emb_width', 'init_pos_emb_width']),
      outerNorms: ['final_layernorm'],
    }),
    ...norm('projector.pre_norm', 'layer', config.optionalCount('projection_hidden_size') ?? tower.hidden, 'vision'),
    ...projector('projector.in_proj', merged, merged, true),
    ...projector('projector.out_proj', hidden, merged, true),
  ]
}
