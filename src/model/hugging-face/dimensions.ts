/** The dimensions that nearly every decoder config gives, under all the names they go by. */
import { type ConfigReader, LIMITS } from './config-reader.ts'

export interface Dimensions {
  hidden: number
  layers: number
  vocab: number
  heads: number
  kvHeads: number
  headDim: number
  maxPositions: number | null
}

export const HIDDEN = ['hidden_size', 'n_embd', 'n_embed', 'd_model'] as const
export const LAYERS = ['num_hidden_layers', 'n_layer', 'n_layers', 'num_layers'] as const
export const HEADS = ['num_attention_heads', 'n_head', 'n_heads', 'num_heads'] as const
export const KV_HEADS = ['num_key_value_heads', 'num_kv_heads', 'n_head_kv', 'kv_n_heads'] as const
export const VOCAB = ['vocab_size', 'padded_vocab_size'] as const

export function readDimensions(config: ConfigReader): Dimensions {
  const basics = readStream(config)
  const heads = config.count(HEADS, LIMITS.heads)
  const kvHeads = config.optionalCount(KV_HEADS, LIMITS.heads) ?? heads
  if (heads % kvHeads !== 0) {
    config.fail('num_key_value_heads', `${kvHeads} does not divide num_attention_heads ${heads}.`)
  }
  return { ...basics, heads, kvHeads, headDim: readHeadDim(config, basics.hidden, heads) }
}

/** Where every query head has keys and values of its own and the heads share the hidden size, whatever else a config may say. */
export function readEqualHeads(config: ConfigReader): Dimensions {
  const basics = readStream(config)
  const heads = config.count(HEADS, LIMITS.heads)
  if (basics.hidden % heads !== 0) {
    config.fail('num_attention_heads', `${heads} does not divide the hidden size ${basics.hidden}.`)
  }
  return { ...basics, heads, kvHeads: heads, headDim: basics.hidden / heads }
}

/** What a model has whatever its layers are. */
export function readStream(config: ConfigReader): Pick<Dimensions, 'hidden' | 'layers' | 'vocab' | 'maxPositions'> {
  return {
    hidden: config.count(HIDDEN),
    layers: config.count(LAYERS, LIMITS.layers),
    vocab: config.count(VOCAB),
    maxPositions: readPositions(config),
  }
}

export function readPositions(config: ConfigReader): number | null {
  const limit = LIMITS.positions
  // Not aliases: some configs give several of them with different values, the first is what the model was made for.
  const names = ['max_position_embeddings', 'n_positions', 'max_seq_len', 'max_sequence_length', 'seq_length', 'n_ctx']
  const values = names.map((name) => config.optionalCount(name, limit))
  return values.find((value) => value !== null) ?? null
}

export function readHeadDim(config: ConfigReader, hidden: number, heads: number): number {
  const given = config.optionalCount(['head_dim', 'attention_head_dim', 'kv_channels'], 65536)
  if (given !== null) return given
  if (hidden % heads !== 0) {
    config.fail('num_attention_heads', `${heads} does not divide the hidden size ${hidden}, and head_dim is not given.`)
  }
  return hidden / heads
}
