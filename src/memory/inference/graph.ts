/**
 * llama.cpp's compute buffer: the worst graph of one micro-batch, whose tensors share memory when their lives do not overlap. ggml computes in
 * fp32. Where layers are split over GPUs, copies of the graph's inputs are kept so that micro-batches can follow one another.
 */
import { type Expression, largest, largestOver, named, product, smallest, sum, when } from '../../formula/expression.ts'
import { batch, cache, hiddenSize, layer, layers, sequence, serving, vocabulary } from '../quantities.ts'
import { live, step } from './quantities.ts'

const FLOAT = 4

const streams = product(step.streams, hiddenSize)

const inputCopies = named(
  'copies of the inputs',
  'B',
  'ggml_backend_sched keeps GGML_SCHED_MAX_COPIES = 4 of the mask (n_kv × n_ubatch; fp16 for flash attention since llama.cpp#23764) and of the fp32 hidden states that cross GPUs',
  product(step.graphCopies, serving.batchedTokens, sum(product(step.maskInput, sequence), product(FLOAT, hiddenSize))),
)

/** Per token that gives logits, as are the next per token of the micro-batch. */
const head: Expression = sum(product(vocabulary, step.logitBytes), product(FLOAT, hiddenSize, step.headStreams))

/** Tokens whose logits a server reserves: since llama.cpp#23861 the last ones of its sequences. */
const scored = when('last logits', smallest(batch, serving.batchedTokens), serving.batchedTokens)

const cachedTokens = smallest(sequence, sum(layer.window, cache.windowExtra))

const unpackedInto16Bits = named(
  'quantised cache in fp16',
  'B',
  'llama.cpp’s CUDA flash attention reads fp16: keys and values of one layer are unpacked, which the graph reserves for the whole context since llama.cpp#23907 (ggml-cuda/fattn.cu, ggml_cuda_flash_attn_ext_get_alloc_size)',
  product(
    batch,
    largestOver(
      layers,
      product(
        cachedTokens,
        sum(
          product(step.keyCopy, sum(product(layer.keyValueHeads, layer.keyDim), layer.latentDim)),
          product(step.valueCopy, layer.keyValueHeads, layer.valueDim),
        ),
      ),
    ),
  ),
)

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

/**
 * The mask is in fp16, until llama.cpp#23764 made of one in fp32 beside what attention reads, and stays; attention and what follows it come and
 * go. Free room before the MLP is in pieces too small for it (85.01 MiB for Qwen3 4B and 34.01 for 0.6B at 8192 tokens: four hidden states).
 */
const flash = ({ attention, feedForward }: Widths): Expression => {
  const read = largestOver(layers, sum(layer.queryWidth, layer.keyWidth, layer.valueWidth))
  return sum(
    product(serving.batchedTokens, sum(product(FLOAT, streams), product(step.maskHeld, sequence))),
    largest(
      product(serving.batchedTokens, sum(product(FLOAT, read), product(step.maskSource, sequence))),
      sum(product(serving.batchedTokens, FLOAT, attention), unpackedCache, unpackedInto16Bits),
      product(serving.batchedTokens, FLOAT, sum(feedForward, product(hiddenSize, step.gaps))),
    ),
  )
}

/** Scores become probabilities in place; queries exist twice while they are rotated. */
const eager = ({ attention, feedForward }: Widths): Expression => {
  const scores = largestOver(layers, sum(product(layer.heads, cachedTokens), product(2, layer.queryWidth)))
  const widest = largest(scores, attention, feedForward)
  return product(serving.batchedTokens, sum(product(step.maskSource, sequence), product(FLOAT, sum(streams, widest))))
}

/** The buffer of a micro-batch. */
export const graph = (widths: Widths): Expression =>
  named(
    'compute buffer',
    'B',
    'llama.cpp reserves n_ubatch tokens: fp32 logits (since llama.cpp#23861 of a server’s sequences only) beside the last hidden states; or a layer’s widest part beside its mask; or without flash attention scores of n_kv × n_ubatch × heads (llama.cpp src/llama-graph.cpp, build_attn_mha)',
    sum(inputCopies, largest(product(scored, head), when('eager attention', eager(widths), flash(widths)))),
  )
