/**
 * Vision towers and what joins them to the language model, by the `model_type` of the whole. Tensors carry the class
 * `vision`; names are short and ours, since no adapter or quantiser of the language model targets them.
 */
import type { Tensor } from '../../architecture.ts'
import { vector } from '../../tensors.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { cohere2Vision, gemma4Unified, glm4v, internvl, kimiK25, lfm2Vl, llavaOnevision } from './later.ts'
import { ayaVision, minimaxM3, mllama, step3p7 } from './newest.ts'
import { channels, projector, readTower, type Tower, WITH_BIASES } from './parts.ts'
import { qwen2, qwen3, qwen25 } from './qwen.ts'
import { gemma3, idefics3, paligemma, siglip } from './siglip.ts'
import { visionTransformer } from './transformer.ts'

/** LLaVA: CLIP's tower with a class token, SigLIP's or Pixtral's, and a two-layer projector; the next version adds a newline vector. */
const llava: Tower = (vision, hidden, config) => {
  const type = vision.word('model_type') ?? ''
  const eye = Object.hasOwn(EYES, type) ? EYES[type] : undefined
  if (!eye) return vision.fail('model_type', `only ${Object.keys(EYES).join(', ')} are supported here, not ${type}.`)
  const tensors = eye(vision)
  // Features of several layers stand side by side (Granite Vision).
  const taken = config.raw('vision_feature_layer')
  const features = (Array.isArray(taken) ? Math.max(1, taken.length) : 1) * vision.count('hidden_size')
  if (features > LIMITS.width) config.fail('vision_feature_layer', 'lists too many layers.')
  const bias = config.flag('multimodal_projector_bias', true)
  config.ignore('vision_feature_select_strategy', 'image_grid_pinpoints', 'use_image_newline_parameter')
  const newline =
    config.word('model_type') === 'llava_next' ? [vector('projector.image_newline', 'vision', hidden)] : []
  return [
    ...tensors,
    ...projector('projector.linear_1', hidden, features, bias),
    ...projector('projector.linear_2', hidden, hidden, bias),
    ...newline,
  ]
}

const clip = (vision: ConfigReader) => {
  vision.withDefaults('transformers for CLIP', {
    hidden_size: 768,
    intermediate_size: 3072,
    num_hidden_layers: 12,
    num_attention_heads: 12,
    image_size: 224,
    patch_size: 32,
  })
  const tower = readTower(vision)
  const patch = vision.count('patch_size')
  return [
    ...visionTransformer({
      ...tower,
      ...WITH_BIASES,
      patch: channels(vision) * patch ** 2,
      patchBias: false,
      positions: Math.floor(vision.count('image_size') / patch) ** 2 + 1,
      outerNorms: ['pre_layernorm', 'post_layernorm'],
    }),
    vector('vision.class_embedding', 'vision', tower.hidden),
  ]
}

const pixtral = (vision: ConfigReader) => {
  vision.withDefaults('transformers for Pixtral', {
    hidden_size: 1024,
    intermediate_size: 4096,
    num_hidden_layers: 24,
    num_attention_heads: 16,
    patch_size: 16,
  })
  return visionTransformer({
    ...readTower(vision),
    gated: true,
    norm: 'rms',
    norms: 2,
    attentionBias: false,
    mlpBias: false,
    patch: channels(vision) * vision.count('patch_size') ** 2,
    patchBias: false,
    positions: 0,
    outerNorms: ['ln_pre'],
  })
}

const EYES: Record<string, (vision: ConfigReader) => Tensor[]> = {
  clip_vision_model: clip,
  siglip_vision_model: (vision) => siglip(vision, true),
  pixtral,
}

/** Pixtral with Mistral's patch merger. */
const mistral3: Tower = (vision, hidden, config) => {
  const tensors = pixtral(vision)
  const width = vision.count('hidden_size')
  const bias = config.flag('multimodal_projector_bias', false)
  const merged = (config.optionalCount('spatial_merge_size', 64) ?? 2) ** 2
  config.ignore('vision_feature_layer')
  return [
    ...tensors,
    vector('projector.norm', 'vision', width),
    ...projector('projector.merging_layer', width, width * merged, false),
    ...projector('projector.linear_1', hidden, width, bias),
    ...projector('projector.linear_2', hidden, hidden, bias),
  ]
}

const llama4: Tower = (vision, hidden) => {
  const tower = readTower(vision)
  const patch = vision.count('patch_size')
  const side = Math.floor(vision.count('image_size') / patch)
  const projected = vision.count('projector_output_dim')
  return [
    ...visionTransformer({
      ...tower,
      ...WITH_BIASES,
      patch: channels(vision) * patch ** 2,
      patchBias: false,
      positions: side ** 2 + 1,
      outerNorms: ['layernorm_pre', 'layernorm_post'],
    }),
    vector('vision.class_embedding', 'vision', tower.hidden),
    ...projector('vision.adapter.fc1', vision.count('projector_input_dim'), tower.intermediate, false),
    ...projector('vision.adapter.fc2', projected, projected, false),
    ...projector('projector.linear_1', hidden, vision.count('vision_output_dim'), false),
  ]
}

/**
 * Gemma 4's own tower: four norms a layer, positions per axis. The bounds of clipped linears and the standardisation
 * vectors are buffers, not parameters, and not counted.
 */
const gemma4: Tower = (vision, hidden) => {
  const tower = readTower(vision)
  const headDim = vision.count('head_dim')
  return [
    ...visionTransformer({
      ...tower,
      headDim,
      gated: true,
      norm: 'rms',
      norms: 4,
      qkNorm: true,
      attentionBias: vision.flag('attention_bias', false),
      mlpBias: false,
      patch: 3 * vision.count('patch_size') ** 2,
      patchBias: false,
      positions: 2 * vision.count('position_embedding_size'),
      outerNorms: [],
    }),
    ...projector('projector.embedding_projection', hidden, tower.hidden, false),
  ]
}

export const TOWERS: Record<string, Tower> = {
  gemma3,
  paligemma,
  idefics3,
  smolvlm: idefics3,
  llava,
  llava_next: llava,
  mistral3,
  llama4,
  qwen2_vl: qwen2,
  qwen2_5_vl: qwen25,
  qwen3_vl: qwen3,
  qwen3_vl_moe: qwen3,
  qwen3_5: qwen3,
  qwen3_5_moe: qwen3,
  gemma4,
  gemma4_unified: gemma4Unified,
  internvl,
  llava_onevision: llavaOnevision,
  cohere2_vision: cohere2Vision,
  lfm2_vl: lfm2Vl,
  glm4v,
  glm46v: glm4v,
  glm4v_moe: glm4v,
  internvl_chat: internvl,
  kimi_k25: kimiK25,
  kimi_vl: kimiK25,
  mllama,
  step3p7,
  minimax_m3_vl: minimaxM3,
  aya_vision: ayaVision,
  qwen3_omni_moe_thinker: qwen3,
  qwen2_5_omni_thinker: qwen25,
  shieldgemma2: gemma3,
}
