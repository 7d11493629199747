/**
 * Constructors for the tensor inventory. The cuts are those of Megatron-LM and vLLM: column-parallel layers are cut
 * along `out`, row-parallel ones along `in` (their bias is replicated, it is added once after the reduction).
 */
import type { Tensor, TensorClass } from './architecture.ts'

export interface LinearShape {
  out: number
  in: number
  bias?: boolean
  /** Tensors of this kind, 1 unless these are experts or repeated outside layers. */
  count?: number
}

/** A linear layer cut along its outputs. */
export function columnLinear(name: string, cls: TensorClass, parts: number, shape: LinearShape): Tensor[] {
  return linear(name, cls, parts, 'out', shape)
}

/** A linear layer cut along its inputs. */
export function rowLinear(name: string, cls: TensorClass, parts: number, shape: LinearShape): Tensor[] {
  return linear(name, cls, parts, 'in', shape)
}

/** A linear layer that every rank holds whole. */
export function replicatedLinear(name: string, cls: TensorClass, shape: LinearShape): Tensor[] {
  return linear(name, cls, 1, null, shape)
}

function linear(
  name: string,
  cls: TensorClass,
  parts: number,
  cut: 'out' | 'in' | null,
  { out, in: inputs, bias = false, count = 1 }: LinearShape,
): Tensor[] {
  const weight: Tensor = { name, class: cls, count, out, in: inputs, linear: true, parts, cut }
  if (!bias) return [weight]
  const biasCut = cut === 'out' ? { parts, cut } : { parts: 1, cut: null }
  return [weight, { name: `${name}.bias`, class: cls, count, out, in: 1, linear: false, ...biasCut }]
}

/** A vector of parameters; cut along with its channels when `parts` is above 1. */
export function vector(name: string, cls: TensorClass, size: number, parts = 1, count = 1): Tensor {
  return { name, class: cls, count, out: size, in: 1, linear: false, parts, cut: parts > 1 ? 'out' : null }
}

/** A matrix that is not a linear layer (convolution kernel, state matrix, table). */
export function table(name: string, cls: TensorClass, out: number, inputs: number, parts = 1, count = 1): Tensor {
  return { name, class: cls, count, out, in: inputs, linear: false, parts, cut: parts > 1 ? 'out' : null }
}

export function elements(tensor: Tensor): number {
  return tensor.count * tensor.out * tensor.in
}

/** What tensor parallelism cuts alike: a whole tensor, or of a fused projection the queries and, into fewer parts, the keys and values. */
export function cuts(tensor: Tensor): { elements: number; parts: number }[] {
  const whole = elements(tensor)
  if (!tensor.keyValue) return [{ elements: whole, parts: tensor.parts }]
  const keyValue = tensor.count * tensor.keyValue.out * tensor.in
  return [
    { elements: whole - keyValue, parts: tensor.parts },
    { elements: keyValue, parts: tensor.keyValue.parts },
  ]
}
