/**
 * Weights, gradients, optimizer states and master weights of a training run, and what data parallelism shares of them. ZeRO divides states
 * by the data-parallel degree (arXiv:1910.02054 §5); it never divides activations.
 */
import {
  ceilDiv,
  difference,
  type Expression,
  named,
  product,
  smallest,
  sum,
  sumOver,
  when,
} from '../../formula/expression.ts'
import { expertTensors, tensorParallel, tensors } from '../quantities.ts'
import { expertShard, expertWeights, tensorShard, weights } from '../weights.ts'
import { adapter, adapters, states, trained, trainedExpert } from './quantities.ts'

const zero = 'ZeRO (arXiv:1910.02054) §5'
const lora = 'LoRA (arXiv:2106.09685) §4.1: rank × (in + out) per adapted matrix, with each matrix’s own in and out'

const adapterShard = ceilDiv(adapter.elements, smallest(tensorParallel, adapter.parts))
const overAdapters = (each: Expression) => sumOver(adapters, product(adapterShard, each))

/**
 * GPUs that share a state hold different parts of the experts, where those are parallel: an expert is shared by so many fewer, and counts as many
 * times before it is divided.
 */
const expertParts = (shards: Expression) => smallest(shards, states.expertGroups)

/** Every tensor after tensor, expert and pipeline parallelism. */
const modelParameters = (shards: Expression) =>
  sum(sumOver(tensors, tensorShard), product(sumOver(expertTensors, expertShard), expertParts(shards)))

/** What the optimizer updates. */
const trainable = named(
  'trained parameters to share',
  'parameters',
  'adapters in LoRA and QLoRA, else all; experts are shared by fewer GPUs (Megatron-LM, expert data parallelism)',
  when(
    'adapters',
    named('adapter parameters on this GPU', 'parameters', lora, sumOver(adapters, adapterShard)),
    modelParameters(states.optimizerShards),
  ),
)

/** Experts are in the weights once already. */
const sharedWeights = sum(
  difference(weights, states.wholeBytes),
  product(expertWeights, difference(expertParts(states.parameterShards), 1)),
)

const reference = named(
  'reference model',
  'B',
  'DPO (arXiv:2305.18290) §4: a frozen copy of the policy; sharded as it is (trl/models/utils.py, prepare_deepspeed, prepare_fsdp)',
  ceilDiv(product(modelParameters(states.parameterShards), states.referenceBytes), states.parameterShards),
)

export const trainingWeights = named(
  'weights in training',
  'B',
  `${zero}: stage 3 and FSDP shard parameters; not what hangs on them, as bitsandbytes’ scales; experts over fewer GPUs`,
  sum(
    product(states.parametersHere, ceilDiv(sharedWeights, states.parameterShards)),
    states.wholeBytes,
    when('reference model', reference, 0),
  ),
)

export const gradients = named(
  'gradients',
  'B',
  `${zero}: stage 2 shards gradients`,
  ceilDiv(
    when(
      'adapters',
      overAdapters(adapter.gradientBytes),
      product(modelParameters(states.gradientShards), states.gradientBytes),
    ),
    states.gradientShards,
  ),
)

const shardedState = (whole: Expression) => ceilDiv(whole, states.optimizerShards)

export const optimizer = named(
  'optimizer',
  'B',
  `AdamW (arXiv:1711.05101): two moments of every trained parameter; ${zero}: stage 1 shards them`,
  shardedState(
    when(
      'adapters',
      sumOver(adapters, ceilDiv(product(adapterShard, adapter.stateNumerator), adapter.stateDenominator)),
      sum(
        sumOver(tensors, ceilDiv(product(tensorShard, trained.stateNumerator), trained.stateDenominator)),
        product(
          expertParts(states.optimizerShards),
          sumOver(
            expertTensors,
            ceilDiv(product(expertShard, trainedExpert.stateNumerator), trainedExpert.stateDenominator),
          ),
        ),
      ),
    ),
  ),
)

export const masterWeights = named(
  'master weights',
  'B',
  'Mixed-precision training (arXiv:1710.03740) §3.1: an fp32 copy beside 16-bit weights',
  shardedState(product(trainable, states.masterBytes)),
)

/** Adapters are whole on every rank unless parameters are sharded. */
export const adapterWeights = named(
  'adapters',
  'B',
  'LoRA (arXiv:2106.09685): A and B beside the frozen weights; modules trained in full are copies (peft modules_to_save)',
  product(states.parametersHere, ceilDiv(overAdapters(adapter.bytes), states.parameterShards)),
)

/** Live while parameters are updated: a foreach step makes a list of temporaries as large as one moment. */
export const stepTemporaries = named(
  'optimizer step temporaries',
  'B',
  'torch.optim.adamw _multi_tensor_adamw: _foreach_sqrt allocates the denominators of all parameters at once; DeepSpeed makes fp32 gradients',
  when(
    'adapters',
    shardedState(overAdapters(adapter.stepBytes)),
    smallest(
      shardedState(product(trainable, states.stepNumerator)),
      product(states.stepParameters, states.stepNumerator),
    ),
  ),
)
