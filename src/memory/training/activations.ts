/**
 * What a training step holds besides states: what layers keep for the backward pass; the logits and their loss; the transient work of one layer's
 * backward; the optimizer's temporaries. The peak is the largest of these phases, never their sum.
 */
import {
  ceilDiv,
  difference,
  largest,
  largestOver,
  named,
  product,
  smallest,
  sum,
  sumOver,
  when,
} from '../../formula/expression.ts'
import { batch, hiddenSize, layer, layers, vocabulary } from '../quantities.ts'
import { gatheredRoot, gatheredUnit, gatheredUnits, layerGradients, unshardedGradients } from './communication.ts'
import {
  expertBytes,
  keptByAllLayers,
  layerKeeps,
  mlpBytes,
  scores,
  selectedBytes,
  split,
  stream,
  tokens,
} from './kept.ts'
import { saved, states, trainingLayer } from './quantities.ts'
import { gradients, stepTemporaries } from './states.ts'

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
  'bitsandbytes and GPTQModel dequantise one weight for its matmul (QLoRA, arXiv:2305.14314 §3)',
  product(largestOver(layers, trainingLayer.largestMatrix), saved.unpackedBytes),
)

const unpackedKept = named(
  'unpacked weights kept',
  'B',
  'AutoGPTQ’s PyTorch kernel leaves the unpacked weight to autograd, which keeps it (auto_gptq qlinear_cuda_old)',
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

/** Of all layers but the first, the last to run backward. */
const heldGradients = named(
  'held gradients of checkpoints',
  'B',
  'FSDP’s hook on a frozen unit holds the unit’s input and with it that input’s gradient (torch.distributed.fsdp _runtime_utils.py)',
  product(
    batch,
    tokens,
    hiddenSize,
    saved.streamBytes,
    difference(sumOver(layers, ceilDiv(layer.count, saved.checkpointEvery)), 1),
  ),
)

/** With gradients already there (accumulation, gradient buffers), they add to every phase; else they grow as activations are freed. */
export const forward = named(
  'forward pass with its loss',
  'B',
  'what layers keep for the backward pass, and the logits with their loss or one layer’s work',
  when(
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
          when('input gradients held', sum(layerWork, heldGradients, gatheredUnit)),
        ),
      ),
    ),
    sum(kept, largest(lossPhase, layerWork)),
  ),
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
export const backward = named(
  'backward pass at its end',
  'B',
  'one layer’s work while all gradients are there but its own and the embedding’s',
  when(
    'sharded parameters',
    largest(
      sum(backwardOfLayer, gatheredRoot, gatheredUnits),
      sum(unshardedGradients, when('gradients persist', gatheredRoot)),
    ),
    backwardOfLayer,
  ),
)

/** What the forward pass takes where gradients are not there yet. */
const beyondGradients = named(
  'forward beyond gradients',
  'B',
  'gradients are counted whole, though they grow only as what layers kept is freed',
  difference(forward, gradients),
)

export const trainingActivations = named(
  'training activations',
  'B',
  'the largest phase beyond the gradients: forward and loss, backward of a layer, optimizer step',
  largest(when('gradients persist', forward, beyondGradients), backward, stepTemporaries),
)
