/** Qwen3-Next and Qwen3.5: every fourth layer has full attention with an output gate, the others a Gated DeltaNet. */

import type { LayerPlan, ModelPlan } from '../assemble.ts'
import { attentionBias } from '../attention-options.ts'
import type { MixerBlock } from '../blocks/block.ts'
import { gatedDeltaNet } from '../blocks/linear-attention.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { type DecoderOptions, decoder } from '../decoder.ts'
import { type Dimensions, readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { allButEvery, readLayerTypes } from '../layer-types.ts'
import { sparse } from './qwen.ts'

export const QWEN_NEXT_FAMILIES: Families = {
  qwen3_next: (config) => hybrid(config, 2, (dimensions) => sparse(config, dimensions)),
  qwen3_5_text: (config) => hybrid(config.ignore('mlp_only_layers'), 4, () => undefined),
  qwen3_5_moe_text: (config) => hybrid(config, 4, (dimensions) => sparse(config, dimensions)),
}

function hybrid(
  config: ConfigReader,
  matrices: 2 | 4,
  feedForwards: (dimensions: Dimensions) => DecoderOptions['feedForwardsOf'],
): ModelPlan {
  config.withDefaults('transformers for Qwen3-Next', { head_dim: 256 })
  const dimensions = readDimensions(config)
  const types = readLayerTypes(config, dimensions.layers, ['full_attention', 'linear_attention'])
  const interval = config.optionalCount('full_attention_interval', LIMITS.layers) ?? 4
  const linear = types === null ? allButEvery(interval) : (layer: number) => types[layer] === 'linear_attention'
  const block = readDeltaNet(config, dimensions.hidden, matrices)
  const predictions = config.optionalCount('mtp_num_hidden_layers', 64, 0) ?? 0
  if (config.flag('mtp_use_dedicated_embeddings', false)) {
    config.fail('mtp_use_dedicated_embeddings', 'true is not supported.')
  }
  config.ignore('use_sliding_window', 'sliding_window', 'max_window_layers')
  const outputGate = config.flag('attn_output_gate', true)
  return decoder(config, {
    dimensions,
    ...attentionBias(config),
    qkNorm: 'head',
    attentionOf: () => ({ outputGate }),
    mixersOf: (layer) => (linear(layer) ? [block] : undefined),
    feedForwardsOf: feedForwards(dimensions),
    mtp: (layers) => ({ count: predictions, layers: lastAttention(layers, linear) }),
  })
}

export function readDeltaNet(config: ConfigReader, hidden: number, matrices: 2 | 4): MixerBlock {
  return gatedDeltaNet({
    hidden,
    keyHeads: config.count('linear_num_key_heads', LIMITS.heads),
    valueHeads: config.count('linear_num_value_heads', LIMITS.heads),
    keyHeadDim: config.count('linear_key_head_dim'),
    valueHeadDim: config.count('linear_value_head_dim'),
    kernel: config.count('linear_conv_kernel_dim', 64),
    matrices,
  })
}

/** A prediction layer is like the last layer with full attention. */
function lastAttention(layers: LayerPlan[], linear: (layer: number) => boolean): LayerPlan[] {
  return layers.filter((_, layer) => !linear(layer)).slice(-1)
}
