/**
 * NVIDIA's own: Nemotron, Nemotron-H (each layer holds one mixer or one feed-forward, named by a letter) and the Llama models
 * pruned by architecture search, whose blocks differ in width or leave attention or MLP out.
 */

import { replicatedLinear } from '../../tensors.ts'
import type { LayerPlan } from '../assemble.ts'
import { attentionBias } from '../attention-options.ts'
import { attention } from '../blocks/attention.ts'
import type { FeedForwardBlock, MixerBlock } from '../blocks/block.ts'
import { dense, mixture, namesUnder } from '../blocks/feed-forward.ts'
import { mamba2 } from '../blocks/mamba.ts'
import { ConfigReader, LIMITS } from '../config-reader.ts'
import { decoder, readActivation, readTied } from '../decoder.ts'
import { HEADS, KV_HEADS, readDimensions, readHeadDim, readPositions, VOCAB } from '../dimensions.ts'
import type { Families, Family } from '../family.ts'

const LETTERS: Record<string, string> = {
  M: 'M',
  E: 'E',
  '*': '*',
  '-': '-',
  linear_attention: 'M',
  mamba: 'M',
  moe: 'E',
  full_attention: '*',
  attention: '*',
  mlp: '-',
}

const nemotronH: Family = (config) => {
  const hidden = config.count('hidden_size')
  const pattern = readPattern(config, 'hybrid_override_pattern', ['layers_block_type', 'layer_types'])
  if (pattern === null) return config.fail('hybrid_override_pattern', 'missing; it says what each layer is.')
  const given = config.optionalCount('num_hidden_layers', LIMITS.layers)
  if (given !== null && given !== pattern.length) {
    config.fail('num_hidden_layers', `${given}, but the layer pattern names ${pattern.length} layers.`)
  }
  const layerOf = blocks(config, hidden, pattern)
  const predicted = readPattern(config, 'mtp_hybrid_override_pattern', ['mtp_layers_block_type']) ?? ['*', 'E']
  const predictions = config.optionalCount('num_nextn_predict_layers', 64, 0) ?? 0
  return {
    hidden,
    vocab: config.count(VOCAB),
    maxPositions: readPositions(config),
    tied: readTied(config, false),
    norm: 'rms',
    position: 'none',
    names: { embedding: 'embeddings', finalNorm: 'norm_f' },
    layers: pattern.map(layerOf),
    mtp: { count: predictions, layers: predictions > 0 ? predicted.map(layerOf) : [] },
  }
}

/** Reads what the letters in use need, and nothing else; returns the layer of a letter. */
function blocks(config: ConfigReader, hidden: number, pattern: string[]): (letter: string) => LayerPlan {
  const built = new Map<string, LayerPlan>()
  const build = (letter: string): LayerPlan => {
    if (letter === 'M') return single(mambaBlock(config, hidden), null)
    if (letter === '*') return single(attentionBlock(config, hidden), null)
    return single(null, letter === 'E' ? expertBlock(config, hidden) : mlpBlock(config, hidden))
  }
  for (const letter of new Set(pattern)) built.set(letter, build(letter))
  config.ignore('expand', 'intermediate_size', 'time_step_rank', 'n_shared_experts', 'sliding_window', 'ssm_state_size')
  config.ignore('moe_shared_expert_overlap', 'mamba_hidden_act', 'mlp_hidden_act', 'attention_bias', 'n_groups')
  return (letter) => built.get(letter) ?? build(letter)
}

function single(mixer: MixerBlock | null, feedForward: FeedForwardBlock | null): LayerPlan {
  return {
    norms: ['norm'],
    mixers: mixer === null ? [] : [mixer],
    feedForwards: feedForward === null ? [] : [feedForward],
  }
}

function mambaBlock(config: ConfigReader, hidden: number): MixerBlock {
  const bias = config.flag('use_bias', false) || config.flag('mamba_proj_bias', false)
  return mamba2({
    hidden,
    heads: config.count('mamba_num_heads', LIMITS.heads),
    headDim: config.count('mamba_head_dim'),
    groups: config.count(['n_groups', 'mamba_n_groups'], LIMITS.heads),
    state: config.count('ssm_state_size'),
    kernel: config.count(['conv_kernel', 'mamba_d_conv'], 64),
    inBias: bias,
    outBias: bias,
    convBias: config.flag(['use_conv_bias', 'mamba_conv_bias'], true),
    gatedNorm: true,
    path: 'mixer',
  })
}

function attentionBlock(config: ConfigReader, hidden: number): MixerBlock {
  const heads = config.count(HEADS, LIMITS.heads)
  const names = { q: 'mixer.q_proj', k: 'mixer.k_proj', v: 'mixer.v_proj', o: 'mixer.o_proj' }
  return attention({
    hidden,
    heads,
    kvHeads: config.optionalCount(KV_HEADS, LIMITS.heads) ?? heads,
    headDim: readHeadDim(config, hidden, heads),
    ...attentionBias(config),
    rope: false,
    names,
  })
}

function mlpBlock(config: ConfigReader, hidden: number): FeedForwardBlock {
  return dense({
    hidden,
    intermediate: config.count('intermediate_size'),
    gated: false,
    bias: config.flag('mlp_bias', false),
    activation: config.word('mlp_hidden_act') ?? 'relu2',
    names: namesUnder('mixer'),
  })
}

/** Routed experts may work in a narrower latent stream, reached and left by one matrix each. */
function expertBlock(config: ConfigReader, hidden: number): FeedForwardBlock {
  const experts = config.count('n_routed_experts', LIMITS.experts)
  const latent = config.optionalCount('moe_latent_size')
  const shared = config.optionalCount('moe_shared_expert_intermediate_size', LIMITS.width, 0) ?? 0
  const bias = config.flag('mlp_bias', false)
  const block = mixture({
    hidden,
    experts,
    active: config.count('num_experts_per_tok', experts),
    intermediate: config.count('moe_intermediate_size'),
    shared: (config.optionalCount('n_shared_experts', 64, 0) ?? 1) > 0 ? shared : 0,
    gated: false,
    activation: config.word('mlp_hidden_act') ?? 'relu2',
    latent,
    router: 'mixer.gate',
    correction: 'mixer.gate.e_score_correction_bias',
    names: namesUnder('mixer.experts'),
    sharedNames: namesUnder('mixer.shared_experts'),
  })
  if (latent === null) return block
  const tensors = [
    ...block.tensors,
    ...replicatedLinear('mixer.fc1_latent_proj', 'mlp', { out: latent, in: hidden, bias }),
    ...replicatedLinear('mixer.fc2_latent_proj', 'mlp', { out: hidden, in: latent, bias }),
  ]
  return { ...block, tensors }
}

function readPattern(config: ConfigReader, text: string, lists: string[]): string[] | null {
  const raw = config.raw(text)
  const entries = typeof raw === 'string' ? [...raw.slice(0, LIMITS.layers + 1)] : config.list(lists, null)
  if (entries === null) return null
  if (entries.length === 0 || entries.length > LIMITS.layers) {
    config.fail(text, `names ${entries.length} layers; from 1 to ${LIMITS.layers} can be handled.`)
  }
  return entries.map((entry, layer) => {
    const letter = typeof entry === 'string' && Object.hasOwn(LETTERS, entry) ? LETTERS[entry] : undefined
    return letter ?? config.fail(`${text}[${layer}]`, 'is not one of M, E, * and - (Mamba, experts, attention, MLP).')
  })
}

/** Llama pruned by architecture search: `block_configs` gives each layer's heads per group and width, or drops a part. */
const nemotronNas: Family = (config) => {
  const dimensions = readDimensions(config)
  const { hidden, heads, headDim, layers } = dimensions
  const list = config.list('block_configs', layers)
  if (list === null) return config.fail('block_configs', 'missing; it says how wide each layer is.')
  const activation = readActivation(config)
  const bias = config.flag('attention_bias', false)
  const mlpBias = config.flag('mlp_bias', false)
  const plans = list.map((entry, layer): LayerPlan => {
    const block = new ConfigReader(entry, `block_configs[${layer}].`, config.assumptions)
    const own = block.child('attention') ?? block.fail('attention', 'missing.')
    const ffn = block.child('ffn') ?? block.fail('ffn', 'missing.')
    for (const part of [own, ffn]) {
      if (part.flag('replace_with_linear', false)) part.fail('replace_with_linear', 'true is not supported.')
    }
    const attends = !own.flag('no_op', false)
    const feeds = !ffn.flag('no_op', false)
    const group = attends ? own.count('n_heads_in_group', heads) : 1
    if (heads % group !== 0) own.fail('n_heads_in_group', `${group} does not divide the ${heads} heads.`)
    const window = own.optionalCount('window_length', LIMITS.positions)
    const spec = { hidden, heads, kvHeads: heads / group, headDim, qkvBias: bias, outputBias: bias, window }
    const intermediate = feeds ? readFfnWidth(ffn, hidden) : 0
    return {
      norms: [...(attends ? ['input_layernorm'] : []), ...(feeds ? ['post_attention_layernorm'] : [])],
      mixers: attends ? [attention(spec)] : [],
      feedForwards: feeds ? [dense({ hidden, intermediate, gated: true, activation, bias: mlpBias })] : [],
    }
  })
  const plan = decoder(config, { dimensions, mixersOf: () => [], feedForwardsOf: () => [] })
  return { ...plan, layers: plans }
}

/** ⌈int(2·m·h/3) / 256⌉·256, the rule of the repository's modelling code. */
function readFfnWidth(ffn: ConfigReader, hidden: number): number {
  const given = ffn.optionalCount('intermediate_size')
  if (given !== null) return given
  const width = Math.ceil(Math.floor((2 * ffn.ratio('ffn_mult', 64) * hidden) / 3) / 256) * 256
  return width > LIMITS.width ? ffn.fail('ffn_mult', `makes ${width} wide, above the limit of ${LIMITS.width}.`) : width
}

/** Nemotron 3 and 4, Minitron. */
const nemotron: Family = (config) =>
  decoder(config, {
    ...attentionBias(config),
    norm: 'layer',
    mlpBias: config.flag('mlp_bias', false),
    gated: false,
    activation: readActivation(config, 'relu2'),
  })

export const NEMOTRON_FAMILIES: Families = { nemotron, nemotron_h: nemotronH, 'nemotron-nas': nemotronNas }
