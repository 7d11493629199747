/** Buffers that data parallelism holds besides its shards. */
import { ceilDiv, type Expression, largest, largestOver, named, product } from '../../formula/expression.ts'
import { layers, tensorParallel } from '../quantities.ts'
import { states, trainingLayer } from './quantities.ts'

const fsdp = 'FSDP (arXiv:2304.11277) §3: a unit is gathered whole while it computes, the next one is prefetched'

/** While it computes and there is none to prefetch. */
export const gatheredUnit = named(
  'gathered layer',
  'B',
  fsdp,
  largestOver(layers, ceilDiv(trainingLayer.unitBytes, tensorParallel)),
)

export const gatheredUnits = named('gathered layers', 'B', fsdp, product(states.gatheredUnits, gatheredUnit))

/** Embedding, head and final norm, from the first layer’s forward to its backward. */
export const gatheredRoot = named(
  'gathered root unit',
  'B',
  `${fsdp}; the root unit is not resharded before backward (torch.distributed.fsdp)`,
  product(ceilDiv(states.rootParameters, tensorParallel), states.rootBytes),
)

const reduced = (parameters: Expression) => product(states.unitGradientBytes, ceilDiv(parameters, tensorParallel))

/** Before it is reduced and sharded, a layer’s gradient is whole, and copied into the reduction’s input. */
export const layerGradients = named(
  'unsharded gradients of one layer',
  'B',
  fsdp,
  largestOver(layers, reduced(trainingLayer.parameters)),
)

/** The same of the unit that is largest, at the end of backward. */
export const unshardedGradients = named(
  'unsharded gradients of one unit',
  'B',
  fsdp,
  largest(reduced(states.rootParameters), layerGradients),
)

export const buckets = named(
  'communication buckets',
  'B',
  'DDP copies gradients into buckets (gradient_as_bucket_view=False); DeepSpeed keeps two reduce buckets',
  product(states.bucketElements, states.bucketBytes),
)
