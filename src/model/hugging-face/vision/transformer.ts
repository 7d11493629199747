/** The vision transformer all towers here are made of: a patch embedding, positions, layers, and norms around them. */
import type { Tensor } from '../../architecture.ts'
import { columnLinear, rowLinear, table, vector } from '../../tensors.ts'
import { type NormStyle, norm } from '../assemble.ts'

export interface VisionTransformer {
  hidden: number
  layers: number
  heads: number
  /** Key/value heads, when they are fewer than `heads`. */
  kvHeads?: number
  /** Width of one head, when it is not hidden / heads. */
  headDim?: number
  intermediate: number
  gated: boolean
  norm: NormStyle
  /** Norms in each layer. */
  norms: number
  /** Query and key are normalised per head. */
  qkNorm?: boolean
  attentionBias: boolean
  mlpBias: boolean
  /** Numbers in one patch: channels × height × width (× frames). */
  patch: number
  patchBias: boolean
  /** Rows of the learned table of positions, 0 for none. */
  positions: number
  /** Norms before and after the layers. */
  outerNorms: string[]
}

export function visionTransformer(spec: VisionTransformer): Tensor[] {
  const { hidden, patchBias } = spec
  const patch = table('vision.patch_embedding', 'vision', hidden, spec.patch)
  return [
    patch,
    ...(patchBias ? [vector('vision.patch_embedding.bias', 'vision', hidden)] : []),
    ...(spec.positions > 0 ? [table('vision.position_embedding', 'vision', spec.positions, hidden)] : []),
    ...spec.outerNorms.flatMap((name) => norm(`vision.${name}`, spec.norm, hidden, 'vision')),
    ...layerTensors(spec),
  ]
}

function layerTensors(spec: VisionTransformer): Tensor[] {
  const { hidden, heads, intermediate, layers: count } = spec
  const inner = heads * (spec.headDim ?? hidden / heads)
  const keys = (inner / heads) * (spec.kvHeads ?? heads)
  const attention = { out: inner, in: hidden, bias: spec.attentionBias, count }
  const wide = { out: intermediate, in: hidden, bias: spec.mlpBias, count }
  const names = Array.from({ length: spec.norms }, (_, index) => `vision.layers.norm_${index + 1}`)
  const ups = spec.gated ? ['gate_proj', 'up_proj'] : ['up_proj']
  return [
    ...names.flatMap((name) => norm(name, spec.norm, hidden, 'vision', count)),
    ...columnLinear('vision.layers.q_proj', 'vision', heads, attention),
    ...['k', 'v'].flatMap((name) =>
      columnLinear(`vision.layers.${name}_proj`, 'vision', spec.kvHeads ?? heads, { ...attention, out: keys }),
    ),
    ...rowLinear('vision.layers.o_proj', 'vision', heads, { ...attention, out: hidden, in: inner }),
    ...(spec.qkNorm
      ? ['q_norm', 'k_norm'].map((name) => vector(`vision.layers.${name}`, 'vision', inner / heads, 1, count))
      : []),
    ...ups.flatMap((name) => columnLinear(`vision.layers.${name}`, 'vision', intermediate, wide)),
    ...rowLinear('vision.layers.down_proj', 'vision', intermediate, { ...wide, out: hidden, in: intermediate }),
  ]
}
