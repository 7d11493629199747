/**
 * Qwen 1 to 3, dense and sparse. Query, key and value have a bias in Qwen 1, 1.5, 2 and 2.5 without the config saying
 * so; Qwen 3 has none and normalises query and key per head instead.
 */
import { attentionBias } from '../attention-options.ts'
import { type MixtureSpec, mixture, namesUnder } from '../blocks/feed-forward.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { type DecoderOptions, decoder, readActivation } from '../decoder.ts'
import { type Dimensions, readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { readWindows } from '../layer-types.ts'
import { predictionLayers } from './deepseek.ts'

export const QWEN_FAMILIES: Families = {
  // `intermediate_size` is twice the width of w1 and w2 (modeling_qwen.py of the repository).
  qwen: (config) => {
    const doubled = config.count('intermediate_size')
    if (doubled % 2 !== 0) config.fail('intermediate_size', `${doubled} is odd; Qwen 1 stores twice the real width.`)
    const bias = !config.flag('no_bias', true)
    return decoder(config, {
      intermediate: doubled / 2,
      qkvBias: true,
      outputBias: bias,
      mlpBias: bias,
      norms: ['ln_1', 'ln_2'],
      attentionNames: { fused: 'attn.c_attn', o: 'attn.c_proj' },
      mlpNames: { gate: 'mlp.w1', up: 'mlp.w2', down: 'mlp.c_proj' },
      names: { embedding: 'wte', finalNorm: 'ln_f' },
    })
  },
  qwen2: (config) => decoder(config, { ...windowed(config), qkvBias: true }),
  // Qwen 2 with prediction layers.
  mimo: (config) => decoder(config, { ...windowed(config), qkvBias: true, mtp: predictionLayers(config) }),
  qwen3: (config) => {
    config.withDefaults('transformers for qwen3', { head_dim: 128 })
    return decoder(config, { ...windowed(config), ...qwen3Attention(config) })
  },
  qwen2_moe: (config) => {
    const options = windowed(config)
    return decoder(config, {
      ...options,
      qkvBias: config.flag('qkv_bias', true),
      feedForwardsOf: sparse(config, options.dimensions),
    })
  },
  qwen3_moe: (config) => {
    const options = windowed(config)
    return decoder(config, {
      ...options,
      ...qwen3Attention(config),
      feedForwardsOf: sparse(config, options.dimensions),
    })
  },
}

function qwen3Attention(config: ConfigReader): Partial<DecoderOptions> {
  config.only('use_qk_norm', true).only('qkv_bias', false)
  return { ...attentionBias(config), qkNorm: 'head' }
}

/** Full attention in the first `max_window_layers` layers, a sliding window above, if windows are on at all. */
function windowed(config: ConfigReader): { dimensions: Dimensions; attentionOf: DecoderOptions['attentionOf'] } {
  const dimensions = readDimensions(config)
  const firstSliding = config.optionalCount('max_window_layers', LIMITS.layers, 0) ?? 28
  const enabled = config.flag('use_sliding_window', false)
  const windowOf = readWindows(config, dimensions.layers, (layer) => enabled && layer >= firstSliding)
  return { dimensions, attentionOf: (layer) => ({ window: windowOf(layer) }) }
}

/** A mixture in every `decoder_sparse_step`-th layer that `mlp_only_layers` does not name, a dense MLP elsewhere. */
export function sparse(
  config: ConfigReader,
  dims: Dimensions,
  differing: Partial<MixtureSpec> = {},
): DecoderOptions['feedForwardsOf'] {
  const step = config.optionalCount('decoder_sparse_step', LIMITS.layers) ?? 1
  const dense = new Set(config.indices('mlp_only_layers', LIMITS.layers) ?? [])
  const shared = config.optionalCount('shared_expert_intermediate_size', LIMITS.width, 0) ?? 0
  const experts = config.count(['num_experts', 'num_local_experts'], LIMITS.experts)
  const block = mixture({
    hidden: dims.hidden,
    experts,
    active: config.count('num_experts_per_tok', experts),
    intermediate: config.count('moe_intermediate_size'),
    shared,
    sharedGate: shared > 0 ? 'mlp.shared_expert_gate' : undefined,
    sharedNames: namesUnder('mlp.shared_expert'),
    activation: readActivation(config),
    ...differing,
  })
  // Without a dense layer the dense width means nothing, and some configs carry a stale one.
  config.ignore('intermediate_size')
  return (layer) => (dense.has(layer) || (layer + 1) % step !== 0 ? undefined : [block])
}
