/**
 * Dense and sparse feed-forward blocks: 3·h·i gated (SwiGLU, GeGLU) or 2·h·i; a mixture adds a router h·E and E experts.
 */
import type { Tensor, TensorClass } from '../../architecture.ts'
import { columnLinear, replicatedLinear, rowLinear, vector } from '../../tensors.ts'
import type { FeedForwardBlock } from './block.ts'

export interface DenseSpec {
  hidden: number
  intermediate: number
  gated: boolean
  activation: string
  bias?: boolean
  names?: Partial<MlpNames>
}

export interface MlpNames {
  gate: string
  up: string
  down: string
  /** Name of gate and up stored as one matrix, or null. */
  fused: string | null
}

const NAMES: MlpNames = { gate: 'mlp.gate_proj', up: 'mlp.up_proj', down: 'mlp.down_proj', fused: null }

/** Names of the three matrices under another module path. */
export function namesUnder(path: string): MlpNames {
  return { gate: `${path}.gate_proj`, up: `${path}.up_proj`, down: `${path}.down_proj`, fused: null }
}

export function dense(spec: DenseSpec): FeedForwardBlock {
  const { intermediate, gated, activation } = spec
  return {
    feedForward: { kind: 'dense', intermediate, gated, activation },
    tensors: matrices('mlp', 1, spec),
  }
}

export interface MixtureSpec {
  hidden: number
  experts: number
  active: number
  intermediate: number
  /** Width of all shared experts together. */
  shared?: number
  sharedBias?: boolean
  /** Some families store a gate of width 1 over the shared expert (Qwen). */
  sharedGate?: string
  gated?: boolean
  activation: string
  expertBias?: boolean
  /** Bias of the router's linear layer. */
  routerBias?: boolean
  /** Learned correction added to the scores when experts are chosen (DeepSeek-V3): its name. */
  correction?: string
  /** Width that routed experts work in when it is not the hidden size. */
  latent?: number | null
  router?: string
  names?: Partial<MlpNames>
  sharedNames?: Partial<MlpNames>
}

export function mixture(spec: MixtureSpec): FeedForwardBlock {
  const { hidden, experts, intermediate, activation, gated = true, shared = 0, latent = null } = spec
  const router = spec.router ?? 'mlp.gate'
  const expertNames = { ...namesUnder('mlp.experts'), ...spec.names }
  const sharedNames = { ...namesUnder('mlp.shared_experts'), ...spec.sharedNames }
  const tensors = [
    ...replicatedLinear(router, 'router', { out: experts, in: hidden, bias: spec.routerBias }),
    ...matrices('expert', experts, {
      hidden: latent ?? hidden,
      intermediate,
      gated,
      bias: spec.expertBias,
      names: expertNames,
    }),
  ]
  if (spec.correction) tensors.push(vector(spec.correction, 'router', experts))
  if (shared > 0)
    tensors.push(
      ...matrices('mlp', 1, { hidden, intermediate: shared, gated, bias: spec.sharedBias, names: sharedNames }),
    )
  if (spec.sharedGate) tensors.push(...replicatedLinear(spec.sharedGate, 'router', { out: 1, in: hidden }))
  return {
    feedForward: { kind: 'moe', experts, active: spec.active, intermediate, shared, gated, activation, latent },
    tensors,
  }
}

type MatrixSpec = Pick<DenseSpec, 'hidden' | 'intermediate' | 'gated' | 'bias' | 'names'>

function matrices(cls: TensorClass, count: number, spec: MatrixSpec): Tensor[] {
  const { hidden, intermediate, gated, bias } = spec
  const names = { ...NAMES, ...spec.names }
  const wide = { out: intermediate, in: hidden, bias, count }
  const down = rowLinear(names.down, cls, intermediate, { out: hidden, in: intermediate, bias, count })
  if (names.fused !== null) {
    const out = gated ? 2 * intermediate : intermediate
    return [...columnLinear(names.fused, cls, intermediate, { ...wide, out }), ...down]
  }
  const gate = gated ? columnLinear(names.gate, cls, intermediate, wide) : []
  return [...gate, ...columnLinear(names.up, cls, intermediate, wide), ...down]
}
