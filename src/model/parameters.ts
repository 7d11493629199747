/** Exact parameter counts of an architecture, in total, per tensor class, and active per token. */
import { type Architecture, type LayerKind, layersPerKind, type Tensor, type TensorClass } from './architecture.ts'
import { elements } from './tensors.ts'

export interface ParameterCounts {
  /** All parameters, vision tower and multi-token-prediction layers included. Tied heads count once. */
  total: number
  /** The language model alone: total − vision − mtp. */
  language: number
  /** What one token goes through: language − the routed experts it does not visit. */
  active: number
  embedding: number
  head: number
  /** The language model without embedding and head. */
  body: number
  perClass: Record<TensorClass, number>
}

const NONE: Record<TensorClass, number> = {
  embedding: 0,
  head: 0,
  attention: 0,
  mlp: 0,
  expert: 0,
  router: 0,
  norm: 0,
  recurrent: 0,
  vision: 0,
  mtp: 0,
}

/** Counts are exact safe integers: the importers refuse anything larger. */
export function countParameters(architecture: Architecture): ParameterCounts {
  const perClass = { ...NONE }
  const counts = layersPerKind(architecture)
  const add = (tensors: Tensor[], layers: number) => {
    for (const tensor of tensors) perClass[tensor.class] += layers * elements(tensor)
  }
  add(architecture.outside, 1)
  let idle = 0
  architecture.kinds.forEach((kind, index) => {
    const layers = counts[index] ?? 0
    add(kind.tensors, layers)
    idle += layers * idleParameters(kind)
  })
  const total = Object.values(perClass).reduce((sum, count) => sum + count, 0)
  const language = total - perClass.vision - perClass.mtp
  const { embedding, head } = perClass
  return { total, language, active: language - idle, embedding, head, body: language - embedding - head, perClass }
}

/** Parameters of the routed experts of one layer that a token does not visit. */
function idleParameters(kind: LayerKind): number {
  const mixture = kind.feedForwards.find((block) => block.kind === 'moe')
  if (!mixture) return 0
  return kind.tensors
    .filter((tensor) => tensor.class === 'expert')
    .reduce((sum, tensor) => sum + (mixture.experts - mixture.active) * (tensor.out * tensor.in), 0)
}
