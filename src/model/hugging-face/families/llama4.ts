/**
 * Llama 4: three of four layers attend within chunks with rotary embedding, the fourth fully without; experts in every
 * or every second layer, with one shared expert of the same width.
 */
import { attentionBias } from '../attention-options.ts'
import { mixture, namesUnder } from '../blocks/feed-forward.ts'
import { LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families, Family } from '../family.ts'
import { allButEvery, readLayerTypes } from '../layer-types.ts'

const llama4: Family = (config) => {
  config.withDefaults('transformers for llama4_text', {
    vocab_size: 202_048,
    hidden_size: 5120,
    intermediate_size: 8192,
    intermediate_size_mlp: 16_384,
    num_hidden_layers: 48,
    num_attention_heads: 40,
    num_key_value_heads: 8,
    head_dim: 128,
    max_position_embeddings: 131_072,
    num_experts_per_tok: 1,
    num_local_experts: 16,
    attention_chunk_size: 8192,
  })
  const dimensions = readDimensions(config)
  const { hidden, layers } = dimensions
  const chunk = config.optionalCount('attention_chunk_size', LIMITS.positions)
  const rotary = config.indices('no_rope_layers', 1)
  const interval = config.optionalCount('no_rope_layer_interval', LIMITS.layers) ?? 4
  const rope = (layer: number) => (rotary?.length === layers ? rotary[layer] === 1 : allButEvery(interval)(layer))
  const types = readLayerTypes(config, layers, ['full_attention', 'chunked_attention'])
  const chunked = (layer: number) => (types === null ? rope(layer) : types[layer] === 'chunked_attention')
  const listed = config.indices('moe_layers', LIMITS.layers)
  const step = config.optionalCount('interleave_moe_layer_step', LIMITS.layers) ?? 1
  const mixes = (layer: number) => (listed === null ? (layer + 1) % step === 0 : listed.includes(layer))
  const experts = config.count('num_local_experts', LIMITS.experts)
  const intermediate = config.count('intermediate_size')
  const block = mixture({
    hidden,
    experts,
    active: config.count('num_experts_per_tok', experts),
    intermediate,
    shared: intermediate,
    activation: readActivation(config),
    router: 'feed_forward.router',
    names: { ...namesUnder('feed_forward.experts'), fused: 'feed_forward.experts.gate_up_proj' },
    sharedNames: namesUnder('feed_forward.shared_expert'),
  })
  const normalised = config.flag('use_qk_norm', true)
  const plan = decoder(config, {
    dimensions,
    ...attentionBias(config),
    mlpNames: namesUnder('feed_forward'),
    intermediate: config.count('intermediate_size_mlp'),
    attentionOf: (layer) => ({
      rope: rope(layer),
      window: chunked(layer) ? chunk : null,
      chunked: chunked(layer) && chunk !== null,
      // An L2 norm: it learns nothing.
      qkNorm: normalised && rope(layer) ? 'head' : null,
      qkNormLearned: false,
    }),
    feedForwardsOf: (layer) => (mixes(layer) ? [block] : undefined),
  })
  return plan
}

export const LLAMA4_FAMILIES: Families = { llama4_text: llama4 }
