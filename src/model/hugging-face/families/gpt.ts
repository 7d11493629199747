/**
 * The LayerNorm generation, biases everywhere and an MLP of 4h without gate unless the config says otherwise:
 * GPT-2, GPT-NeoX and Pythia, GPT-J, StarCoder 1, OPT, BLOOM, MPT.
 */

import type { Tensor } from '../../architecture.ts'
import { replicatedLinear, table, vector } from '../../tensors.ts'
import { attentionBias } from '../attention-options.ts'
import type { AttentionNames } from '../blocks/attention.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'
import { decoder, readActivation } from '../decoder.ts'
import { HIDDEN, readEqualHeads, readPositions } from '../dimensions.ts'
import type { Families } from '../family.ts'

const GPT2_ATTENTION: Partial<AttentionNames> = { fused: 'attn.c_attn', o: 'attn.c_proj' }
const GPT2_MLP = { up: 'mlp.c_fc', down: 'mlp.c_proj' }
const GPT2_OUTSIDE = { embedding: 'wte', finalNorm: 'ln_f' }
const FOUR_H_MLP = { up: 'mlp.dense_h_to_4h', down: 'mlp.dense_4h_to_h' }

export const GPT_FAMILIES: Families = {
  gpt2: (config) =>
    decoder(config, {
      dimensions: readEqualHeads(config),
      ...biased(config, 'gelu_new'),
      intermediate: config.optionalCount('n_inner') ?? 4 * config.count(HIDDEN),
      norms: ['ln_1', 'ln_2'],
      position: 'learned',
      tiedByDefault: true,
      attentionNames: GPT2_ATTENTION,
      mlpNames: GPT2_MLP,
      names: GPT2_OUTSIDE,
      outside: [positions(config, 'wpe', 0)],
    }),
  // GPT-1: norms behind attention and MLP, none at the end.
  'openai-gpt': (config) =>
    decoder(config, {
      ...biased(config.ignore('afn'), 'gelu_new'),
      dimensions: readEqualHeads(config),
      intermediate: 4 * config.count(HIDDEN),
      norms: ['ln_1', 'ln_2'],
      position: 'learned',
      tiedByDefault: true,
      attentionNames: GPT2_ATTENTION,
      mlpNames: GPT2_MLP,
      names: { embedding: 'tokens_embed', finalNorm: null },
      outside: [positions(config, 'positions_embed', 0)],
    }),
  // OPT's layers under BERT's names.
  biogpt: (config) =>
    decoder(config, {
      ...biased(config, 'gelu'),
      dimensions: readEqualHeads(config),
      norms: ['self_attn_layer_norm', 'final_layer_norm'],
      position: 'learned',
      tiedByDefault: true,
      attentionNames: { o: 'self_attn.out_proj' },
      mlpNames: { up: 'fc1', down: 'fc2' },
      names: { finalNorm: 'layer_norm' },
      outside: [positions(config, 'embed_positions', 2)],
    }),
  // StarCoder 1: GPT-2 with one key/value head.
  gpt_bigcode: (config) => {
    const dimensions = readEqualHeads(config)
    const kvHeads = config.flag('multi_query', true) ? 1 : dimensions.heads
    return decoder(config, {
      ...biased(config, 'gelu_pytorch_tanh'),
      dimensions: { ...dimensions, kvHeads },
      intermediate: config.optionalCount('n_inner') ?? 4 * dimensions.hidden,
      norms: ['ln_1', 'ln_2'],
      position: 'learned',
      tiedByDefault: true,
      attentionNames: GPT2_ATTENTION,
      mlpNames: GPT2_MLP,
      names: GPT2_OUTSIDE,
      outside: [positions(config, 'wpe', 0)],
    })
  },
  // One norm feeds attention and MLP in parallel; attention has no bias, MLP and head have.
  gptj: (config) => {
    const intermediate = config.optionalCount('n_inner') ?? 4 * config.count(HIDDEN)
    return decoder(config, {
      dimensions: readEqualHeads(config),
      ...biased(config, 'gelu_new'),
      qkvBias: false,
      outputBias: false,
      intermediate,
      parallel: true,
      headBias: true,
      norms: ['ln_1'],
      attentionNames: { q: 'attn.q_proj', k: 'attn.k_proj', v: 'attn.v_proj', o: 'attn.out_proj' },
      mlpNames: { up: 'mlp.fc_in', down: 'mlp.fc_out' },
      names: GPT2_OUTSIDE,
    })
  },
  gpt_neox: (config) => {
    return decoder(config, {
      dimensions: readEqualHeads(config),
      ...biased(config, 'gelu'),
      ...attentionBias(config, true),
      parallel: config.flag('use_parallel_residual', true),
      attentionNames: { fused: 'attention.query_key_value', o: 'attention.dense' },
      mlpNames: FOUR_H_MLP,
      names: { embedding: 'embed_in', finalNorm: 'final_layer_norm', head: 'embed_out' },
    })
  },
  opt: (config) => {
    const dimensions = readEqualHeads(config)
    const { hidden } = dimensions
    const bias = config.flag('enable_bias', true)
    const affine = config.flag('layer_norm_elementwise_affine', true)
    const width = config.optionalCount('word_embed_proj_dim') ?? hidden
    const preNorm = config.flag('do_layer_norm_before', true)
    const removed = config.flag('_remove_final_layer_norm', false)
    const finalNorm = preNorm && !removed ? 'final_layer_norm' : null
    const plan = decoder(config, {
      ...biased(config, 'relu'),
      qkvBias: bias,
      outputBias: bias,
      mlpBias: bias,
      dimensions,
      intermediate: config.count('ffn_dim'),
      norm: affine ? 'layer' : 'none',
      norms: ['self_attn_layer_norm', 'final_layer_norm'],
      position: 'learned',
      tiedByDefault: true,
      attentionNames: { o: 'self_attn.out_proj' },
      mlpNames: { up: 'fc1', down: 'fc2' },
      names: { finalNorm },
      // Two rows more than positions: the offset of OPT's learned positions.
      outside: [positions(config, 'embed_positions', 2), ...projections(hidden, width)],
    })
    return { ...plan, embeddingWidth: width }
  },
  bloom: (config) => {
    const intermediate = config.optionalCount('n_inner') ?? 4 * config.count(HIDDEN)
    const hidden = config.count(HIDDEN)
    return decoder(config, {
      dimensions: readEqualHeads(config),
      ...biased(config, 'gelu'),
      intermediate,
      position: 'alibi',
      tiedByDefault: true,
      attentionNames: { fused: 'self_attention.query_key_value', o: 'self_attention.dense' },
      mlpNames: FOUR_H_MLP,
      names: { embedding: 'word_embeddings', finalNorm: 'ln_f' },
      outside: ['word_embeddings_layernorm', 'word_embeddings_layernorm.bias'].map((name) => {
        return vector(name, 'norm', hidden)
      }),
    })
  },
  mpt: (config) => {
    const nested = config.child('attn_config')
    const kvHeads = nested?.optionalCount('kv_n_heads', LIMITS.heads) ?? null
    const dimensions = readEqualHeads(config)
    const { hidden } = dimensions
    const bias = !config.ignore('norm_type', 'learned_pos_emb').flag('no_bias', true)
    const alibi = nested?.flag('alibi', true) ?? true
    const rope = nested?.flag('rope', false) ?? false
    if (nested?.flag('qk_ln', false)) config.fail('attn_config.qk_ln', 'true is not supported for mpt.')
    const kind = nested?.word('attn_type') ?? 'multihead_attention'
    const learned = !alibi && !rope
    return decoder(config, {
      ...biased(config, 'gelu'),
      dimensions: { ...dimensions, kvHeads: kind === 'multiquery_attention' ? 1 : (kvHeads ?? dimensions.heads) },
      qkvBias: bias,
      outputBias: bias,
      mlpBias: bias,
      intermediate: config.ratio('expansion_ratio', 64) * hidden,
      norm: bias ? 'layer' : 'layer-weight',
      norms: ['norm_1', 'norm_2'],
      position: alibi ? 'alibi' : rope ? 'rope' : 'learned',
      tiedByDefault: true,
      attentionNames: { fused: 'attn.Wqkv', o: 'attn.out_proj' },
      mlpNames: { up: 'ffn.up_proj', down: 'ffn.down_proj' },
      names: { embedding: 'wte', finalNorm: 'norm_f' },
      outside: learned ? [positions(config, 'wpe', 0)] : [],
    })
  },
  // Layers attend in turns to everything and to a window of 256 tokens.
  gpt_neo: (config) => {
    const dimensions = readEqualHeads(config)
    const window = config.optionalCount('window_size', LIMITS.positions) ?? 256
    const local = readLocalLayers(config, dimensions.layers)
    const positions = config.count('max_position_embeddings')
    return decoder(config, {
      dimensions,
      norm: 'layer',
      norms: ['ln_1', 'ln_2'],
      position: 'learned',
      outputBias: true,
      mlpBias: true,
      gated: false,
      activation: readActivation(config, 'gelu_new'),
      tiedByDefault: true,
      intermediate: config.optionalCount('intermediate_size') ?? 4 * dimensions.hidden,
      attentionNames: {
        q: 'attn.attention.q_proj',
        k: 'attn.attention.k_proj',
        v: 'attn.attention.v_proj',
        o: 'attn.attention.out_proj',
      },
      mlpNames: { up: 'mlp.c_fc', down: 'mlp.c_proj' },
      names: { embedding: 'wte', finalNorm: 'ln_f' },
      attentionOf: (layer) => ({ window: local(layer) ? window : null }),
      outside: [table('wpe', 'embedding', positions, dimensions.hidden)],
    })
  },
  // GPT-J with one matrix for query, key and value.
  codegen: (config) =>
    decoder(config, {
      dimensions: readEqualHeads(config),
      norm: 'layer',
      norms: ['ln_1'],
      parallel: true,
      mlpBias: true,
      headBias: true,
      gated: false,
      activation: readActivation(config, 'gelu_new'),
      intermediate: config.optionalCount('n_inner') ?? 4 * config.count(HIDDEN),
      attentionNames: { fused: 'attn.qkv_proj', o: 'attn.out_proj' },
      mlpNames: { up: 'mlp.fc_in', down: 'mlp.fc_out' },
      names: { embedding: 'wte', finalNorm: 'ln_f' },
    }),
}

function biased(config: ConfigReader, activation: string) {
  return {
    norm: 'layer' as const,
    qkvBias: true,
    outputBias: true,
    mlpBias: true,
    gated: false,
    activation: readActivation(config, activation),
  }
}

/** A table of learned positions, replicated under tensor parallelism. */
function positions(config: ConfigReader, name: string, offset: number): Tensor {
  const rows = readPositions(config)
  if (rows === null) return config.fail('max_position_embeddings', 'missing; the table of learned positions needs it.')
  if (rows > LIMITS.width) config.fail('max_position_embeddings', `${rows} is above the limit of ${LIMITS.width} rows.`)
  return table(name, 'embedding', rows + offset, config.count(HIDDEN))
}

/** OPT-350M embeds in 512 and works in 1024. */
function projections(hidden: number, width: number): Tensor[] {
  if (width === hidden) return []
  return [
    ...replicatedLinear('project_in', 'embedding', { out: hidden, in: width }),
    ...replicatedLinear('project_out', 'embedding', { out: width, in: hidden }),
  ].map((tensor) => ({ ...tensor, linear: false }))
}

/** `attention_types` is a list of [kinds, repeats]: [[["global", "local"], 12]]. */
function readLocalLayers(config: ConfigReader, layers: number): (layer: number) => boolean {
  const types = config.list('attention_types', null)
  config.ignore('attention_layers')
  if (types === null) return (layer) => layer % 2 === 1
  const order: boolean[] = []
  for (const entry of types) {
    const [kinds, repeats] = Array.isArray(entry) ? entry : []
    if (!Array.isArray(kinds) || !Number.isInteger(repeats) || repeats < 1 || repeats * kinds.length > layers) {
      config.fail('attention_types', 'is not a list of [kinds, repeats] that fits the layers.')
    }
    for (let n = 0; n < repeats; n++) order.push(...kinds.map((kind) => kind === 'local'))
  }
  if (order.length !== layers) config.fail('attention_types', `names ${order.length} layers of ${layers}.`)
  return (layer) => order[layer] === true
}
