/** Meta's Muse Spark: experts work in a narrower stream behind a norm, a gate over attention's output, gates on the residuals. */
import { columnLinear, replicatedLinear, vector } from '../../tensors.ts'
import { windowed } from '../attention-options.ts'
import { mixture } from '../blocks/feed-forward.ts'
import { LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { allButEvery } from '../layer-types.ts'
import { CORRECTION } from './deepseek.ts'

export const MUSE_FAMILIES: Families = {
  muse_spark_text: (config) => {
    const dimensions = readDimensions(config)
    const { hidden, layers, heads, headDim } = dimensions
    const experts = config.count('num_local_experts', LIMITS.experts)
    const latent = config.count('moe_hidden_size')
    const block = mixture({
      hidden,
      experts,
      active: config.count('num_experts_per_tok', experts),
      intermediate: config.count('moe_intermediate_size'),
      activation: readActivation(config),
      latent,
      correction: CORRECTION,
    })
    const inMixture = [
      ...replicatedLinear('mlp.pre_expert_proj', 'mlp', { out: latent, in: hidden }),
      ...replicatedLinear('mlp.post_expert_proj', 'mlp', { out: hidden, in: latent }),
      ...['mlp.pre_expert_norm', 'mlp.experts.post_expert_norm'].map((name) => vector(name, 'norm', latent)),
    ]
    const everywhere = [
      ...columnLinear('self_attn.gate_proj', 'attention', heads, { out: heads * headDim, in: hidden }),
      ...['post_attention_residual_gate', 'post_feedforward_residual_gate'].map((name) => vector(name, 'norm', hidden)),
    ]
    const types = config.list('mlp_layer_types', layers)
    const sparse = (layer: number) => types === null || types[layer] === 'sparse'
    config.ignore('layer_rope_theta', 'output_multiplier', 'residual_gate_temperature', 'qk_scale_factor')
    return decoder(config, {
      ...windowed(config, dimensions, allButEvery(4)),
      norms: ['input_layernorm', 'pre_feedforward_layernorm', 'post_feedforward_layernorm'],
      feedForwardsOf: (layer) => (sparse(layer) ? [block] : undefined),
      extraOf: (layer) => [...everywhere, ...(sparse(layer) ? inMixture : [])],
    })
  },
}
