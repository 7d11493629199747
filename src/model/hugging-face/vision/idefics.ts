/** Idefics 3 and SmolVLM. */
import { projector, type Tower } from './parts.ts'
import { siglip } from './siglip.ts'

/** Idefics 3 and SmolVLM: one matrix from `scale_factor`² patches to the language model. */
export const idefics3: Tower = (vision, hidden, config) => {
  vision.withDefaults('transformers for Idefics3', {
    hidden_size: 1152,
    intermediate_size: 3072,
    num_hidden_layers: 12,
    num_attention_heads: 16,
    image_size: 224,
    patch_size: 32,
  })
  const tensors = siglip(vision, false)
  const merged = vision.count('hidden_size') * (config.optionalCount('scale_factor', 64) ?? 2) ** 2
  return [...tensors, ...projector('projector.proj', hidden, merged, false)]
}
