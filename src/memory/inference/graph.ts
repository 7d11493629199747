/**
 * llama.cpp's compute buffer: the worst graph of one micro-batch, whose tensors share memory when their lives do not overlap. ggml computes in
 * fp32. Where layers are split over GPUs, copies of the graph's inputs are kept so that micro-batches can follow one another.
 */
import { type Expression, largest, largestOver, named, product, smallest, sum, when } from '../../formula/expression.ts'
import { cache, hiddenSize, layer, layers, sequence, serving, vocabulary } from '../quantities.ts'
import { live, step } from './quantities.ts'

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

const unpacked = largestOver(layers, live.repeated)

const unpackedCache = named(
  'keys and values made of the cache',
  'B',
  'ik_llama.cpp -mla 2 and 3: fp16 keys and values of all heads and tokens, made of fp32 results that -amb bounds (PR 260; 512 MiB as in its guide, discussion 258)',
  sum(product(sequence, unpacked, step.repeatBytes), smallest(product(FLOAT, sequence, unpacked), 512 * 2 ** 20)),
)

/** Elements per token in the widest layer. */
export interface Widths {
  attention: Expression
  feedForward: Expression
}

/** The mask turns from fp32 into fp16 beside what attention reads and stays; attention and what follows it come and go. */
const flash = ({ attention, feedForward }: Widths): Expression => {
  const read = largestOver(layers, sum(layer.queryWidth, layer.keyWidth, layer.valueWidth))
  return sum(
    product(serving.batchedTokens, sum(product(FLOAT, streams), product(2, sequence))),
    largest(
      product(serving.batchedTokens, sum(product(FLOAT, read), product(step.maskSource, sequence))),
      sum(product(serving.batchedTokens, FLOAT, attention), unpackedCache),
      product(serving.batchedTokens, FLOAT, feedForward),
    ),
  )
}

/** Scores become probabilities in place; queries exist twice while they are rotated. */
const eager = ({ attention, feedForward }: Widths): Expression => {
  const cachedTokens = smallest(sequence, sum(layer.window, cache.windowExtra))
  const scores = largestOver(layers, sum(product(layer.heads, cachedTokens), product(2, layer.queryWidth)))
  const widest = largest(scores, attention, feedForward)
  return product(serving.batchedTokens, sum(product(step.maskSource, sequence), product(FLOAT, sum(streams, widest))))
}

/** The buffer of a micro-batch. */
export const graph = (widths: Widths): Expression =>
  named(
    'compute buffer',
    'B',
    'llama.cpp reserves n_ubatch tokens: fp32 logits beside the last hidden states; or a layer’s widest part beside its mask; or without flash attention scores of n_kv × n_ubatch × heads (llama.cpp src/llama-graph.cpp, build_attn_mha)',
    sum(
      inputCopies,
      largest(product(serving.batchedTokens, head), when('eager attention', eager(widths), flash(widths))),
    ),
  )
