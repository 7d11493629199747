/** Gemma 3, 4 and PaliGemma. */
import type { Tensor } from '../../architecture.ts'
import { table, vector } from '../../tensors.ts'
import { norm } from '../assemble.ts'
import type { ConfigReader } from '../config-reader.ts'
import { projector, readTower, type Tower } from './parts.ts'
import { siglip } from './siglip.ts'
import { visionTransformer } from './transformer.ts'

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

/**
 * Gemma 4's own tower: four norms a layer, positions per axis. The bounds of clipped linears and the standardisation
 * vectors are buffers, not parameters, and not counted.
 */
export const gemma4: Tower = (vision, hidden) => {
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

/** MobileNet-V5 as timm builds it (`mobilenetv5_300m_enc`): 294 126 912 parameters. */
const MOBILENET_V5 = 294_126_912

export const gemma3n: Tower = (vision, hidden) => {
  const architecture = vision.word('architecture') ?? 'mobilenetv5_300m_enc'
  if (architecture !== 'mobilenetv5_300m_enc') vision.fail('architecture', `${architecture} is not known here.`)
  vision.ignore('do_pooling', 'num_classes', 'label_names', 'model_args')
  return [vector('vision.mobilenet', 'vision', MOBILENET_V5), ...softTokens('vision', vision, hidden)]
}

/** What comes out of a tower, or a token of its own vocabulary, into the language model. */
export function softTokens(name: string, part: ConfigReader, hidden: number): Tensor[] {
  const width = part.optionalCount('hidden_size') ?? (name === 'vision' ? 2048 : 1536)
  return [
    table(`${name}.embed.embedding`, 'vision', part.optionalCount('vocab_size') ?? 128, width),
    vector(`${name}.embed.norms`, 'vision', width, 1, 2),
    ...projector(`${name}.embed.embedding_projection`, hidden, width, false),
  ]
}
