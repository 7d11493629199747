/**
 * Bytes of optimizer state per trainable parameter. A scalar step counter per tensor is left out, and master weights are
 * not here: they belong to the training recipe, not to the optimizer.
 */
import type { Tensor } from '../../model/architecture.ts'
import type { Scenario } from '../../scenario/schema.ts'
import { add, type Ratio, ratio } from './ratio.ts'

export type OptimizerName = Scenario['training']['optimizer']

/** Shape of what is trained; `class` tells Muon which matrices are hidden layers. */
export type Trained = Pick<Tensor, 'out' | 'in' | 'class'>

export interface OptimizerState {
  /** Stored bytes per parameter of a tensor, block scales included. */
  ofTensor(tensor: Trained): Ratio
  /** The same for every large matrix, so that one ratio will do where tensors are not at hand; null when it is not. */
  each: Ratio | null
  /** The state lives in unified memory: the driver may move it to the host when the GPU is full. */
  paged: boolean
}

export interface OptimizerOptions {
  /** Bytes of one trained parameter as stored: PyTorch's optimizers keep their state in that type. */
  parameterBytes: number
  /** Type of the state when it is chosen; null: the optimizer's own habit. */
  stateType: 'fp32' | 'bf16' | null
  /** GaLore's rank. */
  rank?: number
  /** Elements per block scale of the 8-bit optimizers: 256 since bitsandbytes 0.44, 2048 before. */
  block?: number
}

/** bitsandbytes and torchao leave smaller tensors unquantised. */
const smallest = 4096

const size = ({ out, in: inputs }: Trained) => out * inputs

/** @param options what the recipe decides */
export function optimizerState(optimizer: OptimizerName, options: OptimizerOptions): OptimizerState {
  const { parameterBytes, stateType, rank = 128, block = 256 } = options
  const chosen = stateType === 'fp32' ? 4 : stateType === 'bf16' ? 2 : null
  const kept = ratio(chosen ?? parameterBytes)
  const twice = times(2, kept)
  switch (optimizer) {
    case 'none':
    case 'sgd':
      return same(ratio(0))
    case 'sgd-momentum':
    case 'lion':
      return same(kept)
    case 'adamw':
      return same(twice)
    case 'paged-adamw':
      // bitsandbytes keeps 32-bit states whatever the parameters are.
      return { ...same(ratio(2 * (chosen ?? 4))), paged: true }
    case 'adamw-8bit':
      return blockwise(2, 8, block)
    case 'paged-adamw-8bit':
      return { ...blockwise(2, 8, block), paged: true }
    case 'lion-8bit':
      return blockwise(1, 8, block)
    case 'adamw-4bit':
      return blockwise(2, 4, 128)
    case 'adafactor':
      return { ofTensor: factored, each: null, paged: false }
    case 'muon':
      // Momentum for the matrices of hidden layers, AdamW for embedding, head and vectors (torch.optim.Muon).
      return { ofTensor: (tensor) => (isHiddenMatrix(tensor) ? kept : twice), each: null, paged: false }
    case 'galore':
      return projected(rank, kept, same(twice))
    case 'galore-8bit':
      return projected(rank, kept, blockwise(2, 8, block))
    // arXiv:2412.05270: rank 256, or one.
    case 'apollo':
      return projected(256, kept, same(twice))
    case 'apollo-mini':
      return projected(1, kept, same(twice))
    case 'ademamix':
      return same(ratio(3 * (chosen ?? 4)))
    case 'ademamix-8bit':
      return blockwise(3, 8, block)
  }
}

const times = (n: number, { bytes, per }: Ratio) => ratio(n * bytes, per)

const same = (each: Ratio): OptimizerState => ({ ofTensor: () => each, each, paged: false })

const isHiddenMatrix = (tensor: Trained) =>
  tensor.in > 1 && tensor.out > 1 && tensor.class !== 'embedding' && tensor.class !== 'head'

/**
 * Codes and one fp32 scale per block for each state (8-bit: arXiv:2110.02861, bitsandbytes; 4-bit: arXiv:2309.01507,
 * torchao); small tensors keep fp32 states.
 */
function blockwise(states: number, bits: number, block: number): OptimizerState {
  const each = times(states, add(ratio(bits, 8), ratio(4, block)))
  const full = ratio(4 * states)
  return { ofTensor: (tensor) => (size(tensor) < smallest ? full : each), each, paged: false }
}

/** Adafactor without momentum (arXiv:1804.04235): fp32 row and column sums of a matrix, a whole second moment of a vector. */
function factored(tensor: Trained): Ratio {
  return tensor.in > 1 && tensor.out > 1 ? ratio(4 * (tensor.out + tensor.in), size(tensor)) : ratio(4)
}

/** GaLore (arXiv:2403.03507 §4.1): a projector of the shorter side × rank and two moments of rank × the longer side. */
function projected(rank: number, projector: Ratio, { ofTensor }: OptimizerState): OptimizerState {
  const lowRank = (tensor: Trained) => {
    const [short, long] = [Math.min(tensor.out, tensor.in), Math.max(tensor.out, tensor.in)]
    const r = Math.min(rank, short)
    return add(
      ratio(projector.bytes * r * short, projector.per * size(tensor)),
      times(r * long, ratio(ofTensor(tensor).bytes, ofTensor(tensor).per * size(tensor))),
    )
  }
  return {
    ofTensor: (tensor) => (isHiddenMatrix(tensor) ? lowRank(tensor) : ofTensor(tensor)),
    each: null,
    paged: false,
  }
}
