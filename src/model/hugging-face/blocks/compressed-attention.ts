/**
 * DeepSeek-V4's attention: one key for all heads, which is the value too, of the last tokens, and beside it one for every few tokens, which a
 * compressor makes of them; with an indexer (CSA) or without (HCA). Queries and outputs have low rank, the output in groups of heads.
 * Names and shapes: DeepseekV4Attention of transformers 5.24.
 */
import type { CompressedAttention, Tensor } from '../../architecture.ts'
import { columnLinear, replicatedLinear, rowLinear, table, vector } from '../../tensors.ts'
import type { MixerBlock } from './block.ts'

export interface CompressedSpec extends Omit<CompressedAttention, 'kind'> {
  hidden: number
  qLoraRank: number
  outputGroups: number
  outputLoraRank: number
}

export function compressedAttention(spec: CompressedSpec): MixerBlock {
  const { hidden, qLoraRank, outputGroups, outputLoraRank, ...mixer } = spec
  const { heads, headDim } = mixer
  const grouped = outputGroups * outputLoraRank
  return {
    mixer: { kind: 'compressed', ...mixer },
    tensors: [
      ...replicatedLinear('self_attn.q_a_proj', 'attention', { out: qLoraRank, in: hidden }),
      vector('self_attn.q_a_norm', 'norm', qLoraRank),
      ...columnLinear('self_attn.q_b_proj', 'attention', heads, { out: heads * headDim, in: qLoraRank }),
      ...replicatedLinear('self_attn.kv_proj', 'attention', { out: headDim, in: hidden }),
      vector('self_attn.kv_norm', 'norm', headDim),
      ...columnLinear('self_attn.o_a_proj', 'attention', outputGroups, {
        out: grouped,
        in: Math.floor((heads * headDim) / outputGroups),
      }),
      ...rowLinear('self_attn.o_b_proj', 'attention', outputGroups, { out: hidden, in: grouped }),
      vector('self_attn.sinks', 'attention', heads, heads),
      ...compressor('self_attn.compressor', hidden, mixer.rate, headDim, mixer.indexer !== null),
      ...indexer(hidden, qLoraRank, mixer),
    ],
  }
}

/** Keys and their gates of a few tokens make one entry; with an indexer windows overlap, and a token has two of each. */
function compressor(path: string, hidden: number, rate: number | null, headDim: number, overlaps: boolean): Tensor[] {
  if (rate === null) return []
  const width = (overlaps ? 2 : 1) * headDim
  return [
    // Published in 16 bits, beside quantised projections.
    ...['kv_proj', 'gate_proj'].map((name) => table(`${path}.${name}`, 'attention', width, hidden)),
    table(`${path}.position_bias`, 'attention', rate, width),
    vector(`${path}.kv_norm`, 'norm', headDim),
  ]
}

/** It searches compressed keys of its own. */
function indexer(
  hidden: number,
  qLoraRank: number,
  { rate, indexer: index }: CompressedAttention | Omit<CompressedAttention, 'kind'>,
) {
  if (index === null) return []
  const path = 'self_attn.compressor.indexer'
  return [
    ...compressor(path, hidden, rate, index.headDim, true),
    ...replicatedLinear(`${path}.q_b_proj`, 'attention', { out: index.heads * index.headDim, in: qLoraRank }),
    table(`${path}.scorer.weights_proj`, 'attention', index.heads, hidden),
  ]
}
