/** Buffers that data parallelism holds besides its shards. */
import { ceilDiv, largestOver, named, product, sum, when } from '../../formula/expression.ts'
import { layers, states, tensorParallel, trainingLayer } from '../quantities.ts'

const gathered = named(
  'gathered parameters',
  'B',
  'FSDP and ZeRO-3 hold whole units while they compute: the current layer and those prefetched',
  product(
    states.gatheredUnits,
    states.gatheredBytes,
    largestOver(layers, ceilDiv(trainingLayer.parameters, tensorParallel)),
  ),
)

export const buckets = named(
  'communication buckets',
  'B',
  'DDP copies gradients into buckets (gradient_as_bucket_view=False); DeepSpeed keeps reduce and all-gather buckets',
  sum(product(states.bucketElements, states.bucketBytes), when('sharded parameters', gathered)),
)
