/** Bytes of the weights one GPU holds. Parameters come exactly from the architecture, bytes per parameter from the precision scheme. */
import { ceilDiv, named, product, smallest, sum, sumOver } from '../formula/expression.ts'
import { expert, expertShards, expertTensors, tensor, tensorParallel, tensors } from './quantities.ts'

export const tensorShard = named(
  'parameters of a tensor on this GPU',
  'parameters',
  'Megatron-LM §3 (arXiv:1909.08053): column- and row-parallel linears; key/value heads are replicated when there are fewer heads than GPUs',
  ceilDiv(tensor.elements, smallest(tensorParallel, tensor.parts)),
)

export const expertShard = named(
  'expert parameters on this GPU',
  'parameters',
  'vLLM and Megatron-LM: experts are divided among expert- and expert-tensor-parallel ranks',
  ceilDiv(expert.elements, expertShards),
)

/** Of one row. */
export const tensorBytes = ceilDiv(product(tensorShard, tensor.bytesNumerator), tensor.bytesDenominator)
export const expertBytes = ceilDiv(product(expertShard, expert.bytesNumerator), expert.bytesDenominator)

/** Of routed experts. */
export const expertWeights = sumOver(expertTensors, expertBytes)

export const weights = named(
  'weights',
  'B',
  'sum over tensors of parameters × bytes per parameter, group scales and zero points included',
  sum(sumOver(tensors, tensorBytes), expertWeights),
)
