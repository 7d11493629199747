/**
 * Qwen4-Exp: Gated DeltaNet and attention in turns as in Qwen3.5, several residual streams instead of norms, an indexer beside the keys, and in
 * some layers large tables of the last tokens together (modeling_qwen4_exp.py of transformers 5.24).
 */
import type { Tensor } from '../../architecture.ts'
import { replicatedLinear, table, vector } from '../../tensors.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { decoder } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families } from '../family.ts'
import { allButEvery, readLayerTypes } from '../layer-types.ts'
import { sparse } from './qwen.ts'
import { readDeltaNet } from './qwen-next.ts'

export const QWEN4_FAMILIES: Families = {
  qwen4_exp_text: (config) => {
    const dimensions = readDimensions(config)
    const { hidden, layers } = dimensions
    const types = readLayerTypes(config, layers, ['indexed_attention', 'full_attention', 'linear_attention'])
    const interval = config.optionalCount('full_attention_interval', LIMITS.layers) ?? 4
    const linear = types ? (layer: number) => types[layer] === 'linear_attention' : allButEvery(interval)
    const streams = config.count('hc_count', 64)
    const tables = readTables(config, layers, hidden, streams)
    const block = readDeltaNet(config, hidden, 4)
    // The convolution over what the tables give has a state of its own.
    const state = block.mixer.kind === 'gated-delta-net' ? block.mixer.convState + tables.state : 0
    const withTables = { ...block, mixer: { ...block.mixer, convState: state } as typeof block.mixer }
    const indexDim = config.count('indexer_head_dim')
    const indexer = [
      ...replicatedLinear('self_attn.indexer.index_qk_proj', 'attention', {
        out: (config.count('indexer_n_heads', LIMITS.heads) + config.count('indexer_kv_heads', 1)) * indexDim,
        in: hidden,
      }),
      vector('self_attn.indexer.q_layernorm', 'norm', indexDim),
      vector('self_attn.indexer.k_layernorm', 'norm', indexDim),
    ]
    const rank = config.count('hc_lowrank')
    const around = ['attn_hyper_connection', 'mlp_hyper_connection'].flatMap((name) =>
      gatedResidual(name, streams, hidden, rank, true),
    )
    const bias = config.flag('attention_bias', false)
    config.ignore('indexer_budget', 'indexer_compress_ratio', 'output_gate_type', 'seed', 'split_ngram_parts')
    config.ignore('number_of_conv_states', 'mlp_only_layers', 'mtp_num_hidden_layers')
    return decoder(config, {
      dimensions,
      qkvBias: bias,
      outputBias: bias,
      qkNorm: 'head',
      norms: [],
      names: { finalNorm: null },
      attentionOf: () => ({ outputGate: true, indexKeyDim: indexDim }),
      mixersOf: (layer) => (linear(layer) ? [tables.at(layer) ? withTables : block] : undefined),
      feedForwardsOf: sparse(config, dimensions),
      extraOf: (layer) => [...around, ...(linear(layer) ? [] : indexer), ...(tables.at(layer) ?? [])],
      outside: gatedResidual('hyper_connection_mixer', streams, hidden, rank, false),
    })
  },
}

function gatedResidual(name: string, streams: number, hidden: number, rank: number, injects: boolean): Tensor[] {
  const wide = streams * hidden
  return [
    vector(`${name}.hc_norm`, 'norm', wide),
    ...replicatedLinear(`${name}.input_mix_weight_down`, 'mlp', { out: rank, in: wide }),
    ...replicatedLinear(`${name}.input_mix_weight_up`, 'mlp', { out: wide, in: rank }),
    ...(injects ? replicatedLinear(`${name}.block_inject_weight`, 'mlp', { out: streams, in: wide }) : []),
  ]
}

/** Per-layer embeddings: for pairs, triples … of tokens several tables each, all of a different prime size. */
function readTables(config: ConfigReader, layers: number, hidden: number, streams: number) {
  const ids = [...new Set(config.indices('ple_layer_ids', layers) ?? [])].sort((a, b) => a - b)
  if (ids.length === 0) return { at: () => undefined, state: 0 }
  const width = config.optionalCount('ple_embed_dim') ?? hidden
  const size = config.count('ngram_size', 64)
  const heads = (size - 1) * config.count('heads_per_ngram', 64)
  if (heads * ids.length > 512)
    config.fail('ple_layer_ids', `makes ${heads * ids.length} tables; at most 512 can be handled.`)
  if (width % heads !== 0) config.fail('ple_embed_dim', `${width} cannot be divided among ${heads} tables.`)
  const kernel = config.count('ple_conv_kernel_size', 64)
  const divisor = config.count('make_ngram_vocab_size_divisible_by')
  const primes = primesFrom(config.count('ngram_vocab_size_base', 2 ** 28), heads * ids.length)
  const wide = streams * hidden
  const rest = [
    ...replicatedLinear('ple.key_proj', 'mlp', { out: wide, in: width }),
    ...replicatedLinear('ple.value_proj', 'mlp', { out: hidden, in: width }),
    ...['norm_key', 'norm_query', 'norm_conv'].map((name) => vector(`ple.${name}`, 'norm', wide)),
    table('ple.conv1d', 'recurrent', wide, kernel),
  ]
  const tensors = ids.map((_, n) => {
    const rows = primes.slice(n * heads, (n + 1) * heads).reduce((sum, prime) => sum + prime, 0)
    const padded = Math.ceil(rows / divisor) * divisor
    return [table('ple.ple_embedding.ngram_embedding', 'embedding', padded, width / heads), ...rest]
  })
  // Layers are numbered from 1 there.
  return { at: (layer: number) => tensors[ids.indexOf(layer + 1)], state: wide * (kernel - 1) * size }
}

function primesFrom(base: number, count: number): number[] {
  const primes: number[] = []
  for (let value = base; primes.length < count; value++) if (isPrime(value)) primes.push(value)
  return primes
}

function isPrime(value: number): boolean {
  if (value < 4) return value > 1
  if (value % 2 === 0) return false
  for (let divisor = 3; divisor * divisor <= value; divisor += 2) if (value % divisor === 0) return false
  return true
}
