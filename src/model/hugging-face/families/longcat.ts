/**
 * LongCat-Flash: a layer of the config holds two of attention and MLP, and a mixture that bridges the second. Some of its experts do nothing
 * and store nothing but their row in the router (arXiv:2509.01322 §2.1).
 */

import { replicatedLinear, vector } from '../../tensors.ts'
import { dense, mixture } from '../blocks/feed-forward.ts'
import { latentAttention, readLatentSpec } from '../blocks/latent-attention.ts'
import { LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { readPositions, VOCAB } from '../dimensions.ts'
import type { Families } from '../family.ts'

export const LONGCAT_FAMILIES: Families = {
  longcat_flash: (config) => {
    const hidden = config.count('hidden_size')
    const layers = config.count('num_layers', LIMITS.layers / 2)
    const given = config.optionalCount('num_hidden_layers', LIMITS.layers)
    if (given !== null && given !== layers && given !== 2 * layers) {
      config.fail('num_hidden_layers', `${given} is neither num_layers ${layers} nor twice that.`)
    }
    const spec = readLatentSpec(config, hidden)
    const activation = readActivation(config)
    const mlp = dense({
      hidden,
      intermediate: config.count(['ffn_hidden_size', 'intermediate_size']),
      gated: true,
      activation,
    })
    const experts = config.count(['n_routed_experts', 'num_local_experts'], LIMITS.experts)
    const idle = config.optionalCount('zero_expert_num', LIMITS.experts, 0) ?? 0
    const block = mixture({
      hidden,
      experts,
      active: config.count(['moe_topk', 'num_experts_per_tok'], experts + idle),
      intermediate: config.count(['expert_ffn_hidden_size', 'moe_intermediate_size']),
      activation,
      correction: 'mlp.router.e_score_correction_bias',
      router: 'mlp.router.classifier',
    })
    const bridge = {
      ...block,
      tensors: [
        ...block.tensors,
        ...(idle > 0 ? replicatedLinear('mlp.router.classifier.idle', 'router', { out: idle, in: hidden }) : []),
        ...(idle > 0 ? [vector('mlp.router.e_score_correction_bias.idle', 'router', idle)] : []),
      ],
    }
    config.ignore(
      'num_key_value_heads',
      'head_dim',
      'qk_head_dim',
      'zero_expert_type',
      'router_bias',
      'mla_scale_q_lora',
    )
    config.ignore('mla_scale_kv_lora', 'attention_method')
    return decoder(config, {
      dimensions: {
        hidden,
        layers: 2 * layers,
        vocab: config.count(VOCAB),
        maxPositions: readPositions(config),
        heads: spec.heads,
        kvHeads: spec.heads,
        headDim: spec.qkNopeHeadDim,
      },
      mixersOf: () => [latentAttention(spec)],
      feedForwardsOf: (layer) => (layer % 2 === 0 ? [mlp, bridge] : [mlp]),
    })
  },
}
