/**
 * Vision towers and what joins them to the language model, by the `model_type` of the whole. Tensors carry the class
 * `vision`; names are short and ours, since no adapter or quantiser of the language model targets them.
 */
import type { Tensor } from '../../architecture.ts'
import { replicatedLinear, table, vector } from '../../tensors.ts'
import { norm } from '../assemble.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { type VisionTransformer, visionTransformer } from './transformer.ts'

/** `config` is the whole config, `vision` its vision part, `hidden` the language model's width. */
export type Tower = (vision: ConfigReader, hidden: number, config: ConfigReader) => Tensor[]

const LAYERS = ['num_hidden_layers', 'depth'] as const
const HEADS = ['num_attention_heads', 'num_heads'] as const

/** SigLIP (Gemma 3, PaliGemma, Idefics 3): learned positions, biases, one norm behind the layers. */
const siglip = (vision: ConfigReader, hasHead: boolean): Tensor[] => {
  vision.withDefaults('transformers for SigLIP', {
    hidden_size: 768,
    intermediate_size: 3072,
    num_hidden_layers: 12,
    num_attention_heads: 12,
    image_size: 224,
    patch_size: 16,
  })
  const patch = vision.count('patch_size')
  const side = Math.floor(vision.count('image_size') / patch)
  const tower = readTower(vision)
  return [
    ...visionTransformer({
      ...tower,
      ...WITH_BIASES,
      patch: channels(vision) * patch ** 2,
      positions: side ** 2,
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

const gemma3: Tower = (vision, hidden) => {
  const tensors = siglip(vision, true)
  const width = vision.count('hidden_size')
  return [
    ...tensors,
    table('projector.mm_input_projection', 'vision', hidden, width),
    vector('projector.mm_soft_emb_norm', 'vision', width),
  ]
}

const paligemma: Tower = (vision, hidden, config) => {
  const tensors = siglip(vision, true)
  config.ignore('hidden_size', 'vocab_size')
  const out = vision.optionalCount('projection_dim') ?? config.optionalCount('projection_dim') ?? hidden
  return [...tensors, ...projector('projector.linear', out, vision.count('hidden_size'), true)]
}

/** Idefics 3 and SmolVLM: one matrix from `scale_factor`² patches to the language model. */
const idefics3: Tower = (vision, hidden, config) => {
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

/** LLaVA: CLIP's tower with a class token and a two-layer projector; the next version adds a newline vector. */
const llava: Tower = (vision, hidden, config) => {
  vision.withDefaults('transformers for CLIP', {
    hidden_size: 768,
    intermediate_size: 3072,
    num_hidden_layers: 12,
    num_attention_heads: 12,
    image_size: 224,
    patch_size: 32,
  })
  const type = vision.word('model_type')
  if (type !== 'clip_vision_model') vision.fail('model_type', `only clip_vision_model is supported here, not ${type}.`)
  if (Array.isArray(config.raw('vision_feature_layer'))) {
    config.fail('vision_feature_layer', 'a list is not supported; only one layer is.')
  }
  const tower = readTower(vision)
  const patch = vision.count('patch_size')
  const bias = config.flag('multimodal_projector_bias', true)
  config.ignore('vision_feature_select_strategy', 'image_grid_pinpoints', 'use_image_newline_parameter')
  const newline =
    config.word('model_type') === 'llava_next' ? [vector('projector.image_newline', 'vision', hidden)] : []
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
    ...projector('projector.linear_1', hidden, tower.hidden, bias),
    ...projector('projector.linear_2', hidden, hidden, bias),
    ...newline,
  ]
}

/** Pixtral with Mistral's patch merger. */
const mistral3: Tower = (vision, hidden, config) => {
  vision.withDefaults('transformers for Pixtral', {
    hidden_size: 1024,
    intermediate_size: 4096,
    num_hidden_layers: 24,
    num_attention_heads: 16,
    patch_size: 16,
  })
  const tower = readTower(vision)
  const bias = config.flag('multimodal_projector_bias', false)
  const merged = (config.optionalCount('spatial_merge_size', 64) ?? 2) ** 2
  config.ignore('vision_feature_layer')
  return [
    ...visionTransformer({
      ...tower,
      gated: true,
      norm: 'rms',
      norms: 2,
      attentionBias: false,
      mlpBias: false,
      patch: channels(vision) * vision.count('patch_size') ** 2,
      patchBias: false,
      positions: 0,
      outerNorms: ['ln_pre'],
    }),
    vector('projector.norm', 'vision', tower.hidden),
    ...projector('projector.merging_layer', tower.hidden, tower.hidden * merged, false),
    ...projector('projector.linear_1', hidden, tower.hidden, bias),
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

/** Qwen3-VL and Qwen3.5: a merger of 2 × 2 patches, and one more for each layer whose features are passed on. */
const qwen3: Tower = (vision, hidden) => {
  const tower = readTower(vision)
  const merged = tower.hidden * vision.count('spatial_merge_size', 64) ** 2
  const passedOn = vision.indices('deepstack_visual_indexes', LIMITS.layers)?.length ?? 0
  const out = vision.optionalCount('out_hidden_size') ?? hidden
  const patch = channels(vision) * vision.count('temporal_patch_size', 64) * vision.count('patch_size') ** 2
  const positions = vision.count('num_position_embeddings')
  const merger = (name: string, width: number, count: number) => [
    ...norm(`${name}.norm`, 'layer', width, 'vision', count),
    ...projector(`${name}.linear_fc1`, merged, merged, true, count),
    ...projector(`${name}.linear_fc2`, out, merged, true, count),
  ]
  return [
    ...visionTransformer({ ...tower, ...WITH_BIASES, patch, positions, outerNorms: [] }),
    ...merger('vision.merger', tower.hidden, 1),
    ...(passedOn > 0 ? merger('vision.deepstack_merger', merged, passedOn) : []),
  ]
}

const qwen2: Tower = (vision, hidden) => {
  const width = vision.count('embed_dim')
  const intermediate = Math.floor(width * vision.ratio('mlp_ratio', 64))
  vision.ignore('hidden_size')
  return qwenWithoutPositions(vision, hidden, {
    hidden: width,
    layers: vision.count(LAYERS, LIMITS.layers),
    heads: vision.count(HEADS, LIMITS.heads),
    intermediate,
    ...WITH_BIASES,
  })
}

const qwen25: Tower = (vision, hidden) => {
  const style = { ...WITH_BIASES, gated: true, norm: 'rms' as const }
  return qwenWithoutPositions(vision, vision.optionalCount('out_hidden_size') ?? hidden, {
    ...readTower(vision),
    ...style,
  })
}

/** Qwen2-VL and 2.5-VL place patches by rotary embedding, so they have no table of positions. */
function qwenWithoutPositions(
  vision: ConfigReader,
  out: number,
  tower: Omit<VisionTransformer, 'patch' | 'positions' | 'outerNorms'>,
): Tensor[] {
  const frames = vision.optionalCount('temporal_patch_size', 64) ?? 2
  const patch = channels(vision) * frames * vision.count(['patch_size', 'spatial_patch_size']) ** 2
  const merged = tower.hidden * (vision.optionalCount('spatial_merge_size', 64) ?? 2) ** 2
  return [
    ...visionTransformer({ ...tower, patch, patchBias: false, positions: 0, outerNorms: [] }),
    ...norm('vision.merger.ln_q', tower.norm, tower.hidden, 'vision'),
    ...projector('vision.merger.mlp.0', merged, merged, true),
    ...projector('vision.merger.mlp.2', out, merged, true),
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
}

const WITH_BIASES = {
  gated: false,
  norm: 'layer',
  norms: 2,
  attentionBias: true,
  mlpBias: true,
  patchBias: true,
} as const

function readTower(vision: ConfigReader) {
  const hidden = vision.count('hidden_size')
  const heads = vision.count(HEADS, LIMITS.heads)
  if (hidden % heads !== 0) vision.fail('num_attention_heads', `${heads} does not divide the hidden size ${hidden}.`)
  return {
    hidden,
    heads,
    layers: vision.count(LAYERS, LIMITS.layers),
    intermediate: vision.count('intermediate_size'),
  }
}

function channels(vision: ConfigReader): number {
  return vision.optionalCount(['num_channels', 'in_channels', 'in_chans'], 64) ?? 3
}

function projector(name: string, out: number, inputs: number, bias: boolean, count = 1): Tensor[] {
  return replicatedLinear(name, 'vision', { out, in: inputs, bias, count })
}
