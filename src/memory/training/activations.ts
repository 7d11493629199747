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
import {
  batch,
  computeBytes,
  hiddenSize,
  layer,
  layers,
  saved,
  sequence,
  tensorParallel,
  trainingLayer,
  vocabulary,
} from '../quantities.ts'
import { gradients, stepTemporaries } from './states.ts'

const korthikanti = 'Korthikanti et al. 2022 (arXiv:2205.05198) §4, and PyTorch’s saved tensors (tests/oracle)'

/** What tensor parallelism cuts. */
const split = (bytes: Expression) => ceilDiv(bytes, tensorParallel)
/** What it leaves whole, unless sequence parallelism cuts it along the sequence (arXiv:2205.05198 §4.2.2). */
const stream = (bytes: Expression) => when('sequence parallel', split(bytes), bytes)

const tokens = named(
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

const attentionBytes = named(
  'attention keeps',
  'B',
  'FlashAttention-2 (arXiv:2307.08691) §3.1.2: q, k, v, output and one fp32 logsumexp per head; eager attention also its scores',
  sum(
    stream(product(trainingLayer.attentionInputs, hiddenSize, saved.inputBytes)),
    split(
      sum(
        product(
          sum(
            layer.queryWidth,
            trainingLayer.repeatedKeyWidth,
            trainingLayer.repeatedValueWidth,
            trainingLayer.copiedOutputWidth,
          ),
          computeBytes,
        ),
        product(layer.outputWidth, saved.outputBytes),
        when('eager attention', product(layer.heads, tokens, saved.scoreBytes), product(layer.heads, 4)),
      ),
    ),
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
  'peft LoRA: the module’s input in the adapter’s type and A’s output',
  sum(
    product(trainingLayer.adapterInputs, saved.adapterInputBytes),
    product(trainingLayer.adapterRanks, saved.adapterRankBytes),
  ),
)

/** Per token. */
const layerKeeps = named(
  'one layer keeps per token',
  'B',
  korthikanti,
  sum(normBytes, attentionBytes, mlpBytes, expertBytes, recurrentBytes, when('adapters', adapterBytes)),
)

const checkpointBytes = named(
  'a checkpoint keeps per token',
  'B',
  'Chen et al. 2016 (arXiv:1604.06174): the layer’s input; nothing when it is offloaded',
  when('activations offloaded', 0, stream(product(hiddenSize, saved.streamBytes))),
)

export const keptByAllLayers = named(
  'kept by all layers per sequence',
  'B',
  korthikanti,
  ceilDiv(
    product(
      tokens,
      sumOver(layers, product(layer.count, when('full checkpointing', checkpointBytes, layerKeeps))),
      saved.inFlight,
    ),
    saved.chunks,
  ),
)

/** Gradients and temporaries while one layer runs backward. */
const work = named(
  'backward of one layer',
  'B',
  'gradients of its widest intermediate values; under checkpointing also everything it kept, recomputed',
  product(
    tokens,
    largestOver(
      layers,
      sum(
        when('full checkpointing', layerKeeps),
        product(
          saved.workBytes,
          largest(hiddenSize, split(largest(sum(layer.gateWidth, layer.upWidth), layer.expertWidth, layer.queryWidth))),
        ),
      ),
    ),
  ),
)

/** Selective checkpointing recomputes what is cheap to compute and large: attention's core under Megatron, element-wise results elsewhere. */
const unpacked = named(
  'unpacked weight',
  'B',
  'bitsandbytes dequantises one weight for its matmul (QLoRA, arXiv:2305.14314 §3)',
  product(largestOver(layers, trainingLayer.dequantised), saved.dequantisedBytes),
)

/** autocast keeps 16-bit copies of fp32 weights from their first use until backward. */
const castWeights = named(
  'autocast copies',
  'B',
  'torch.autocast weight cache (tests/oracle)',
  product(saved.castParameters, saved.castBytes),
)

const loss = named(
  'logits and loss',
  'B',
  'logits, their fp32 copy, log-softmax and its gradient; chunked and fused losses hold a chunk',
  sum(
    product(saved.headHere, smallest(tokens, saved.logitTokens), split(product(vocabulary, saved.logitBytes))),
    product(saved.headHere, tokens, stream(product(hiddenSize, saved.headInputBytes))),
  ),
)

/** With gradients already there (accumulation, adapters), they add to every phase; else they grow as activations are freed. */
const forward = sum(product(batch, sum(keptByAllLayers, largest(loss, work))), unpacked, castWeights)
/** By the time the first layer runs backward all gradients are there but the embedding's. */
const backward = difference(sum(product(batch, work), unpacked), when('gradients persist', 0, saved.entranceGradients))

export const trainingActivations = named(
  'training activations',
  'B',
  'the largest phase beyond the gradients: forward and loss, backward of a layer, optimizer step',
  largest(when('gradients persist', forward, difference(forward, gradients)), backward, stepTemporaries),
)
