/**
 * DeepSeek-V4: compressed attention in most layers, a window alone in the first ones of Flash; experts in every layer, the first layers choosing
 * them by a table of tokens; several residual streams, mixed by hyper-connections. `compress_ratios` in published configs, `layer_types` in transformers'.
 */
import { compressedAttention } from '../blocks/compressed-attention.ts'
import { mixture } from '../blocks/feed-forward.ts'
import { connectionHead, hyperConnections } from '../blocks/hyper-connections.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { readStream } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { readLayerTypes } from '../layer-types.ts'
import { CORRECTION } from './deepseek.ts'

const SLIDING = 'sliding_attention'
const SPARSE = 'compressed_sparse_attention'
const HEAVY = 'heavily_compressed_attention'

export const DEEPSEEK_V4_FAMILIES: Families = {
  deepseek_v4: (config) => {
    const stream = readStream(config)
    const { hidden, layers } = stream
    const heads = config.count('num_attention_heads', LIMITS.heads)
    const headDim = config.count('head_dim')
    config.only('attention_bias', false).only('mlp_bias', false)
    config.ignore('qk_rope_head_dim', 'partial_rotary_factor', 'num_key_value_heads', 'index_topk', 'expert_dtype')
    config.ignore('compress_rope_theta', 'hc_eps', 'hc_sinkhorn_iters')
    const spec = {
      hidden,
      heads,
      headDim,
      window: config.count('sliding_window', LIMITS.positions),
      qLoraRank: config.count('q_lora_rank'),
      outputGroups: config.count('o_groups', heads),
      outputLoraRank: config.count('o_lora_rank'),
    }
    if (heads % spec.outputGroups !== 0) config.fail('o_groups', `does not divide num_attention_heads ${heads}.`)
    const indexer = { heads: config.count('index_n_heads', LIMITS.heads), headDim: config.count('index_head_dim') }
    const { typeOf, rates } = readCompression(config, layers)
    const mixers = {
      [SLIDING]: compressedAttention({ ...spec, rate: null, indexer: null }),
      [SPARSE]: compressedAttention({ ...spec, rate: rates[SPARSE], indexer }),
      [HEAVY]: compressedAttention({ ...spec, rate: rates[HEAVY], indexer: null }),
    }
    const streams = config.count('hc_mult', 64)
    const inLayer = hyperConnections(streams, hidden)
    const head = connectionHead(streams, hidden)
    const hashed = readHashed(config, layers)
    const experts = readExperts(config, hidden)
    return decoder(config, {
      dimensions: { ...stream, heads, kvHeads: 1, headDim },
      mixersOf: (layer) => [mixers[typeOf(layer)]],
      feedForwardsOf: (layer) => [experts(hashed(layer) ? undefined : CORRECTION)],
      extraOf: () => inLayer,
      outside: head,
      mtp: (all) => {
        const last = all.at(-1)
        const count = config.optionalCount('num_nextn_predict_layers', 64, 0) ?? 0
        // Like the last layer without compression, with a head of its own for the streams.
        return last && { count, layers: [{ ...last, mixers: [mixers[SLIDING]], extra: [...inLayer, ...head] }] }
      },
    })
  },
}

type LayerType = typeof SLIDING | typeof SPARSE | typeof HEAVY

function readCompression(config: ConfigReader, layers: number) {
  const given = config.child('compress_rates')
  const rates = {
    [SPARSE]: given?.count(SPARSE) ?? config.optionalCount('compress_rate_csa') ?? 4,
    [HEAVY]: given?.count(HEAVY) ?? config.optionalCount('compress_rate_hca') ?? 128,
  }
  const types = readLayerTypes(config, layers, [SLIDING, SPARSE, HEAVY])
  // One for each prediction layer too.
  const ratios = config.indices('compress_ratios', LIMITS.positions)
  if (types !== null) return { rates, typeOf: (layer: number) => types[layer] as LayerType }
  if (ratios === null || ratios.length < layers) {
    return config.fail(
      'compress_ratios',
      `missing, or shorter than the ${layers} layers; it says how each one attends.`,
    )
  }
  const named = (ratio: number | undefined): LayerType | undefined =>
    ratio === 0 ? SLIDING : ratio === rates[SPARSE] ? SPARSE : ratio === rates[HEAVY] ? HEAVY : undefined
  const all = ratios.map((ratio, layer) => {
    return (
      named(ratio) ??
      config.fail(`compress_ratios[${layer}]`, `${ratio} is not 0, ${rates[SPARSE]} or ${rates[HEAVY]}.`)
    )
  })
  return { rates, typeOf: (layer: number) => all[layer] ?? SLIDING }
}

/** Layers that choose experts by token need no correction of scores. */
function readHashed(config: ConfigReader, layers: number): (layer: number) => boolean {
  const types = config.list('mlp_layer_types', layers)
  const first = config.optionalCount('num_hash_layers', LIMITS.layers, 0) ?? 3
  return (layer) => (types === null ? layer < first : types[layer] === 'hash_moe')
}

function readExperts(config: ConfigReader, hidden: number) {
  const experts = config.count(['n_routed_experts', 'num_local_experts'], LIMITS.experts)
  const intermediate = config.count('moe_intermediate_size')
  const spec = {
    hidden,
    experts,
    active: config.count('num_experts_per_tok', experts),
    intermediate,
    // DeepSeek's own code takes one, no more and no less.
    shared: config.count('n_shared_experts', 1) * intermediate,
    activation: readActivation(config),
  }
  config.ignore('intermediate_size')
  return (correction: string | undefined) => mixture({ ...spec, correction })
}
