/**
 * Runtimes that run the whole prompt at once (`transformers` and what builds on it): one layer's live tensors, its scores where they are
 * materialised, or the logits, whichever peak is highest; then steps of one token each, which copy caches.
 */
import {
  ceilDiv,
  difference,
  type Expression,
  floorDiv,
  largest,
  largestOver,
  named,
  product,
  smallest,
  sum,
  sumOver,
  when,
} from '../../formula/expression.ts'
import { cacheOf, cachePerSequence, uncutCacheOf } from '../kv-cache.ts'
import { batch, computeBytes, hiddenSize, layer, layers, prompt, sequence, vocabulary } from '../quantities.ts'
import { copied, copy, live, step } from './quantities.ts'

const prompted = named(
  'prompt tokens',
  'tokens',
  'the prompt is never longer than the sequence',
  smallest(sequence, prompt),
)

const perToken = named(
  'live activations per token',
  'B',
  'transformers’ decoder layers: the embedding and the layer’s input stay referenced by their callers, beside the residual, its norm, and the MLP’s, the experts’ or attention’s own tensors; equal to PyTorch’s count on Llama, Qwen, Gemma, Phi, Falcon and NeoX (tests/oracle)',
  sum(
    product(
      computeBytes,
      largestOver(
        layers,
        largest(
          sum(product(step.streams, hiddenSize), largest(live.mlp, live.experts)),
          sum(product(step.attentionStreams, hiddenSize), live.attention),
        ),
      ),
    ),
    step.tokenTables,
  ),
)

const eagerPeak = named(
  'eager attention per sequence',
  'B',
  'scores of every head, again in fp32 and as probabilities, beside the layer’s streams',
  sum(
    product(
      prompted,
      sum(
        product(computeBytes, largestOver(layers, sum(product(step.attentionStreams, hiddenSize), live.attention))),
        step.tokenTables,
      ),
    ),
    product(largestOver(layers, layer.heads), prompted, prompted, step.scoreBytes),
  ),
)

/** A mask is made once a window is shorter than the prompt; without a window kernels know that attention is causal. */
const mask = named(
  'attention mask',
  'B',
  'transformers builds a boolean mask for sliding windows that the prompt outgrows',
  product(
    step.maskBytes,
    largestOver(layers, smallest(product(prompted, prompted), product(difference(prompted, layer.window), 16_777_216))),
  ),
)

const logits = named(
  'logits',
  'B',
  'transformers ≥ 4.45 keeps the last token’s; before, all of the prompt’s, and again in fp32',
  sum(
    product(when('all logits', prompted, 1), vocabulary, step.logitBytes),
    product(prompted, hiddenSize, computeBytes),
  ),
)

const prefillPeak = named(
  'prefill peak per sequence',
  'B',
  'the widest moment of a layer, or the logits',
  sum(largest(product(prompted, perToken), when('eager attention', eagerPeak), logits)),
)

/** The KV component is that of the full sequence, so prefill only adds what its own, shorter cache leaves over. */
/** A prompt's keys and values stay whole until the first step cuts them to a window (DynamicSlidingWindowLayer keeps a view of them). */
const grown = (peak: Expression) =>
  when('static cache', peak, difference(sum(peak, sumOver(layers, uncutCacheOf(prompted))), cachePerSequence))

const prefill = grown(sum(prefillPeak, mask))

/** 1 when tokens are generated one by one after the prompt, else 0. */
const decodes = smallest(1, difference(sequence, prompt))

const layerCache = largestOver(layers, floorDiv(cacheOf(sequence), layer.count))

/** A step that appends one token copies one layer's cache while the old one is alive, or every layer's. */
const append = named(
  'cache copies of a step',
  'B',
  'DynamicCache.update concatenates: one layer’s old and new cache coexist; tuples before transformers 4.42 keep the old one of every layer until the step ends',
  when('static cache', 0, product(decodes, when('whole cache copied', cachePerSequence, layerCache))),
)

/** Attention without a kernel for grouped heads or quantised caches reads a copy of the whole cache of a layer. */
const read = named(
  'copies of the cache read',
  'B',
  'keys and values repeated to all heads, and whatever type the arithmetic runs in',
  product(sequence, largestOver(layers, live.repeated), step.repeatBytes),
)

const unpacking = named(
  'unpacking a weight',
  'B',
  'the largest quantised weight in 16 bits, beside the streams of the layer',
  sum(product(batch, grown(product(prompted, hiddenSize, step.streams, computeBytes))), step.unpacked),
)

const loading = named(
  'copies while loading',
  'B',
  'fused projections are made by concatenation before their parts are released; a tied head is loaded before it is tied',
  sumOver(copied, ceilDiv(product(copy.elements, copy.bytesNumerator), copy.bytesDenominator)),
)

const running = sum(
  step.buffers,
  product(sequence, step.positionTables),
  product(sequence, sequence, step.maskBuffer),
  largest(product(batch, largest(prefill, sum(append, read))), unpacking, when('static cache', loading)),
)

export const promptActivations = named(
  'activations of a whole prompt',
  'B',
  'peak of prefill, of a one-token step and of loading (before there is a cache, unless that is allocated with the model), and the buffers held throughout',
  largest(running, when('static cache', 0, difference(loading, cachePerSequence))),
)
