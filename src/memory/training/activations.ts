/**
 * What a training step holds besides states: everything kept for the backward pass, layer by layer; the logits and their loss; the transient
 * work of one layer's backward; the optimizer's temporaries. The peak is the largest of these phases, never their sum.
 */
import {
  ceilDiv,
  difference,
  type Expression,
  largest,
  largestOver,
  named,
  product,
  smallest,
  sum,
  sumOver,
  when,
} from '../../formula/expression.ts'
import { batch, computeBytes, hiddenSize, layer, layers, sequence, tensorParallel, vocabulary } from '../quantities.ts'
import { gatheredRoot, gatheredUnits, layerGradients, unshardedGradients } from './communication.ts'
import { saved, states, trainingLayer } from './quantities.ts'
import { gradients, stepTemporaries } from './states.ts'

const korthikanti = 'Korthikanti et al. 2022 (arXiv:2205.05198) §4, and PyTorch’s saved tensors (tests/oracle)'

/** What tensor parallelism cuts. */
const split = (bytes: Expression) => ceilDiv(bytes, tensorParallel)
/** What it leaves whole, unless sequence parallelism cuts it along the sequence (arXiv:2205.05198 §4.2.2). */
const stream = (bytes: Expression) => when('sequence parallel', split(bytes), bytes)

export const tokens = named(
  'tokens on this GPU',
  'tokens',
  'context parallelism shares a sequence (Ring Attention, arXiv:2310.01889)',
  ceilDiv(sequence, saved.contextParallel),
)

const normBytes = named(
  'norms keep',
  'B',
  korthikanti,
  sum(
    stream(product(trainingLayer.norms, sum(product(hiddenSize, saved.normBytes), 4))),
    split(sum(product(trainingLayer.headNormWidth, saved.headNormBytes), product(trainingLayer.headNorms, 4))),
  ),
)

const scores = named(
  'eager attention’s scores',
  'B',
  'softmax and its copy in the compute type, per pair of tokens; with dropout its mask and result too',
  split(product(layer.heads, tokens, saved.scoreBytes)),
)

const attentionBytes = named(
  'attention keeps',
  'B',
  'FlashAttention-2 (arXiv:2307.08691) §3.1.2: q, k, v, output and one fp32 logsumexp per head; eager attention its scores instead',
  sum(
    stream(product(trainingLayer.attentionInputs, hiddenSize, saved.inputBytes)),
    split(
      sum(
        product(
          sum(
            layer.queryWidth,
            trainingLayer.savedKeyWidth,
            trainingLayer.savedValueWidth,
            trainingLayer.copiedOutputWidth,
          ),
          computeBytes,
        ),
        product(layer.outputWidth, saved.outputBytes),
        when('eager attention', 0, product(layer.heads, 4)),
      ),
    ),
    when('eager attention', when('scores recomputed', 0, scores)),
  ),
)

const mlpBytes = named(
  'MLP keeps',
  'B',
  'gate, its activation, up and their product for a gated MLP; input and output of the activation for a plain one',
  sum(
    stream(product(trainingLayer.mlpInputs, hiddenSize, saved.inputBytes)),
    split(
      sum(
        product(layer.gateWidth, saved.gatedBytes),
        product(difference(layer.upWidth, layer.gateWidth), saved.plainBytes),
      ),
    ),
  ),
)

const expertBytes = named(
  'experts keep',
  'B',
  'each token’s copy for each expert it visits, that expert’s intermediate values, and its output for the routing weight',
  sum(
    stream(product(trainingLayer.routedInputs, saved.routedBytes)),
    split(product(layer.expertWidth, saved.gatedBytes)),
  ),
)

const recurrentBytes = named(
  'recurrent mixers keep',
  'B',
  'projected input, gate, convolution input and output, scan output (mamba_ssm selective_scan_fn saves its inputs)',
  split(product(layer.innerWidth, 6, computeBytes)),
)

const adapterBytes = named(
  'adapters keep',
  'B',
  'LoRA: the module’s input in the adapter’s type, with dropout its mask, and A’s output; DoRA: the outputs of module and adapter, to scale them',
  sum(
    product(trainingLayer.adapterInputs, saved.adapterInputBytes),
    product(trainingLayer.adapterRanks, saved.adapterRankBytes),
    product(trainingLayer.adapterOutputs, saved.adapterOutputBytes),
  ),
)

const dropoutBytes = named(
  'dropout keeps',
  'B',
  'Korthikanti et al. 2022 §4.1: a mask of one byte per element of the stream',
  stream(product(trainingLayer.dropouts, hiddenSize, saved.maskBytes)),
)

/** Per token. */
const layerKeeps = named(
  'one layer keeps per token',
  'B',
  korthikanti,
  sum(normBytes, attentionBytes, mlpBytes, expertBytes, recurrentBytes, dropoutBytes, when('adapters', adapterBytes)),
)

const checkpointBytes = named(
  'a checkpoint keeps per token',
  'B',
  'Chen et al. 2016 (arXiv:1604.06174): the layer’s input; nothing when it is offloaded; and what linears keep out of autograd’s sight',
  sum(
    when('activations offloaded', 0, stream(product(hiddenSize, saved.streamBytes))),
    split(
      product(
        saved.checkpointInputBytes,
        sum(
          product(sum(trainingLayer.attentionInputs, trainingLayer.mlpInputs), hiddenSize),
          layer.outputWidth,
          layer.gateWidth,
        ),
      ),
    ),
  ),
)

/** torchtitan saves every second matmul’s output and attention’s, and recomputes the rest from the layer’s input. */
const selectedBytes = named(
  'operator-wise checkpointing keeps per token',
  'B',
  'torchtitan apply_ac: outputs of every second mm and of attention',
  split(sum(product(sum(trainingLayer.selectedWidth, layer.outputWidth), computeBytes), product(layer.heads, 4))),
)

const keptPerToken = when(
  'full checkpointing',
  sumOver(layers, product(ceilDiv(layer.count, saved.checkpointEvery), checkpointBytes)),
  sumOver(layers, product(layer.count, when('operators recomputed', sum(checkpointBytes, selectedBytes), layerKeeps))),
)

export const keptByAllLayers = named(
  'kept by all layers per sequence',
  'B',
  korthikanti,
  ceilDiv(product(tokens, keptPerToken, saved.inFlight), saved.chunks),
)

/** What backward has to compute again before it can use it. */
const recomputed = when(
  'full checkpointing',
  product(smallest(saved.checkpointEvery, layer.count), layerKeeps),
  when('operators recomputed', difference(layerKeeps, selectedBytes), when('scores recomputed', scores)),
)

/**
 * What one layer's widest operation works on, per token. Softmax in Python has its result's gradient and its input's, in fp32, when what the MLP kept
 * is gone.
 */
const widest = largest(
  product(
    saved.workBytes,
    largest(hiddenSize, split(largest(sum(layer.gateWidth, layer.upWidth), layer.expertWidth, layer.queryWidth))),
  ),
  when('eager attention', difference(split(product(layer.heads, tokens, 8)), sum(mlpBytes, expertBytes))),
)

/** Gradients and temporaries while one layer runs backward. */
export const work = named(
  'backward of one layer',
  'B',
  'gradients of its widest intermediate values; under checkpointing also everything it kept, recomputed',
  product(tokens, largestOver(layers, sum(recomputed, widest))),
)

/** Temporaries of one layer in the forward pass. */
export const transients = named(
  'forward of one layer',
  'B',
  'intermediate values that are not kept',
  product(tokens, largestOver(layers, widest)),
)

/** While one layer computes. */
const unpacked = named(
  'unpacked weight',
  'B',
  'bitsandbytes dequantises one weight for its matmul (QLoRA, arXiv:2305.14314 §3)',
  product(largestOver(layers, trainingLayer.largestMatrix), saved.unpackedBytes),
)

const unpackedKept = named(
  'unpacked weights kept',
  'B',
  'GPTQ’s kernel for training leaves the unpacked weight to autograd, which keeps it (auto_gptq qlinear_cuda_old)',
  product(
    saved.unpackedKeptBytes,
    when(
      'full checkpointing',
      largestOver(layers, trainingLayer.unpacked),
      sumOver(layers, product(layer.count, trainingLayer.unpacked)),
    ),
  ),
)

const identities = named(
  'identity matrices',
  'B',
  'DoRA takes B·A from an identity matrix as large as the input is wide, and keeps it and what A makes of it (peft tuners/lora/dora.py)',
  product(
    saved.identityBytes,
    when(
      'full checkpointing',
      largestOver(layers, trainingLayer.identities),
      sumOver(layers, product(layer.count, trainingLayer.identities)),
    ),
  ),
)

/** What a layer keeps whatever the tokens. */
const keptWeights = sum(unpackedKept, when('adapters', identities))

/** autocast keeps 16-bit copies of fp32 weights from their first use until backward. */
const castWeights = named(
  'autocast copies',
  'B',
  'torch.autocast weight cache (tests/oracle)',
  product(saved.castParameters, saved.castBytes),
)

const chunk = smallest(ceilDiv(tokens, saved.chunkParts), saved.chunkTokens)

export const loss = named(
  'logits and loss',
  'B',
  'logits, their fp32 copy, log-softmax and its gradient; chunked and fused losses hold a chunk',
  sum(
    product(
      saved.headHere,
      split(product(vocabulary, sum(product(tokens, saved.logitBytes), product(chunk, saved.chunkBytes)))),
    ),
    product(
      saved.headHere,
      tokens,
      sum(stream(product(hiddenSize, saved.headInputBytes)), product(hiddenSize, saved.headGatheredBytes)),
    ),
  ),
)

const layerWork = sum(product(batch, work), unpacked, when('full checkpointing', keptWeights))

const kept = sum(product(batch, keptByAllLayers), when('full checkpointing', 0, keptWeights))

const lossPhase = sum(product(batch, loss), castWeights, saved.headUnpacked, saved.lossHeadGradients)

/** With gradients already there (accumulation, gradient buffers), they add to every phase; else they grow as activations are freed. */
export const forward = when(
  'sharded parameters',
  largest(
    sum(product(states.gatherCopies, gatheredRoot), gatheredUnits),
    sum(
      kept,
      gatheredRoot,
      largest(
        lossPhase,
        // The head’s gradient waits for the embedding’s, with which it is reduced.
        sum(layerWork, gatheredUnits, layerGradients, states.headGradients),
      ),
    ),
  ),
  sum(kept, largest(lossPhase, layerWork)),
)

/**
 * While the first layer runs backward all gradients are there but its own and the embedding’s. Where the head is tied to it that one is there too, and
 * is made a second time when the layers are done; sharded, the first waits for the second to be reduced with it.
 */
const firstLayer = difference(layerWork, when('gradients persist', 0, saved.lateGradients))
const backwardOfLayer = sum(
  when('sharded parameters', sum(firstLayer, saved.secondGradients), largest(firstLayer, saved.secondGradients)),
  states.liveGradients,
)
/** A unit’s parameters are freed before its gradient is reduced, unless it is only added to what is accumulated. */
export const backward = when(
  'sharded parameters',
  largest(
    sum(backwardOfLayer, gatheredRoot, gatheredUnits),
    sum(unshardedGradients, when('gradients persist', gatheredRoot)),
  ),
  backwardOfLayer,
)

export const trainingActivations = named(
  'training activations',
  'B',
  'the largest phase beyond the gradients: forward and loss, backward of a layer, optimizer step',
  largest(when('gradients persist', forward, difference(forward, gradients)), backward, stepTemporaries),
)
