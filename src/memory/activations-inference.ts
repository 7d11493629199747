/**
 * What inference holds besides weights and cache: the live tensors of one layer (nothing is kept for a backward pass), or the logits,
 * whichever peak is higher. Serving runtimes bound the tokens in flight; `transformers` runs the whole prompt at once.
 */
import {
  ceilDiv,
  difference,
  floorDiv,
  largest,
  largestOver,
  named,
  product,
  smallest,
  sum,
  sumOver,
  when,
} from '../formula/expression.ts'
import { cacheOf, cachePerSequence } from './kv-cache.ts'
import {
  batch,
  computeBytes,
  hiddenSize,
  layer,
  layers,
  prompt,
  sequence,
  serving,
  tensorParallel,
  vocabulary,
} from './quantities.ts'

const split = (width: Parameters<typeof ceilDiv>[0]) => ceilDiv(width, tensorParallel)

/** Gate, up and their product live together: 3·i for a gated MLP, 2·i for a plain one. */
const mlpWidth = split(sum(layer.gateWidth, layer.upWidth, layer.upWidth))

/** Experts' gate and up share their buffer with the down projection's output; every token visits several experts. */
const expertWidth = sum(
  largest(split(product(layer.expertWidth, 2)), product(layer.activeExperts, hiddenSize)),
  split(layer.expertWidth),
)

const attentionWidth = split(
  sum(layer.queryWidth, layer.keyWidth, layer.valueWidth, layer.outputWidth, product(layer.innerWidth, 3)),
)

const tokenBytes = named(
  'live activations per token',
  'B',
  'one layer at a time: residual, normed input and output, and the widest of attention, MLP and experts; measured as 2·(3·i + 3·h) B a token on Qwen2.5 and in vLLM profiles',
  product(
    computeBytes,
    sum(product(3, hiddenSize), largestOver(layers, largest(attentionWidth, mlpWidth, expertWidth))),
  ),
)

/** Serving runtimes: profiled with the most tokens a step may hold, whatever the requests are. */
const batchedLayer = product(serving.batchedTokens, tokenBytes)

const sampling = named(
  'sampling',
  'B',
  'vLLM profiles sampling with top-k/top-p over max_num_seqs rows: logits, their fp32 copy, sorted values and indices, probabilities; 38 B a logit fits its logs (1.26 GiB at 256 rows, 4.76 GiB at 1024, Llama 3 8B)',
  sum(
    product(serving.maxSequences, vocabulary, serving.samplerBytes),
    product(serving.batchedTokens, hiddenSize, computeBytes),
  ),
)

const batchedPeak = named('activation peak', 'B', 'profile run of the serving runtime', largest(batchedLayer, sampling))

/** Whole-prompt runtimes, per sequence. */
const prompted = named(
  'prompt tokens',
  'tokens',
  'the prompt is never longer than the sequence',
  smallest(sequence, prompt),
)

const scores = named(
  'attention scores',
  'B',
  'eager attention keeps heads × prompt² scores in the compute type and again in fp32 for the softmax',
  product(largestOver(layers, layer.heads), prompted, prompted, sum(computeBytes, computeBytes, 4)),
)

const logits = named(
  'logits',
  'B',
  'transformers ≥ 4.45 keeps the last token’s; before, all of the prompt’s, and again in fp32',
  product(when('all logits', prompted, 1), vocabulary, sum(computeBytes, 4)),
)

const promptPeak = named(
  'prefill peak per sequence',
  'B',
  'the widest layer, or the logits',
  largest(
    sum(product(prompted, tokenBytes), when('eager attention', scores)),
    sum(product(prompted, hiddenSize, computeBytes), logits),
  ),
)

/** A step that appends one token copies one layer's cache while the old one is alive. */
const appendPeak = named(
  'cache append per sequence',
  'B',
  'DynamicCache.update concatenates: one layer’s old and new cache coexist',
  largestOver(layers, floorDiv(cacheOf(sequence), layer.count)),
)

/** The cache counted elsewhere is the full sequence's, so prefill only adds what its own, shorter cache leaves over. */
const promptRuntime = product(
  batch,
  largest(difference(sum(promptPeak, sumOver(layers, cacheOf(prompted))), cachePerSequence), appendPeak),
)

export const inferenceActivations = named(
  'activations',
  'B',
  'peak of one step',
  when('batched tokens', batchedPeak, promptRuntime),
)
