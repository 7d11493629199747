/** Buffers that data parallelism holds besides its shards. */
import { ceilDiv, largest, largestOver, named, product, sum, when } from '../../formula/expression.ts'
import { layers, tensorParallel } from '../quantities.ts'
import { states, trainingLayer } from './quantities.ts'

const fsdp = 'FSDP (arXiv:2304.11277) §3: a unit is gathered whole while it computes, the next one is prefetched'

/** The root unit (embedding, head, final norm) stays gathered from the first layer’s forward to its backward. */
const gathered = named(
  'gathered parameters',
  'B',
  `${fsdp}; the root unit is not resharded before backward (torch.distributed.fsdp)`,
  sum(
    product(states.gatheredUnits, largestOver(layers, ceilDiv(trainingLayer.unitBytes, tensorParallel))),
    product(ceilDiv(states.rootParameters, tensorParallel), states.rootBytes),
  ),
)

/** Before it is reduced and sharded, a unit’s gradient is whole. */
export const unshardedGradients = named(
  'unsharded gradients of one unit',
  'B',
  fsdp,
  product(
    states.unitGradientBytes,
    largest(
      ceilDiv(states.rootParameters, tensorParallel),
      largestOver(layers, ceilDiv(trainingLayer.parameters, tensorParallel)),
    ),
  ),
)

export const buckets = named(
  'communication buckets',
  'B',
  'DDP copies gradients into buckets (gradient_as_bucket_view=False); DeepSpeed keeps reduce and all-gather buckets',
  sum(product(states.bucketElements, states.bucketBytes), when('sharded parameters', gathered)),
)
