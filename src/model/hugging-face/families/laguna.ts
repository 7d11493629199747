/** Poolside's Laguna. */

import { columnLinear } from '../../tensors.ts'
import { windowed } from '../attention-options.ts'
import { mixture } from '../blocks/feed-forward.ts'
import { LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { CORRECTION } from './deepseek.ts'

export const LAGUNA_FAMILIES: Families = {
  // A gate per head, or per element of attention's output, and in some layers more heads than in others.
  laguna: (config) => {
    const dimensions = readDimensions(config)
    const { hidden, layers, headDim } = dimensions
    const perLayer = config.indices('num_attention_heads_per_layer', LIMITS.heads, layers)
    const headsOf = (layer: number) => perLayer?.[layer] ?? dimensions.heads
    const gating = config.raw('gating') ?? true
    const width = gating === 'per-element' ? headDim : gating === true || gating === 'per-head' ? 1 : 0
    if (width === 0) config.fail('gating', 'is neither true, "per-head" nor "per-element".')
    const experts = config.count('num_experts', LIMITS.experts)
    const block = mixture({
      hidden,
      experts,
      active: config.count('num_experts_per_tok', experts),
      intermediate: config.count('moe_intermediate_size'),
      shared: config.optionalCount('shared_expert_intermediate_size', LIMITS.width, 0) ?? 0,
      activation: readActivation(config),
      correction: CORRECTION,
    })
    const types = config.list('mlp_layer_types', layers)
    const isDense = (layer: number) => (types === null ? layer === 0 : types[layer] === 'dense')
    const { attentionOf, ...attention } = windowed(config, dimensions, () => false)
    config.ignore('moe_apply_router_weight_on_input', 'swa_attention_sink_enabled')
    return decoder(config, {
      ...attention,
      qkNorm: 'head',
      attentionOf: (layer) => ({ ...attentionOf?.(layer), heads: headsOf(layer) }),
      feedForwardsOf: (layer) => (isDense(layer) ? undefined : [block]),
      extraOf: (layer) =>
        columnLinear('self_attn.g_proj', 'attention', headsOf(layer), { out: headsOf(layer) * width, in: hidden }),
    })
  },
}
