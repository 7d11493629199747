/** The memory model, put together: the components of one GPU's memory, their total, and the limits it is held against. */
import { type Expression, floorDiv, named, product, sum, when } from '../formula/expression.ts'
import { inferenceActivations } from './activations-inference.ts'
import {
  guideActivations,
  guideAdapters,
  guideCache,
  guideGradients,
  guideOptimizer,
  guideOverhead,
  guideWeights,
} from './guide.ts'
import { kvCache } from './kv-cache.ts'
import { communicators, overhead } from './overhead.ts'
import { device, serving } from './quantities.ts'
import { weights } from './weights.ts'

/** Component names, in the order they are stacked. */
export const componentNames = [
  'weights',
  'gradients',
  'optimizer',
  'masterWeights',
  'adapters',
  'kvCache',
  'activations',
  'communication',
  'overhead',
] as const
export type ComponentName = (typeof componentNames)[number]

const inference = (e: Expression) => when('training', 0, e)

export const components: Record<ComponentName, Expression> = {
  weights: when('guide', guideWeights, weights),
  gradients: when('guide', guideGradients),
  optimizer: when('guide', guideOptimizer),
  masterWeights: when('guide', 0),
  adapters: when('guide', guideAdapters),
  kvCache: inference(when('guide', guideCache, kvCache)),
  activations: when('guide', guideActivations, inference(inferenceActivations)),
  communication: when('guide', 0, communicators),
  overhead: when('guide', guideOverhead, overhead),
}

export const total = named(
  'total',
  'B',
  'the sum of the components',
  sum(...componentNames.map((name) => components[name])),
)

/** What torch.cuda.max_memory_allocated would show: no context, no communicators, the cuBLAS workspace included. */
export const allocated = named(
  'allocated',
  'B',
  'what the framework’s allocator hands out',
  sum(
    ...componentNames.filter((name) => name !== 'communication' && name !== 'overhead').map((name) => components[name]),
    when('guide', 0, device.workspaceBytes),
  ),
)

export const capacity = named(
  'capacity',
  'B',
  'what programs can have; a pool-filling runtime takes gpu_memory_utilization of it',
  when('pool', floorDiv(product(device.capacity, serving.utilization), 1000), device.capacity),
)

/** total ≤ safeCapacity says the same as total · (1 + margin) ≤ capacity. */
export const safeCapacity = named(
  'capacity less the safety margin',
  'B',
  'measurements rise above the expected total by up to the margin',
  floorDiv(product(capacity, 1000), sum(1000, device.marginPermille)),
)

/** Everything an engine evaluates, by name. */
export const outputs: Record<string, Expression> = { ...components, total, allocated, capacity, safeCapacity }
