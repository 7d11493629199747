/**
 * Softmax attention (MHA, MQA, GQA): h·nh·hd + 2·h·nkv·hd + nh·hd·h weights, biases and norms as asked.
 * Cut by heads: q and o by query heads, k and v by key/value heads.
 */
import type { Attention, Tensor } from '../../architecture.ts'
import { columnLinear, rowLinear, vector } from '../../tensors.ts'
import type { MixerBlock } from './block.ts'

export interface AttentionSpec {
  hidden: number
  heads: number
  kvHeads: number
  headDim: number
  valueHeadDim?: number
  qkvBias?: boolean
  keyBias?: boolean
  outputBias?: boolean
  qkNorm?: Attention['qkNorm']
  /** False for norms that learn nothing (Llama 4's L2 norm). */
  qkNormLearned?: boolean
  window?: number | null
  chunked?: boolean
  rope?: boolean
  ownsCache?: boolean
  keyIsValue?: boolean
  outputGate?: boolean
  indexKeyDim?: number
  /** One learned sink logit per head (gpt-oss). */
  sinks?: boolean
  names?: Partial<AttentionNames>
}

export interface AttentionNames {
  q: string
  k: string
  v: string
  o: string
  qNorm: string
  kNorm: string
  sinks: string
  /** Name of the fused projection, or null when q, k and v are stored apart. */
  fused: string | null
}

const NAMES: AttentionNames = {
  q: 'self_attn.q_proj',
  k: 'self_attn.k_proj',
  v: 'self_attn.v_proj',
  o: 'self_attn.o_proj',
  qNorm: 'self_attn.q_norm',
  kNorm: 'self_attn.k_norm',
  sinks: 'self_attn.sinks',
  fused: null,
}

export function attention(spec: AttentionSpec): MixerBlock {
  const { hidden, heads, kvHeads, headDim } = spec
  const valueHeadDim = spec.valueHeadDim ?? headDim
  const mixer: Attention = {
    kind: 'attention',
    heads,
    kvHeads,
    headDim,
    valueHeadDim,
    window: spec.window ?? null,
    chunked: spec.chunked ?? false,
    ownsCache: spec.ownsCache ?? true,
    keyIsValue: spec.keyIsValue ?? false,
    qkNorm: spec.qkNorm ?? null,
    outputGate: spec.outputGate ?? false,
    rope: spec.rope ?? true,
    ...(spec.indexKeyDim ? { indexKeyDim: spec.indexKeyDim } : {}),
  }
  const names = { ...NAMES, ...spec.names }
  const tensors = [
    ...projections(spec, mixer, names),
    ...rowLinear(names.o, 'attention', heads, { out: hidden, in: heads * valueHeadDim, bias: spec.outputBias }),
    ...queryKeyNorms(spec, mixer, names),
  ]
  if (spec.sinks) tensors.push(vector(names.sinks, 'attention', heads, heads))
  return { mixer, tensors }
}

function projections(spec: AttentionSpec, mixer: Attention, names: AttentionNames): Tensor[] {
  const { hidden, qkvBias: bias = false } = spec
  const queries = mixer.heads * mixer.headDim * (mixer.outputGate ? 2 : 1)
  const keys = mixer.kvHeads * mixer.headDim
  const values = mixer.kvHeads * mixer.valueHeadDim
  if (names.fused !== null) {
    const fused = columnLinear(names.fused, 'attention', mixer.heads, {
      out: queries + keys + values,
      in: hidden,
      bias,
    })
    if (mixer.kvHeads === mixer.heads) return fused
    return fused.map((tensor) => ({ ...tensor, keyValue: { out: keys + values, parts: mixer.kvHeads } }))
  }
  const tensors = columnLinear(names.q, 'attention', mixer.heads, { out: queries, in: hidden, bias })
  if (!mixer.ownsCache) return tensors
  tensors.push(
    ...columnLinear(names.k, 'attention', mixer.kvHeads, { out: keys, in: hidden, bias: spec.keyBias ?? bias }),
  )
  if (mixer.keyIsValue) return tensors
  return [...tensors, ...columnLinear(names.v, 'attention', mixer.kvHeads, { out: values, in: hidden, bias })]
}

function queryKeyNorms(spec: AttentionSpec, mixer: Attention, names: AttentionNames): Tensor[] {
  if (mixer.qkNorm === null || spec.qkNormLearned === false) return []
  const norm = (name: string, heads: number) => {
    const width = mixer.qkNorm === 'full' ? heads : 1
    return vector(name, 'norm', mixer.headDim * width, width)
  }
  const query = norm(names.qNorm, mixer.heads)
  return mixer.ownsCache ? [query, norm(names.kNorm, mixer.kvHeads)] : [query]
}
