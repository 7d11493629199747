/** Which linear layers LoRA adapts, and how large its matrices are (Hu et al., arXiv:2106.09685; peft's matching of target_modules). */
import type { Architecture, LayerKind, Tensor } from '../../model/architecture.ts'
import { refuse } from '../../scenario/parse.ts'
import type { Scenario } from '../../scenario/schema.ts'
import { closest } from '../../units.ts'

/** A target matches a module's last name, or its path's end, as in peft. */
function matches(tensor: Tensor, targets: readonly string[]): boolean {
  if (!tensor.linear) return false
  const { name } = tensor
  return targets.some((target) => target === 'all-linear' || name === target || name.endsWith(`.${target}`))
}

/**
 * The tensors a scenario adapts in each kind of layer, aligned with `architecture.kinds`.
 * @throws ScenarioError for a target that no layer has
 */
export function adaptedTensors(architecture: Architecture, lora: Scenario['lora']): Tensor[][] {
  const linear = [...new Set(architecture.kinds.flatMap((kind) => kind.tensors.filter((t) => t.linear).map(lastName)))]
  for (const target of lora.targets) {
    if (target === 'all-linear' || architecture.kinds.some((kind) => kind.tensors.some((t) => matches(t, [target]))))
      continue
    if (architecture.outside.some((t) => isOutside(t, target))) continue
    const near = closest(target, linear, 1)[0]
    const remedy = `this model has ${linear.join(', ')}${near ? ` (nearest: ${near})` : ''}`
    throw refuse('lora.targets', target, `names no linear layer; ${remedy}`)
  }
  return architecture.kinds.map((kind) => kind.tensors.filter((t) => matches(t, lora.targets)))
}

const lastName = (tensor: Tensor) => tensor.name.slice(tensor.name.lastIndexOf('.') + 1)
const isOutside = (tensor: Tensor, target: string) =>
  (tensor.class === 'embedding' || tensor.class === 'head') &&
  (tensor.name === target || tensor.name.endsWith(`.${target}`))

/** Embedding and head when they are targets by name. */
export function adaptedOutside(architecture: Architecture, lora: Scenario['lora']): Tensor[] {
  return architecture.outside.filter((tensor) => lora.targets.some((target) => isOutside(tensor, target)))
}

export interface AdapterMatrix {
  /** Parameters of one matrix, all experts together. */
  elements: number
  parts: number
}

/** A and B of one adapted tensor, and DoRA's magnitude vector (arXiv:2402.09353), which is as long as the output. */
export function matricesOf(tensor: Tensor, lora: Scenario['lora']): AdapterMatrix[] {
  const a = { elements: tensor.count * lora.rank * tensor.in, parts: tensor.cut === 'in' ? tensor.parts : 1 }
  const b = { elements: tensor.count * lora.rank * tensor.out, parts: tensor.cut === 'out' ? tensor.parts : 1 }
  return lora.dora ? [a, b, { elements: tensor.count * tensor.out, parts: 1 }] : [a, b]
}

/** Exact trainable parameters over the whole model. */
export function adapterParameters(architecture: Architecture, lora: Scenario['lora']): number {
  const perKind = adaptedTensors(architecture, lora)
  const count = (tensors: Tensor[]) =>
    tensors.flatMap((t) => matricesOf(t, lora)).reduce((sum, m) => sum + m.elements, 0)
  const sizes = perKind.map(count)
  return architecture.order.reduce((sum, kind) => sum + sizes[kind], count(adaptedOutside(architecture, lora)))
}

/** Per token, what the adapters of one layer read and squeeze: input and rank elements; a routed token visits `active` experts. */
export function adapterWidths(
  kind: LayerKind,
  adapted: readonly Tensor[],
  lora: Scenario['lora'],
): { inputs: number; ranks: number } {
  const mixture = kind.feedForwards.find((block) => block.kind === 'moe')
  const visits = (t: Tensor) => (t.class === 'expert' && mixture ? mixture.active : t.count)
  return {
    inputs: adapted.reduce((sum, t) => sum + visits(t) * t.in, 0),
    ranks: adapted.reduce((sum, t) => sum + visits(t) * lora.rank, 0),
  }
}
