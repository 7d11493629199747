/**
 * Phi 1 to 4. Phi 1, 1.5 and 2: one LayerNorm, attention and MLP in parallel, biases everywhere, also on the head.
 * Phi 3 and 4: Llama with fused q/k/v and gate/up.
 */
import { attentionBias } from '../attention-options.ts'
import { mixture } from '../blocks/feed-forward.ts'
import { LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { HIDDEN, readDimensions } from '../dimensions.ts'
import type { Families, Family } from '../family.ts'
import { readWindows } from '../layer-types.ts'
import { MIXTRAL_EXPERTS } from './mixtures.ts'

const phi: Family = (config) => {
  if (config.flag('qk_layernorm', false)) config.fail('qk_layernorm', 'true is not supported for phi.')
  return decoder(config, {
    norm: 'layer',
    norms: ['input_layernorm'],
    parallel: true,
    qkvBias: true,
    outputBias: true,
    mlpBias: true,
    headBias: true,
    gated: false,
    activation: readActivation(config, 'gelu_new'),
    intermediate: config.optionalCount(['intermediate_size', 'n_inner']) ?? 4 * config.count(HIDDEN),
    attentionNames: { o: 'self_attn.dense' },
    mlpNames: { up: 'mlp.fc1', down: 'mlp.fc2' },
    names: { finalNorm: 'final_layernorm' },
  })
}

export const PHI_FAMILIES: Families = {
  phi,
  'phi-msft': (config) => phi(config.ignore('img_processor')),
  // Phi-4 multimodal as its repository has it.
  phi4mm: (config) => {
    config.assume('Its vision and speech towers and their adapters are not counted.')
    config.ignore('embd_layer', 'img_processor', 'audio_processor', 'vision_lora', 'speech_lora')
    return PHI_FAMILIES.phi3!(config)
  },
  phi3: (config) => {
    const dimensions = readDimensions(config)
    const windowOf = readWindows(config, dimensions.layers, () => true)
    return decoder(config, {
      dimensions,
      ...attentionBias(config),
      mlpBias: config.flag('mlp_bias', false),
      headBias: config.flag('lm_head_bias', false),
      attentionNames: { fused: 'self_attn.qkv_proj' },
      mlpNames: { fused: 'mlp.gate_up_proj' },
      attentionOf: (layer) => ({ window: windowOf(layer) }),
    })
  },
  phimoe: (config) => {
    const dimensions = readDimensions(config)
    const windowOf = readWindows(config, dimensions.layers, () => true)
    const experts = config.count('num_local_experts', LIMITS.experts)
    const block = mixture({
      hidden: dimensions.hidden,
      experts,
      active: config.count('num_experts_per_tok', experts),
      intermediate: config.count('intermediate_size'),
      activation: readActivation(config),
      router: 'block_sparse_moe.gate',
      names: MIXTRAL_EXPERTS,
    })
    return decoder(config, {
      dimensions,
      norm: 'layer',
      ...attentionBias(config),
      headBias: config.flag('lm_head_bias', false),
      attentionOf: (layer) => ({ window: windowOf(layer) }),
      feedForwardsOf: () => [block],
    })
  },
}
