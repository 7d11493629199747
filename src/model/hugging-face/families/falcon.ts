/**
 * Falcon (RefinedWeb). Three layouts: rw (MHA, ALiBi, biases), 7B (one key/value head, one norm, parallel) and the new
 * decoder of 40B and 180B (GQA, a norm each for attention and MLP, parallel). Falcon-H1: attention and Mamba in parallel.
 */
import { attentionBias } from '../attention-options.ts'
import { attention } from '../blocks/attention.ts'
import { namesUnder } from '../blocks/feed-forward.ts'
import { mamba2 } from '../blocks/mamba.ts'
import { decoder, readActivation } from '../decoder.ts'
import { HIDDEN, readDimensions } from '../dimensions.ts'
import type { Families, Family } from '../family.ts'
import { graniteMamba } from './granite.ts'

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

const falconH1: Family = (config) => {
  const dimensions = readDimensions(config)
  const { hidden, heads, kvHeads, headDim } = dimensions
  const mamba = mamba2({
    ...graniteMamba(config, hidden),
    outBias: config.flag('projectors_bias', false),
    gatedNorm: config.flag('mamba_rms_norm', false),
  })
  config.ignore('mamba_d_ssm', 'mamba_norm_before_gate', 'mamba_use_mlp', 'mamba_expand')
  const parallel = [mamba, attention({ hidden, heads, kvHeads, headDim, ...attentionBias(config) })]
  return decoder(config, {
    dimensions,
    norms: ['input_layernorm', 'pre_ff_layernorm'],
    names: { finalNorm: 'final_layernorm' },
    mlpBias: config.flag('mlp_bias', false),
    mlpNames: namesUnder('feed_forward'),
    mixersOf: () => parallel,
  })
}

export const FALCON_FAMILIES: Families = { falcon, RefinedWeb: falcon, RefinedWebModel: falcon, falcon_h1: falconH1 }
