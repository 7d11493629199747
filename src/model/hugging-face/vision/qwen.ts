/** The towers of Qwen2-VL, Qwen2.5-VL, Qwen3-VL and Qwen3.5: patches over time, merged 2 × 2 before the language model. */
import type { Tensor } from '../../architecture.ts'
import { norm } from '../assemble.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { channels, HEADS, LAYERS, projector, readTower, type Tower, WITH_BIASES } from './parts.ts'
import { type VisionTransformer, visionTransformer } from './transformer.ts'

/** Qwen3-VL and Qwen3.5: a merger of 2 × 2 patches, and one more for each layer whose features are passed on. */
export const qwen3: Tower = (vision, hidden) => {
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

export const qwen2: Tower = (vision, hidden) => {
  const width = vision.count('embed_dim')
  const intermediate = Math.floor(width * vision.ratio('mlp_ratio', 64))
  // What the merger makes, though not how wide the tower is.
  const out = vision.optionalCount('hidden_size') ?? hidden
  return qwenWithoutPositions(vision, out, {
    hidden: width,
    layers: vision.count(LAYERS, LIMITS.layers),
    heads: vision.count(HEADS, LIMITS.heads),
    intermediate,
    ...WITH_BIASES,
  })
}

export const qwen25: Tower = (vision, hidden) => {
  const style = { ...WITH_BIASES, gated: true, norm: 'rms' as const }
  return qwenWithoutPositions(vision, vision.optionalCount('out_hidden_size') ?? hidden, {
    ...readTower(vision),
    ...style,
  })
}

/** EXAONE 4.5: Qwen2.5-VL's with grouped keys. */
export const exaone45: Tower = (vision, hidden) => {
  const style = { ...WITH_BIASES, gated: true, norm: 'rms' as const }
  const tower = readTower(vision)
  const kvHeads = vision.optionalCount('num_key_value_heads', tower.heads) ?? tower.heads
  vision.ignore('fullatt_block_indexes', 'window_size')
  return qwenWithoutPositions(vision, vision.optionalCount('out_hidden_size') ?? hidden, {
    ...tower,
    ...style,
    kvHeads,
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
