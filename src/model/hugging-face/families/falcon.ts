/**
 * Falcon (RefinedWeb). Three layouts: rw (MHA, ALiBi, biases), 7B (one key/value head, one norm, parallel) and the new
 * decoder of 40B and 180B (GQA, a norm each for attention and MLP, parallel).
 */
import { decoder, readActivation } from '../decoder.ts'
import { HIDDEN, readDimensions } from '../dimensions.ts'
import type { Families, Family } from '../family.ts'

const falcon: Family = (config) => {
  const dimensions = readDimensions(config)
  const newDecoder = config.flag('new_decoder_architecture', false)
  const multiQuery = config.flag('multi_query', true)
  const parallel = config.flag('parallel_attn', true) || newDecoder
  const norms = config.optionalCount('num_ln_in_parallel_attn', 2) ?? (newDecoder ? 2 : 1)
  const bias = config.flag('bias', false)
  return decoder(config, {
    dimensions: { ...dimensions, kvHeads: !newDecoder && multiQuery ? 1 : dimensions.kvHeads },
    norm: 'layer',
    norms: normNames(parallel, norms),
    position: config.flag('alibi', false) ? 'alibi' : 'rope',
    parallel,
    qkvBias: bias,
    outputBias: bias,
    mlpBias: bias,
    gated: false,
    activation: readActivation(config, 'gelu'),
    intermediate: config.optionalCount('ffn_hidden_size') ?? 4 * config.count(HIDDEN),
    tiedByDefault: true,
    attentionNames: { fused: 'self_attention.query_key_value', o: 'self_attention.dense' },
    mlpNames: { up: 'mlp.dense_h_to_4h', down: 'mlp.dense_4h_to_h' },
    names: { embedding: 'word_embeddings', finalNorm: 'ln_f' },
  })
}

function normNames(parallel: boolean, norms: number): string[] {
  if (!parallel) return ['input_layernorm', 'post_attention_layernorm']
  return norms === 2 ? ['ln_attn', 'ln_mlp'] : ['input_layernorm']
}

export const FALCON_FAMILIES: Families = { falcon, RefinedWeb: falcon, RefinedWebModel: falcon }
