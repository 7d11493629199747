/** CLIP's tower: a class token beside the patches. */
import type { Tensor } from '../../architecture.ts'
import { vector } from '../../tensors.ts'
import type { ConfigReader } from '../config-reader.ts'
import { channels, readTower, WITH_BIASES } from './parts.ts'
import { visionTransformer } from './transformer.ts'

export function clip(vision: ConfigReader): Tensor[] {
  vision.withDefaults('transformers for CLIP', {
    hidden_size: 768,
    intermediate_size: 3072,
    num_hidden_layers: 12,
    num_attention_heads: 12,
    image_size: 224,
    patch_size: 32,
  })
  return withClassToken(vision)
}

export function withClassToken(vision: ConfigReader): Tensor[] {
  const tower = readTower(vision)
  const patch = vision.count('patch_size')
  return [
    ...visionTransformer({
      ...tower,
      ...WITH_BIASES,
      patch: channels(vision) * patch ** 2,
      patchBias: false,
      positions: Math.floor(vision.count('image_size') / patch) ** 2 + 1,
      outerNorms: ['layernorm_pre', 'layernorm_post'],
    }),
    vector('vision.class_embedding', 'vision', tower.hidden),
  ]
}
