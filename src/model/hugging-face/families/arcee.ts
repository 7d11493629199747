/** Arcee's AFM 4.5B, and Trinity with experts. */

import { columnLinear } from '../../tensors.ts'
import { attentionBias, windowed } from '../attention-options.ts'
import { LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { allButEvery } from '../layer-types.ts'
import { mixtureWithShared } from './deepseek.ts'

export const ARCEE_FAMILIES: Families = {
  arcee: (config) => {
    return decoder(config, {
      ...attentionBias(config),
      mlpBias: config.flag('mlp_bias', false),
      gated: false,
      activation: readActivation(config, 'relu2'),
    })
  },
  // Attention's output passes a gate as wide as the queries, in a matrix of its own.
  afmoe: (config) => {
    const dimensions = readDimensions(config)
    const { hidden, heads, headDim } = dimensions
    const every = config.optionalCount('global_attn_every_n_layers', LIMITS.layers) ?? 4
    const first = config.optionalCount('num_dense_layers', LIMITS.layers, 0) ?? 1
    const block = mixtureWithShared(config, hidden, { correction: 'mlp.expert_bias', router: 'mlp.router.gate' })
    const gate = columnLinear('self_attn.gate_proj', 'attention', heads, { out: heads * headDim, in: hidden })
    config.ignore('mup_enabled', 'route_scale', 'route_norm', 'score_func', 'load_balance_coeff')
    return decoder(config, {
      ...windowed(config, dimensions, allButEvery(every)),
      qkNorm: 'head',
      norms: ['input_layernorm', 'post_attention_layernorm', 'pre_mlp_layernorm', 'post_mlp_layernorm'],
      feedForwardsOf: (layer) => (layer < first ? undefined : [block]),
      extraOf: () => gate,
    })
  },
}
