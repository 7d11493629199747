/** What the adapters of one layer keep per token, in elements: inputs that nobody else keeps, ranks, and what DoRA scales. */
import type { LayerKind, Tensor } from '../../model/architecture.ts'
import type { Scenario } from '../../scenario/schema.ts'
import type { Row } from '../rows.ts'
import type { Recipe } from './recipe.ts'

export const attentionLinears = (kind: LayerKind) => kind.tensors.filter((t) => t.linear && t.class === 'attention')

/** How often one token passes through the tensors of a kind: a routed one through `active` experts. */
export function visitsIn(kind: LayerKind): (tensor: Tensor) => number {
  const mixture = kind.feedForwards.find((block) => block.kind === 'moe')
  return (t) => (t.class === 'expert' && mixture ? mixture.active : t.count)
}

/** What they read and squeeze. */
export function adapterWidths(
  kind: LayerKind,
  adapted: readonly Tensor[],
  rank: number,
  recipe: Recipe,
): { adapter_inputs: number; adapter_ranks: number } {
  const visits = visitsIn(kind)
  const ranks = adapted.reduce((sum, t) => sum + visits(t) * rank, 0)
  const group = new Map<string, number>()
  adapted.forEach((t, i) => {
    group.set(sourceOf(kind, t, i, recipe), visits(t) * t.in)
  })
  group.delete('kept')
  const inputs = [...group.values()].reduce((sum, n) => sum + n, 0)
  return { adapter_inputs: inputs, adapter_ranks: ranks + sliceOutputs(kind, adapted, recipe) }
}

/** A module whose output DoRA scales, per token, and the identity matrix it is taken through, with its rank. */
export function doraWidths(kind: LayerKind, adapted: readonly Tensor[], { dora, rank }: Scenario['lora']): Row {
  if (!dora) return { adapter_outputs: 0, identity_elements: 0 }
  const visits = visitsIn(kind)
  return {
    adapter_outputs: adapted.reduce((sum, t) => sum + visits(t) * t.out, 0),
    identity_elements: adapted.reduce((sum, t) => sum + t.count * t.in * (t.in + rank), 0),
  }
}

/** Which tensor an adapter keeps: one of its own, one it shares, or one that is kept anyway. */
function sourceOf(kind: LayerKind, tensor: Tensor, index: number, recipe: Recipe): string {
  const { adapterSharing: sharing, defaults } = recipe
  const own = kind.tensors.filter((t) => t.linear && t.class === tensor.class)
  const last = tensor.name === own.at(-1)?.name
  const output = tensor.class === 'attention' && last
  if (sharing === 'none') {
    // One adapter layer serves the parts of a fused projection, and drops out its input once.
    return defaults.adaptsSlices && tensor.class === 'attention' && !last ? 'attention input' : `own ${index}`
  }
  if (output && recipe.attention !== 'eager' && !defaults.copiesOutput) return 'kept'
  if (sharing === 'output') return `own ${index}`
  if (recipe.keptInputs > 0) return 'kept'
  if (tensor.class === 'expert') return last ? `own ${index}` : 'routed'
  if (last) return tensor.class === 'mlp' && defaults.fusedMlp ? 'kept' : `own ${index}`
  return tensor.class
}

/** litgpt pads the outputs of adapted parts with zeros for the others, and keeps them for that. */
function sliceOutputs(kind: LayerKind, adapted: readonly Tensor[], { defaults }: Recipe): number {
  if (!defaults.fusedProjection) return 0
  const parts = adapted.filter((t) => t.class === 'attention' && t.name !== attentionLinears(kind).at(-1)?.name)
  return parts.length === 3 ? 0 : parts.reduce((sum, t) => sum + t.out, 0)
}
