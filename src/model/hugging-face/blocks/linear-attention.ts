/**
 * Attention without a growing cache: Gated DeltaNet (arXiv:2412.06464, Qwen3-Next), lightning attention
 * (arXiv:2401.04658, MiniMax) and LFM2's short convolution.
 */
import { columnLinear, rowLinear, vector } from '../../tensors.ts'
import type { MixerBlock } from './block.ts'
import { convolution } from './mamba.ts'

export interface DeltaNetSpec {
  hidden: number
  keyHeads: number
  valueHeads: number
  keyHeadDim: number
  valueHeadDim: number
  kernel: number
  /** Two matrices for q, k, v, z and for b, a (Qwen3-Next); four for qkv, z, b and a (Qwen3.5); six, one for each (OLMo Hybrid). */
  matrices: 2 | 4 | 6
}

export function gatedDeltaNet(spec: DeltaNetSpec): MixerBlock {
  const { hidden, keyHeads, valueHeads, keyHeadDim, valueHeadDim, kernel, matrices } = spec
  const keys = keyHeads * keyHeadDim
  const values = valueHeads * valueHeadDim
  const channels = 2 * keys + values
  const project = (name: string, parts: number, out: number) =>
    columnLinear(`linear_attn.${name}`, 'recurrent', parts, { out, in: hidden })
  const scalars = (name: string) => project(name, valueHeads, valueHeads)
  const inputs = {
    2: () => [
      ...project('in_proj_qkvz', keyHeads, channels + values),
      ...project('in_proj_ba', keyHeads, 2 * valueHeads),
    ],
    4: () => [
      ...project('in_proj_qkv', keyHeads, channels),
      ...project('in_proj_z', valueHeads, values),
      ...scalars('in_proj_b'),
      ...scalars('in_proj_a'),
    ],
    6: () => [
      ...project('q_proj', keyHeads, keys),
      ...project('k_proj', keyHeads, keys),
      ...project('v_proj', valueHeads, values),
      ...project('g_proj', valueHeads, values),
      ...scalars('a_proj'),
      ...scalars('b_proj'),
    ],
  }[matrices]()
  const [norm, output] = matrices === 6 ? ['o_norm', 'o_proj'] : ['norm', 'out_proj']
  return {
    mixer: {
      kind: 'gated-delta-net',
      inner: values,
      heads: valueHeads,
      convState: channels * kernel,
      convChannels: channels,
      recurrentState: valueHeads * keyHeadDim * valueHeadDim,
      stateSize: keyHeadDim,
    },
    tensors: [
      ...inputs,
      ...convolution('linear_attn.conv1d', channels, kernel, false, keyHeads),
      vector('linear_attn.dt_bias', 'recurrent', valueHeads, valueHeads),
      vector('linear_attn.A_log', 'recurrent', valueHeads, valueHeads),
      vector(`linear_attn.${norm}`, 'norm', valueHeadDim),
      ...rowLinear(`linear_attn.${output}`, 'recurrent', valueHeads, { out: hidden, in: values }),
    ],
  }
}

/** Query, key and value of all heads (no grouping), an output gate and a norm over the whole output. */
export function lightningAttention(hidden: number, heads: number, headDim: number): MixerBlock {
  const inner = heads * headDim
  return {
    mixer: {
      kind: 'lightning',
      inner,
      heads,
      convState: 0,
      convChannels: 0,
      recurrentState: heads * headDim * headDim,
      stateSize: headDim,
    },
    tensors: [
      ...columnLinear('self_attn.qkv_proj', 'recurrent', heads, { out: 3 * inner, in: hidden }),
      ...columnLinear('self_attn.output_gate', 'recurrent', heads, { out: inner, in: hidden }),
      ...rowLinear('self_attn.out_proj', 'recurrent', heads, { out: hidden, in: inner }),
      vector('self_attn.norm', 'norm', inner, heads),
    ],
  }
}

/** Two gates around a depthwise convolution over the hidden channels. */
export function shortConvolution(hidden: number, kernel: number, bias: boolean): MixerBlock {
  return {
    mixer: {
      kind: 'short-conv',
      inner: hidden,
      heads: hidden,
      convState: hidden * kernel,
      convChannels: hidden,
      recurrentState: 0,
      stateSize: 0,
    },
    tensors: [
      ...columnLinear('conv.in_proj', 'recurrent', hidden, { out: 3 * hidden, in: hidden, bias }),
      ...convolution('conv.conv', hidden, kernel, bias, hidden),
      ...rowLinear('conv.out_proj', 'recurrent', hidden, { out: hidden, in: hidden, bias }),
    ],
  }
}
