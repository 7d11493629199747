/**
 * State-space mixers. Mamba-1 (arXiv:2312.00752): every channel has its own state. Mamba-2 (arXiv:2405.21060): heads
 * share it, groups share B and C. Tensor parallelism cuts both along the inner stream.
 */
import type { Recurrent, Tensor } from '../../architecture.ts'
import { columnLinear, rowLinear, table, vector } from '../../tensors.ts'
import type { MixerBlock } from './block.ts'

export interface Mamba1Spec {
  hidden: number
  inner: number
  state: number
  kernel: number
  dtRank: number
  bias: boolean
  convBias: boolean
  /** Jamba normalises dt, B and C by learned norms. */
  norms: boolean
  path: string
}

export function mamba1({ hidden, inner, state, kernel, dtRank, bias, convBias, norms, path }: Mamba1Spec): MixerBlock {
  const tensors = [
    ...columnLinear(`${path}.in_proj`, 'recurrent', inner, { out: 2 * inner, in: hidden, bias }),
    ...convolution(`${path}.conv1d`, inner, kernel, convBias, inner),
    ...rowLinear(`${path}.x_proj`, 'recurrent', inner, { out: dtRank + 2 * state, in: inner }),
    ...columnLinear(`${path}.dt_proj`, 'recurrent', inner, { out: inner, in: dtRank, bias: true }),
    table(`${path}.A_log`, 'recurrent', inner, state, inner),
    vector(`${path}.D`, 'recurrent', inner, inner),
    ...rowLinear(`${path}.out_proj`, 'recurrent', inner, { out: hidden, in: inner, bias }),
  ]
  if (norms) {
    tensors.push(vector(`${path}.dt_layernorm`, 'norm', dtRank))
    for (const name of ['b_layernorm', 'c_layernorm']) tensors.push(vector(`${path}.${name}`, 'norm', state))
  }
  const mixer: Recurrent = {
    kind: 'mamba1',
    inner,
    heads: inner,
    convState: inner * kernel,
    convChannels: inner,
    recurrentState: inner * state,
    stateSize: state,
  }
  return { mixer, tensors }
}

export interface Mamba2Spec {
  hidden: number
  heads: number
  headDim: number
  groups: number
  state: number
  kernel: number
  inBias: boolean
  outBias: boolean
  convBias: boolean
  gatedNorm: boolean
  path: string
}

export function mamba2(spec: Mamba2Spec): MixerBlock {
  const { hidden, heads, headDim, groups, state, kernel, path } = spec
  const inner = heads * headDim
  const channels = inner + 2 * groups * state
  const projected = { out: inner + channels + heads, in: hidden, bias: spec.inBias }
  const tensors = [
    ...columnLinear(`${path}.in_proj`, 'recurrent', heads, projected),
    ...convolution(`${path}.conv1d`, channels, kernel, spec.convBias, heads),
    ...['dt_bias', 'A_log', 'D'].map((name) => vector(`${path}.${name}`, 'recurrent', heads, heads)),
    ...rowLinear(`${path}.out_proj`, 'recurrent', heads, { out: hidden, in: inner, bias: spec.outBias }),
  ]
  if (spec.gatedNorm) tensors.push(vector(`${path}.norm`, 'norm', inner, heads))
  const mixer: Recurrent = {
    kind: 'mamba2',
    inner,
    heads,
    convState: channels * kernel,
    convChannels: channels,
    recurrentState: inner * state,
    stateSize: state,
  }
  return { mixer, tensors }
}

/** A depthwise convolution: one kernel a channel. */
export function convolution(name: string, channels: number, kernel: number, bias: boolean, parts: number): Tensor[] {
  const weight = table(name, 'recurrent', channels, kernel, parts)
  return bias ? [weight, vector(`${name}.bias`, 'recurrent', channels, parts)] : [weight]
}
