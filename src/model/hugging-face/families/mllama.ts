/**
 * The language model of Llama 3.2 Vision: Llama with layers between its own that attend to the image instead of the text, through gates that
 * start at zero. Eight more rows than the vocabulary stand in the embedding, none in the head.
 */
import { table, vector } from '../../tensors.ts'
import { attention } from '../blocks/attention.ts'
import { LIMITS } from '../config-reader.ts'
import { decoder } from '../decoder.ts'
import { readDimensions } from '../dimensions.ts'
import type { Families, Family } from '../family.ts'

const CROSS = {
  q: 'cross_attn.q_proj',
  k: 'cross_attn.k_proj',
  v: 'cross_attn.v_proj',
  o: 'cross_attn.o_proj',
  qNorm: 'cross_attn.q_norm',
  kNorm: 'cross_attn.k_norm',
}

const mllama: Family = (config) => {
  config.withDefaults('transformers for mllama_text_model', { num_key_value_heads: 8 })
  const dimensions = readDimensions(config)
  const { hidden, heads, kvHeads, headDim } = dimensions
  const crossing = new Set(config.indices('cross_attention_layers', LIMITS.layers) ?? [3, 8, 13, 18, 23, 28, 33, 38])
  const block = attention({ hidden, heads, kvHeads, headDim, qkNorm: 'head', rope: false, names: CROSS })
  const cross = { ...block, mixer: { ...block.mixer, ownsCache: false } }
  config.assume('Layers that attend to images cache nothing: text alone is asked about.')
  const gates = ['attn', 'mlp'].map((name) => vector(`cross_attn_${name}_gate`, 'norm', 1))
  return decoder(config, {
    dimensions,
    mixersOf: (layer) => (crossing.has(layer) ? [cross] : undefined),
    extraOf: (layer) => (crossing.has(layer) ? gates : []),
    outside: [table('embed_tokens.image', 'embedding', 8, hidden)],
  })
}

export const MLLAMA_FAMILIES: Families = { mllama_text_model: mllama }
