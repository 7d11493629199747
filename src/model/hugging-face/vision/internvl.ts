/** InternVL. */
import { vector } from '../../tensors.ts'
import { norm } from '../assemble.ts'
import type { ConfigReader } from '../config-reader.ts'
import { channels, projector, readTower, type Tower, WITH_BIASES } from './parts.ts'
import { visionTransformer } from './transformer.ts'

/** A class token, and two vectors a layer that scale what is added to the stream. */
export const internvl: Tower = (vision, hidden, config) => {
  const tower = readTower(vision)
  const patch = edge(vision, 'patch_size')
  const factor = Math.round(1 / (config.has('downsample_ratio') ? config.ratio('downsample_ratio', 1) : 0.5))
  if (factor > 64) config.fail('downsample_ratio', 'merges more than 64 × 64 patches.')
  const merged = tower.hidden * factor ** 2
  const style = vision.word('norm_type') === 'rms_norm' ? 'rms' : 'layer'
  const bias = vision.flag(['attention_bias', 'qkv_bias'], false)
  const normed = vision.flag(['use_qk_norm', 'qk_normalization'], false) ? 2 : 0
  vision.ignore('drop_path_rate', 'use_flash_attn')
  return [
    ...visionTransformer({
      ...tower,
      ...WITH_BIASES,
      norm: style,
      attentionBias: bias,
      patch: channels(vision) * patch ** 2,
      positions: vision.flag('use_absolute_position_embeddings', true)
        ? Math.floor(edge(vision, 'image_size') / patch) ** 2 + 1
        : 0,
      outerNorms: [],
    }),
    ...(vision.flag('use_mean_pooling', true) ? [] : norm('vision.layernorm', 'layer', tower.hidden, 'vision')),
    vector('vision.class_embedding', 'vision', tower.hidden),
    vector('vision.layers.lambda', 'vision', tower.hidden, 1, 2 * tower.layers),
    ...(bias ? [] : [vector('vision.layers.o_proj.bias', 'vision', tower.hidden, 1, tower.layers)]),
    ...(normed > 0 ? [vector('vision.layers.qk_norm', 'vision', tower.hidden, 1, normed * tower.layers)] : []),
    ...norm('projector.layer_norm', 'layer', merged, 'vision'),
    ...projector('projector.linear_1', hidden, merged, true),
    ...projector('projector.linear_2', hidden, hidden, true),
  ]
}

/** A side of something square, which some configs write twice. */
function edge(vision: ConfigReader, key: string): number {
  const [side] = Array.isArray(vision.raw(key)) ? (vision.indices(key, 65_536, 2) ?? []) : [vision.count(key)]
  return side || vision.fail(key, 'is not a size in pixels.')
}
