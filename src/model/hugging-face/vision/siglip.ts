/** SigLIP and the models that see through it: Gemma 3, PaliGemma, Idefics 3 and SmolVLM. */
import type { Tensor } from '../../architecture.ts'
import { table, vector } from '../../tensors.ts'
import { norm } from '../assemble.ts'
import type { ConfigReader } from '../config-reader.ts'
import { channels, projector, readTower, type Tower, WITH_BIASES } from './parts.ts'
import { visionTransformer } from './transformer.ts'

/** SigLIP (Gemma 3, PaliGemma, Idefics 3, and later.ts): learned positions, biases, one norm behind the layers. */
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

export const gemma3: Tower = (vision, hidden) => {
  const tensors = siglip(vision, true)
  const width = vision.count('hidden_size')
  return [
    ...tensors,
    table('projector.mm_input_projection', 'vision', hidden, width),
    vector('projector.mm_soft_emb_norm', 'vision', width),
  ]
}

export const paligemma: Tower = (vision, hidden, config) => {
  const tensors = siglip(vision, true)
  config.ignore('hidden_size', 'vocab_size')
  const out = vision.optionalCount('projection_dim') ?? config.optionalCount('projection_dim') ?? hidden
  return [...tensors, ...projector('projector.linear', out, vision.count('hidden_size'), true)]
}

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
