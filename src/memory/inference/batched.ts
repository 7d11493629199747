/**
 * Serving runtimes, which bound the tokens of one step: a profile run with as many as a step may hold, and sampling for as many sequences.
 * llama.cpp reserves a graph for one micro-batch instead.
 */
import {
  ceilDiv,
  type Expression,
  largest,
  largestOver,
  named,
  product,
  smallest,
  sum,
  when,
} from '../../formula/expression.ts'
import {
  computeBytes,
  hiddenSize,
  layer,
  layers,
  sequence,
  serving,
  tensorParallel,
  vocabulary,
} from '../quantities.ts'
import { graph } from './graph.ts'
import { step } from './quantities.ts'

const split = (width: Expression) => ceilDiv(width, tensorParallel)

/** Gate and up come out of one matmul, their product is new: 3·i for a gated MLP, 2·i for a plain one. */
const mlpWidth = split(sum(layer.gateWidth, layer.upWidth, layer.upWidth))

const expertSplit = (width: Expression) => ceilDiv(width, step.expertShares)
const gateAndUp = largest(expertSplit(product(layer.expertWidth, 2)), product(layer.activeExperts, hiddenSize))

/** Experts' gate and up share their buffer with the down projection's output; every token visits several experts. */
const expertWidth = sum(gateAndUp, expertSplit(layer.expertWidth))

/** The same with each of two buffers wide enough for the output as well. */
const keptWidth = largestOver(
  layers,
  sum(gateAndUp, largest(expertSplit(layer.expertWidth), product(layer.activeExperts, hiddenSize))),
)

const attentionWidth = split(
  sum(layer.queryWidth, layer.keyWidth, layer.valueWidth, layer.outputWidth, product(layer.innerWidth, 3)),
)

const widest = largestOver(layers, largest(attentionWidth, mlpWidth, when('kept experts', 0, expertWidth)))

const tokenBytes = named(
  'live activations per token in a batch',
  'B',
  'one layer at a time: the layer’s input, residual and normed state, and the widest of attention, MLP and experts; vLLM logs 2·(3·i + 3·h) B a token on Llama 3 8B (vllm#10517)',
  product(computeBytes, sum(product(step.streams, hiddenSize), widest)),
)

/** Without chunked prefill a step has to hold a whole prompt. */
const tokensInFlight = named(
  'tokens in flight',
  'tokens',
  'vLLM SchedulerConfig: max_num_batched_tokens, at least max_model_len where prompts are not split, as beyond 32 768 tokens they are by default',
  when(
    'whole prompts',
    smallest(largest(serving.batchedTokens, sequence), largest(serving.batchedTokens, 32_768)),
    serving.batchedTokens,
  ),
)

const sampling = named(
  'sampling',
  'B',
  'vLLM profiles sampling with top-k and top-p over max_num_seqs rows on the last pipeline stage. Bytes per logit while torch sorts, until 0.17: 2 (16-bit logits) + 4 (fp32) + 4 + 8 (sorted values, 64-bit indices) + 8 (indices to begin with) + 4 + 8 (cub’s alternate buffers) = 38; since, without sorting: 2 + 4 + 4 (probabilities) + 4 (random numbers) = 14, and fp32 rows a Triton kernel works in; of dense models, on Model Runner V2, 2 + 4 = 6 (vllm/v1/sample, vllm/v1/worker/gpu/sample; aten/src/ATen/native/cuda/SortStable.cu)',
  sum(
    product(serving.maxSequences, vocabulary, sum(computeBytes, serving.samplerBytes)),
    product(step.samplerRows, vocabulary, 4),
    product(tokensInFlight, hiddenSize, computeBytes),
  ),
)

const keptExperts = named(
  'workspace of fused experts',
  'B',
  'vLLM’s modular MoE kernels work in one buffer, which grows in the profile run and is kept while logits are sampled (vllm/v1/worker/workspace.py; TritonExperts.workspace_shapes)',
  product(tokensInFlight, computeBytes, keptWidth),
)

const language = largest(product(tokensInFlight, tokenBytes), sampling)

const profiled = named(
  'activation peak',
  'B',
  'profile run of the serving runtime; of a model that sees, the vision encoder on its largest image first, whose result is kept for the language model',
  sum(
    step.workspace,
    when('kept experts', keptExperts),
    when('encoder', largest(step.encoderPeak, sum(step.encoded, language)), language),
  ),
)

export const batchedActivations = when(
  'graph',
  graph({
    attention: largestOver(layers, attentionWidth),
    feedForward: largestOver(layers, largest(mlpWidth, expertWidth)),
  }),
  profiled,
)
