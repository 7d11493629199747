/** Command: attention and MLP in parallel behind one norm without bias. */
import { attentionBias, windowed } from '../attention-options.ts'
import { mixture } from '../blocks/feed-forward.ts'
import { LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { allButEvery, readWindows } from '../layer-types.ts'

export const COHERE_FAMILIES: Families = {
  // Attention and MLP in parallel behind one norm without bias.
  cohere: (config) =>
    decoder(config, {
      ...attentionBias(config),
      norm: 'layer-weight',
      norms: ['input_layernorm'],
      parallel: true,
      tiedByDefault: true,
      // One vector a head, so as wide as the projection.
      qkNorm: config.flag('use_qk_norm', false) ? 'full' : null,
    }),
  // Windowed layers have rotary embedding, the full ones none.
  cohere2: (config) => {
    const dimensions = readDimensions(config)
    const pattern = config.optionalCount(['sliding_window_pattern', '_sliding_window_pattern'], LIMITS.layers) ?? 4
    const windowOf = readWindows(config, dimensions.layers, allButEvery(pattern))
    return decoder(config, {
      ...attentionBias(config),
      dimensions,
      norm: 'layer-weight',
      norms: ['input_layernorm'],
      parallel: true,
      tiedByDefault: true,
      attentionOf: (layer) => ({ window: windowOf(layer), rope: windowOf(layer) !== null }),
    })
  },
  // Attention and mixture in parallel behind one norm; dense layers first have a width of their own.
  cohere2_moe: (config) => {
    const dimensions = readDimensions(config)
    const pattern = config.optionalCount('sliding_window_pattern', LIMITS.layers) ?? 4
    const experts = config.count('num_experts', LIMITS.experts)
    const intermediate = config.count('intermediate_size')
    const block = mixture({
      hidden: dimensions.hidden,
      experts,
      active: config.count('num_experts_per_tok', experts),
      intermediate,
      shared: (config.optionalCount('num_shared_experts', LIMITS.experts, 0) ?? 0) * intermediate,
      activation: readActivation(config),
    })
    const first = config.optionalCount('first_k_dense_replace', LIMITS.layers, 0) ?? 0
    const types = config.list('mlp_layer_types', dimensions.layers)
    const isDense = (layer: number) => (types === null ? layer < first : types[layer] === 'dense')
    config.ignore('prefix_dense_sliding_window_pattern', 'expert_selection_fn', 'shared_expert_combination_strategy')
    return decoder(config, {
      ...windowed(config, dimensions, allButEvery(pattern)),
      norm: 'layer-weight',
      norms: ['input_layernorm'],
      parallel: true,
      tiedByDefault: true,
      intermediate: config.optionalCount('prefix_dense_intermediate_size') ?? intermediate,
      feedForwardsOf: (layer) => (isDense(layer) ? undefined : [block]),
    })
  },
}
