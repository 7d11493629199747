/** SigLIP, which sees for many: learned positions, biases, one norm behind the layers. */
import type { Tensor } from '../../architecture.ts'
import { vector } from '../../tensors.ts'
import { norm } from '../assemble.ts'
import type { ConfigReader } from '../config-reader.ts'
import { channels, projector, readTower, WITH_BIASES } from './parts.ts'
import { visionTransformer } from './transformer.ts'

export const siglip = (vision: ConfigReader, hasHead: boolean): Tensor[] => {
  vision.withDefaults('transformers for SigLIP', {
    hidden_size: 768,
    intermediate_size: 3072,
    num_hidden_layers: 12,
    num_attention_heads: 12,
    image_size: 224,
    patch_size: 16,
  })
  const patch = vision.count('patch_size')
  // SigLIP 2 gives the patches themselves.
  const positions = vision.optionalCount('num_patches') ?? Math.floor(vision.count('image_size') / patch) ** 2
  const tower = readTower(vision)
  return [
    ...visionTransformer({
      ...tower,
      ...WITH_BIASES,
      patch: channels(vision) * patch ** 2,
      positions,
      outerNorms: ['post_layernorm'],
    }),
    ...(vision.flag('vision_use_head', hasHead) ? poolingHead(tower) : []),
  ]
}

/** SigLIP's head pools all patches into one vector by attention with a learned query. */
function poolingHead({ hidden, intermediate }: { hidden: number; intermediate: number }): Tensor[] {
  return [
    vector('vision.head.probe', 'vision', hidden),
    ...projector('vision.head.attention.in_proj', 3 * hidden, hidden, true),
    ...projector('vision.head.attention.out_proj', hidden, hidden, true),
    ...norm('vision.head.layernorm', 'layer', hidden, 'vision'),
    ...projector('vision.head.mlp.fc1', intermediate, hidden, true),
    ...projector('vision.head.mlp.fc2', hidden, intermediate, true),
  ]
}
