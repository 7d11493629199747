/**
 * Towers of 2025 and 2026, after transformers 5.23: InternVL, LLaVA-OneVision, Command A Vision, LFM2-VL, GLM-4.5V, Kimi K2.5, and Gemma 4 where it
 * sees and hears without a tower.
 */
import { table, vector } from '../../tensors.ts'
import { norm } from '../assemble.ts'
import type { ConfigReader } from '../config-reader.ts'
import { channels, projector, readTower, type Tower, WITH_BIASES } from './parts.ts'
import { siglip } from './siglip.ts'
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

export const llavaOnevision: Tower = (vision, hidden, config) => {
  const bias = config.flag('multimodal_projector_bias', true)
  config.ignore('image_grid_pinpoints', 'vision_aspect_ratio', 'vision_feature_layer', 'vision_feature_select_strategy')
  return [
    ...siglip(vision, true),
    vector('projector.image_newline', 'vision', hidden),
    ...projector('projector.linear_1', hidden, vision.count('hidden_size'), bias),
    ...projector('projector.linear_2', hidden, hidden, bias),
  ]
}

/** The projector is gated: half of what the first matrix makes meets the second. */
export const cohere2Vision: Tower = (vision, hidden, config) => {
  const tensors = siglip(vision, true)
  const merged = vision.count('hidden_size') * (config.optionalCount('downsample_factor', 64) ?? 2) ** 2
  const wide = config.optionalCount('alignment_intermediate_size') ?? 36_864
  return [
    ...tensors,
    ...projector('projector.linear_1', wide, merged, true),
    ...projector('projector.linear_2', hidden, Math.floor(wide / 2), true),
  ]
}

export const lfm2Vl: Tower = (vision, hidden, config) => {
  const tensors = siglip(vision, true)
  const merged = vision.count('hidden_size') * (config.optionalCount('downsample_factor', 64) ?? 2) ** 2
  const wide = config.optionalCount('projector_hidden_size') ?? 2560
  const bias = config.flag('projector_bias', true)
  return [
    ...tensors,
    ...(config.flag('projector_use_layernorm', true) ? norm('projector.layer_norm', 'layer', merged, 'vision') : []),
    ...projector('projector.linear_1', wide, merged, bias),
    ...projector('projector.linear_2', hidden, wide, bias),
  ]
}

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
    ...projector('vision.downsample', out, tower.hidden * merge ** 2, true),
    ...projector('vision.merger.proj', out, out, false),
    ...norm('vision.merger.post_projection_norm', 'layer', out, 'vision'),
    ...projector('vision.merger.gate_up_proj', 2 * intermediate, out, false),
    ...projector('vision.merger.down_proj', out, intermediate, false),
  ]
}

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

/** Gemma 4 12B: patches go into the language model by one matrix, with positions per axis and norms around it. */
export const gemma4Unified: Tower = (vision, hidden) => {
  vision.withDefaults('transformers for gemma4_unified_vision', {
    patch_size: 16,
    pooling_kernel_size: 3,
    mm_embed_dim: 3840,
    mm_posemb_size: 1120,
    output_proj_dims: 3840,
  })
  const width = vision.count('mm_embed_dim')
  const pixels = 3 * (vision.count('patch_size') * vision.count('pooling_kernel_size', 64)) ** 2
  return [
    ...projector('vision.patch_dense', width, pixels, true),
    table('vision.position_embedding', 'vision', 2 * vision.count('mm_posemb_size'), width),
    ...norm('vision.patch_ln1', 'layer', pixels, 'vision'),
    ...norm('vision.patch_ln2', 'layer', width, 'vision'),
    ...norm('vision.pos_norm', 'layer', width, 'vision'),
    ...projector('projector.embedding_projection', hidden, vision.count('output_proj_dims'), false),
  ]
}

/** … and sound by another. */
export const gemma4UnifiedAudio = (audio: ConfigReader, hidden: number) =>
  projector('audio.embedding_projection', hidden, audio.optionalCount('audio_embed_dim') ?? 640, false)
