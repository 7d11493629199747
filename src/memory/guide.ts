/**
 * The article's own rule (runtime `guide`): rough, decimal, and the same for every model. Weights = P·bytes, gradients = P·bytes,
 * AdamW = 8 B a parameter, activations = batch·sequence·hidden·layers·bytes × a factor of 10 … 30, KV = 2·batch·sequence·layers·kv_heads·
 * head_dim·bytes, overhead 1–2 GB. Several GPUs share everything but the overhead, which grows with their number.
 */
import {
  ceilDiv,
  difference,
  type Expression,
  named,
  product,
  quantity,
  sum,
  sumOver,
  when,
} from '../formula/expression.ts'
import { cachePerSequence } from './kv-cache.ts'
import { batch, computeBytes, hiddenSize, layer, layers, sequence, tensor, tensors } from './quantities.ts'

const article = 'ApX Machine Learning, “How To Calculate GPU VRAM Requirements for a Large-Language Model” (2025)'

export const guide = {
  gpus: quantity('gpus', 'GPUs', 'GPUs that share the model'),
  factor: quantity('activation_factor', '', 'model-specific heuristic factor, often 10 to 30'),
  given: quantity('given_activation_bytes', 'B', 'activations taken as given'),
  overhead: quantity('guide_overhead_bytes', 'B', 'temporary buffers, 1 to 2 GB'),
  perGpu: quantity('guide_overhead_per_gpu', 'B', 'what each further GPU adds'),
  gradientBytes: quantity('guide_gradient_bytes', 'B', 'bytes of one gradient'),
  adapterBytes: quantity('guide_adapter_bytes', 'B', 'bytes of one adapter parameter'),
  efficiency: quantity('guide_efficiency', '‰', 'speed each additional GPU adds, relative to the first'),
  adapters: quantity('guide_adapter_parameters', 'parameters', 'adapter parameters'),
}

const parameters = named('parameters', 'parameters', article, sumOver(tensors, tensor.elements))
const shared = (whole: Expression) => ceilDiv(whole, guide.gpus)

const trained = when('adapters', guide.adapters, when('training', parameters))

export const guideWeights = named(
  'guide weights',
  'B',
  article,
  shared(sumOver(tensors, ceilDiv(product(tensor.elements, tensor.bytesNumerator), tensor.bytesDenominator))),
)
export const guideGradients = named('guide gradients', 'B', article, shared(product(trained, guide.gradientBytes)))
export const guideOptimizer = named('guide optimizer', 'B', article, shared(product(trained, 8)))
export const guideAdapters = named(
  'guide adapters',
  'B',
  article,
  shared(when('adapters', product(guide.adapters, guide.adapterBytes))),
)

/** Rounded up per sequence, so that the batch only multiplies. */
export const guideCache = named('guide KV cache', 'B', article, product(batch, ceilDiv(cachePerSequence, guide.gpus)))

export const guideActivations = named(
  'guide activations',
  'B',
  article,
  when(
    'given activations',
    ceilDiv(guide.given, guide.gpus),
    product(
      batch,
      ceilDiv(product(sequence, hiddenSize, sumOver(layers, layer.count), computeBytes, guide.factor), guide.gpus),
    ),
  ),
)

export const guideOverhead = named('guide overhead', 'B', article, sum(guide.overhead, guide.perGpu))

/** Doubling GPUs rarely doubles speed: each one after the first adds its efficiency. */
export const guideSpeed = named(
  'speed relative to one GPU',
  '‰',
  article,
  sum(1000, product(difference(guide.gpus, 1), guide.efficiency)),
)
