/** Step 3.7. */
import { vector } from '../../tensors.ts'
import { LIMITS } from '../config-reader.ts'
import { channels, projector, type Tower, WITH_BIASES } from './parts.ts'
import { visionTransformer } from './transformer.ts'

/** Layers scaled as they are added, two strided convolutions, one matrix. */
export const step3p7: Tower = (vision, hidden) => {
  const width = vision.count(['hidden_size', 'width'])
  const layers = vision.count(['num_hidden_layers', 'layers'], LIMITS.layers)
  const heads = vision.count(['num_attention_heads', 'heads'], LIMITS.heads)
  const patch = vision.count('patch_size')
  const ratio = vision.has('mlp_ratio') ? vision.ratio('mlp_ratio', 64) : null
  const intermediate = ratio === null ? vision.count('intermediate_size') : Math.floor(width * ratio)
  return [
    ...visionTransformer({
      hidden: width,
      heads,
      layers,
      intermediate,
      ...WITH_BIASES,
      patch: channels(vision) * patch ** 2,
      patchBias: false,
      positions: Math.floor(vision.count('image_size') / patch) ** 2,
      outerNorms: ['pre_layernorm'],
    }),
    vector('vision.layers.lambda', 'vision', width, 1, 2 * layers),
    ...projector('vision.downsampler1', 2 * width, 9 * width, true),
    ...projector('vision.downsampler2', 4 * width, 18 * width, true),
    ...projector('projector', hidden, 4 * width, false),
  ]
}
