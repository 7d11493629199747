/** GLM-4.1V to 4.6V, GLM-OCR, GLM-5.3-Flash. */
import type { Tensor } from '../../architecture.ts'
import { vector } from '../../tensors.ts'
import { norm } from '../assemble.ts'
import { channels, projector, readTower, type Tower } from './parts.ts'
import { visionTransformer } from './transformer.ts'

/** GLM-4.1V and 4.5V: layers as wide as the language model, a gated merger of the width that the config calls intermediate. */
export const glm4v: Tower = (vision, hidden) => {
  const tower = readTower(vision)
  const out = vision.optionalCount('out_hidden_size') ?? hidden
  const patch = vision.count('patch_size')
  const merge = vision.count('spatial_merge_size', 64)
  const { intermediate } = tower
  const biased = vision.flag('attention_bias', false)
  return [
    ...visionTransformer({
      ...tower,
      intermediate: out,
      gated: true,
      norm: 'rms',
      norms: 2,
      attentionBias: false,
      mlpBias: false,
      patch: channels(vision) * vision.count('temporal_patch_size', 64) * patch ** 2,
      patchBias: true,
      positions: Math.floor(vision.count('image_size') / patch) ** 2,
      outerNorms: ['post_conv_layernorm', 'post_layernorm'],
    }),
    // Of queries, keys and values only.
    ...(biased ? [vector('vision.layers.qkv.bias', 'vision', 3 * tower.hidden, 1, tower.layers)] : []),
    ...merger(tower.hidden * merge ** 2, out, intermediate),
  ]
}

/** GLM-OCR and GLM-5.3-Flash: biases and norms of queries and keys, no table of positions. */
export const glmOcr: Tower = (vision, hidden) => {
  const tower = readTower(vision)
  const out = vision.optionalCount('out_hidden_size') ?? hidden
  const merge = vision.count('spatial_merge_size', 64)
  const bias = vision.flag('attention_bias', true)
  const wide = vision.optionalCount('projection_intermediate_size') ?? out * channels(vision)
  vision.ignore('image_size')
  return [
    ...visionTransformer({
      ...tower,
      gated: true,
      norm: 'rms',
      norms: 2,
      qkNorm: true,
      attentionBias: bias,
      mlpBias: bias,
      patch: channels(vision) * vision.count('temporal_patch_size', 64) * vision.count('patch_size') ** 2,
      patchBias: true,
      positions: 0,
      outerNorms: ['post_layernorm'],
    }),
    ...merger(tower.hidden * merge ** 2, out, wide),
  ]
}

function merger(merged: number, out: number, intermediate: number): Tensor[] {
  return [
    ...projector('vision.downsample', out, merged, true),
    ...projector('vision.merger.proj', out, out, false),
    ...norm('vision.merger.post_projection_norm', 'layer', out, 'vision'),
    ...projector('vision.merger.gate_up_proj', 2 * intermediate, out, false),
    ...projector('vision.merger.down_proj', out, intermediate, false),
  ]
}
