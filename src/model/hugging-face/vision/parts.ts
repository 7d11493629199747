/** What the towers share: how their configs name things, and the matrices that join them to the language model. */
import type { Tensor } from '../../architecture.ts'
import { replicatedLinear } from '../../tensors.ts'
import { type ConfigReader, LIMITS } from '../config-reader.ts'

/** `config` is the whole config, `vision` its vision part, `hidden` the language model's width. */
export type Tower = (vision: ConfigReader, hidden: number, config: ConfigReader) => Tensor[]

export const LAYERS = ['num_hidden_layers', 'depth'] as const
export const HEADS = ['num_attention_heads', 'num_heads'] as const

export const WITH_BIASES = {
  gated: false,
  norm: 'layer',
  norms: 2,
  attentionBias: true,
  mlpBias: true,
  patchBias: true,
} as const

export function readTower(vision: ConfigReader) {
  const hidden = vision.count('hidden_size')
  const heads = vision.count(HEADS, LIMITS.heads)
  if (hidden % heads !== 0) vision.fail('num_attention_heads', `${heads} does not divide the hidden size ${hidden}.`)
  return {
    hidden,
    heads,
    layers: vision.count(LAYERS, LIMITS.layers),
    intermediate: vision.count('intermediate_size'),
  }
}

export function channels(vision: ConfigReader): number {
  return vision.optionalCount(['num_channels', 'in_channels', 'in_chans'], 64) ?? 3
}

export function projector(name: string, out: number, inputs: number, bias: boolean, count = 1): Tensor[] {
  return replicatedLinear(name, 'vision', { out, in: inputs, bias, count })
}
