/** Towers after transformers 5.24: Llama 3.2 Vision, Step 3.7, MiniMax-M3, Aya Vision. */
import { columnLinear, rowLinear, table, vector } from '../../tensors.ts'
import { norm } from '../assemble.ts'
import { LIMITS } from '../config-reader.ts'
import { channels, projector, readTower, type Tower, WITH_BIASES } from './parts.ts'
import { siglip } from './siglip.ts'
import { visionTransformer } from './transformer.ts'

/** Llama 3.2 Vision: tiles and their aspect ratio have positions too; a second, gated transformer looks at all tiles; several layers' features go on. */
export const mllama: Tower = (vision, hidden) => {
  const width = vision.count('hidden_size')
  const heads = vision.count(['num_attention_heads', 'attention_heads'], LIMITS.heads)
  const layers = vision.count('num_hidden_layers', LIMITS.layers)
  const globals = vision.count('num_global_layers', LIMITS.layers)
  const intermediate = vision.count('intermediate_size')
  const patch = vision.count('patch_size')
  const patches = Math.floor(vision.count('image_size') / patch) ** 2 + 1
  const tiles = vision.count('max_num_tiles', 64)
  const ratios = (vision.list('supported_aspect_ratios', null)?.length ?? 8) + 1
  vision.ignore('intermediate_layers_indices')
  const both = layers + globals
  return [
    vector('vision.class_embedding', 'vision', width),
    table('vision.patch_embedding', 'vision', width, channels(vision) * patch ** 2),
    table('vision.position_embedding', 'vision', patches, width),
    table('vision.tile_embedding', 'vision', ratios, tiles * patches * width),
    table('vision.tile_positions', 'vision', ratios, tiles * width, 1, 2),
    vector('vision.position_gates', 'vision', 3),
    ...['layernorm_pre', 'layernorm_post'].flatMap((name) => norm(`vision.${name}`, 'layer', width, 'vision')),
    ...norm('vision.layers.norm', 'layer', width, 'vision', 2 * both),
    ...columnLinear('vision.layers.qkv_proj', 'vision', heads, { out: 3 * width, in: width, count: both }),
    ...rowLinear('vision.layers.o_proj', 'vision', heads, { out: width, in: width, count: both }),
    ...columnLinear('vision.layers.fc1', 'vision', intermediate, {
      out: intermediate,
      in: width,
      bias: true,
      count: both,
    }),
    ...rowLinear('vision.layers.fc2', 'vision', intermediate, {
      out: width,
      in: intermediate,
      bias: true,
      count: both,
    }),
    vector('vision.global_layers.gates', 'vision', 2, 1, globals),
    ...projector('projector', hidden, vision.count('vision_output_dim'), true),
  ]
}

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

/** As Command A Vision's, with a norm before the gated projector. */
export const ayaVision: Tower = (vision, hidden, config) => {
  const tensors = siglip(vision, true)
  const merged = vision.count('hidden_size') * (config.optionalCount('downsample_factor', 64) ?? 2) ** 2
  const wide = config.optionalCount('alignment_intermediate_size') ?? hidden
  config.ignore(
    'vision_feature_layer',
    'vision_feature_select_strategy',
    'adapter_layer_norm_eps',
    'max_splits_per_img',
  )
  return [
    ...tensors,
    ...norm('projector.layernorm', 'layer', merged, 'vision'),
    ...projector('projector.linear_1', wide, merged, true),
    ...projector('projector.linear_2', hidden, Math.floor(wide / 2), true),
  ]
}
