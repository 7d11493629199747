/**
 * llama.cpp's compute buffer: the worst graph of one micro-batch, whose tensors share memory when their lives do not overlap. ggml computes in
 * fp32. Where layers are split over GPUs, copies of the graph's inputs are kept so that micro-batches can follow one another.
 */
import { type Expression, largest, largestOver, named, product, smallest, sum, when } from '../../formula/expression.ts'
import { cache, hiddenSize, layer, layers, sequence, serving, vocabulary } from '../quantities.ts'
import { step } from './quantities.ts'

const FLOAT = 4

const streams = product(step.streams, hiddenSize)

const inputCopies = named(
  'copies of the inputs',
  'B',
  'ggml_backend_sched keeps GGML_SCHED_MAX_COPIES = 4 of the fp32 mask (n_kv × n_ubatch) and of the hidden states that cross GPUs',
  product(step.graphCopies, FLOAT, serving.batchedTokens, sum(sequence, hiddenSize)),
)

/** Per token of the micro-batch, as are the next. */
const head: Expression = sum(product(vocabulary, step.logitBytes), product(FLOAT, hiddenSize, step.headStreams))

/** What attention reads while the mask is turned from fp32 into fp16; then the mask stays, and the widest part of a layer comes and goes. */
const flash = (width: Expression): Expression =>
  sum(
    product(FLOAT, streams),
    product(2, sequence),
    largest(
      sum(
        product(FLOAT, largestOver(layers, sum(layer.queryWidth, layer.keyWidth, layer.valueWidth))),
        product(step.maskSource, sequence),
      ),
      product(FLOAT, width),
    ),
  )

/** Scores become probabilities in place; queries exist twice while they are rotated. */
const eager = (width: Expression): Expression => {
  const cachedTokens = smallest(sequence, sum(layer.window, cache.windowExtra))
  const scores = largestOver(layers, sum(product(layer.heads, cachedTokens), product(2, layer.queryWidth)))
  return sum(product(step.maskSource, sequence), product(FLOAT, sum(streams, largest(scores, width))))
}

/** The buffer, given the widest part of a layer in elements per token. */
export const graph = (width: Expression): Expression =>
  named(
    'compute buffer',
    'B',
    'llama.cpp reserves n_ubatch tokens: fp32 logits beside the last hidden states; or a layer’s widest part beside its mask; or without flash attention scores of n_kv × n_ubatch × heads (llama.cpp src/llama-graph.cpp, build_attn_mha)',
    sum(
      inputCopies,
      product(serving.batchedTokens, largest(head, when('eager attention', eager(width), flash(width)))),
    ),
  )
