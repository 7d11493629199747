/** The memory model, put together: the components of one GPU's memory, their total, and the limits it is held against. */
import { difference, type Expression, floorDiv, named, product, smallest, sum, when } from '../formula/expression.ts'
import {
  guideActivations,
  guideAdapters,
  guideCache,
  guideGradients,
  guideOptimizer,
  guideOverhead,
  guideWeights,
} from './guide.ts'
import { inferenceActivations } from './inference/activations.ts'
import { step } from './inference/quantities.ts'
import { kvCache } from './kv-cache.ts'
import { communicators, overhead, processOverhead } from './overhead.ts'
import { device, serving } from './quantities.ts'
import type { TrainingPart } from './training-part.ts'
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

const shareOf = (whole: Expression) => floorDiv(product(whole, serving.utilization), 1000)

/**
 * Everything an engine evaluates, by name.
 * @param training null for the article's rule and for inference alone
 */
export function modelWith(training: TrainingPart | null): Record<string, Expression> {
  /** One formula for the article's rule, one for training, one for inference. */
  const by = (guide: Expression | number, trained: Expression | number | undefined, inference: Expression | number) =>
    when('guide', guide, trained === undefined ? inference : when('training', trained, inference))

  const components: Record<ComponentName, Expression> = {
    weights: by(guideWeights, training?.weights, weights),
    gradients: by(guideGradients, training?.gradients, 0),
    optimizer: by(guideOptimizer, training?.optimizer, 0),
    masterWeights: by(0, training?.masterWeights, 0),
    adapters: by(guideAdapters, training ? when('adapters', training.adapters) : undefined, 0),
    kvCache: by(when('training', 0, guideCache), training ? 0 : undefined, kvCache),
    activations: by(guideActivations, training?.activations, inferenceActivations),
    communication: by(0, training?.communication, communicators),
    overhead: by(guideOverhead, overhead, overhead),
  }

  const total = named('total', 'B', 'the sum of the components', sum(...componentNames.map((name) => components[name])))

  /** What torch.cuda.max_memory_allocated would show: no context, no communicators, the cuBLAS workspace included. */
  const allocated = named(
    'allocated',
    'B',
    'what the framework’s allocator hands out',
    sum(
      ...componentNames
        .filter((name) => name !== 'communication' && name !== 'overhead')
        .map((name) => components[name]),
      when('guide', 0, sum(device.workspaceBytes, training ? when('training', training.buckets) : 0)),
      when('pool', step.buffers),
    ),
  )

  /** What a runtime that fills the GPU holds before the cache, and of that what it does not count with the weights. */
  const loaded = sum(components.weights, components.activations, components.communication, components.overhead)
  const beside = sum(components.activations, components.communication, processOverhead)

  const capacity = named(
    'capacity',
    'B',
    'what programs can have; a pool-filling runtime takes a share: vLLM of everything, its context on top, and CUDA graphs until 0.21; SGLang, of what is free once its GPUs are connected, for weights and cache alone; TensorRT-LLM of what is free once the engine is loaded',
    when(
      'static pool',
      smallest(
        device.capacity,
        sum(shareOf(difference(device.capacity, sum(device.contextBytes, communicators))), beside),
      ),
      when(
        'free pool',
        sum(loaded, shareOf(difference(device.capacity, loaded))),
        when(
          'pool',
          smallest(
            device.capacity,
            sum(shareOf(device.capacity), device.contextBytes, when('budgeted graphs', 0, serving.graphBytes)),
          ),
          device.capacity,
        ),
      ),
    ),
  )

  /** total ≤ safeCapacity says the same as total · (1 + margin) ≤ capacity. */
  const safeCapacity = named(
    'capacity less the safety margin',
    'B',
    'measurements rise above the expected total by up to the margin',
    floorDiv(product(capacity, 1000), sum(1000, device.marginPermille)),
  )

  return { ...components, total, allocated, capacity, safeCapacity }
}
