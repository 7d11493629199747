/** What the layers keep for the backward pass, operation by operation, and what checkpointing leaves of it. */
import { ceilDiv, difference, type Expression, named, product, sum, sumOver, when } from '../../formula/expression.ts'
import { computeBytes, hiddenSize, layer, layers, sequence, tensorParallel } from '../quantities.ts'
import { saved, trainingLayer } from './quantities.ts'

const korthikanti = 'Korthikanti et al. 2022 (arXiv:2205.05198) §4, and PyTorch’s saved tensors (tests/oracle)'

/** What tensor parallelism cuts. */
export const split = (bytes: Expression) => ceilDiv(bytes, tensorParallel)
/** What it leaves whole, unless sequence parallelism cuts it along the sequence (arXiv:2205.05198 §4.2.2). */
export const stream = (bytes: Expression) => when('sequence parallel', split(bytes), bytes)

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

export const scores = named(
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

export const mlpBytes = named(
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

export const expertBytes = named(
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
export const layerKeeps = named(
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
export const selectedBytes = named(
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
