/** Bytes per logit while the loss is computed, by whose code computes it. */
import { limits } from '../../scenario/schema.ts'
import type { TrainingDefaults } from './runtimes.ts'

export interface LossBytes {
  /** Per logit of every token, at the worst moment. */
  all: number
  /** Per logit of the chunk of tokens in work. */
  chunk: number
  /** Chunks a sequence is cut into, and tokens of a chunk at most. */
  parts: number
  tokens: number
  /** Blocks the allocator is left with that nothing fits into later, per logit. */
  cached: number
  /** Gradients of the head's weight that exist while logits are still there: the sum so far, and a chunk's own. */
  headGradients: number
}

/** Tokens whose logits unsloth's fused linear cross-entropy holds at once where memory is short (unsloth_zoo get_chunk_size). */
const FUSED_CHUNK = 1024

/**
 * Into how many chunks Liger's fused linear cross-entropy (arXiv:2410.10989) cuts the tokens, so that a chunk's logits take about what its hidden
 * states do: next_power_of_2(tokens / ⌈V / h⌉) at a time.
 */
const ligerParts = (ratio: number) => 2 ** Math.floor(Math.log2(Math.max(1, ratio)))

const whole = (all: number, cached = 0): LossBytes => ({
  all,
  cached,
  chunk: 0,
  parts: 1,
  tokens: limits.sequence,
  headGradients: 0,
})

interface Situation {
  computeBytes: number
  /** Weights are fp32 under autocast, whose copies of them are alive in forward but not in backward, and layers are checkpointed. */
  forwardWins: boolean
  compiled: boolean
  /** The vocabulary is cut over GPUs and stays so in the loss (torch.distributed.tensor.parallel.loss_parallel). */
  parallel: boolean
  /** Logits pass through a soft cap, whose tanh is kept (Gemma 2 and 4). */
  capped: boolean
  /** Old transformers: logits become fp32, by the model's code or by autocast's cross-entropy. */
  upcasts: boolean
  /** Vocabulary over hidden size. */
  ratio: number
}

/**
 * Eager, transformers (tests/oracle peak): forward has logits in the compute type, their fp32 copy and log-softmax; backward log-softmax and two
 * gradients, 12 bytes. The block of the 16-bit logits is too small for what comes later. Before 4.45 the fp32 copy was the model's output, and
 * shifting it by one token copied it again: 12 bytes in forward too, and 16 in backward where the loop holds the output; less where a model's code left
 * its logits as they were.
 */
export function lossBytes(
  loss: TrainingDefaults['loss'],
  { lossOf, holdsOutput }: Pick<TrainingDefaults, 'lossOf' | 'holdsOutput'>,
  { computeBytes: c, forwardWins, compiled, parallel, capped, upcasts, ratio }: Situation,
): LossBytes {
  if (loss === 'fused') {
    // Megatron's vocabulary-parallel kernel keeps the softmax in place of the fp32 logits.
    if (lossOf === 'megatron') return whole(c + 4, c)
    if (lossOf === 'unsloth') return { ...whole(0), chunk: c + 8, tokens: FUSED_CHUNK }
    // Liger writes a chunk's gradient in place of its logits, and in forward already adds up the head's.
    return { ...whole(0), chunk: c, parts: ligerParts(Math.ceil(ratio)), headGradients: 2 }
  }
  if (lossOf === 'unsloth') return whole(c, 0)
  if (loss === 'chunked') {
    // lit_gpt/utils.py chunked_cross_entropy: fp32 logits, held, and their log-softmax; gradients by 128 tokens.
    if (lossOf === 'litgpt') return { ...whole(8, c), chunk: 8, tokens: 128 }
    // torchtitan ChunkedCELoss: the head, the loss and their backward by eighths, in forward.
    if (lossOf === 'torchtitan') return { ...whole(0), chunk: compiled ? 2 * c : parallel ? 16 : 12, parts: 8 }
    // One kernel over whole logits, which writes their gradient in the same type (flash-attn, Liger).
    if (lossOf !== 'torchtune') return whole(2 * c, 0)
    // torchtune CEWithChunkedOutputLoss: eight lists of 16-bit logits, from eight calls of the head; compiled it upcasts inside the kernel, else a
    // chunk at a time. When the second chunk makes its gradients, the first one's logits are gone and its head gradient is there.
    return { ...whole(compiled ? c : c + 4, 0), chunk: compiled ? 0 : 8 - c, parts: 8, headGradients: 2 }
  }
  // A compiled loss reads 16-bit logits and writes their 16-bit gradient; torchtune's model returns them in fp32.
  if (compiled) return lossOf === 'torchtune' ? whole(8 + c, 0) : whole(2 * c, 0)
  // loss_parallel shifts, exponentiates and subtracts in tensors of their own.
  if (parallel) return whole(16, c)
  if (lossOf === 'litgpt') return { ...whole(12, c), chunk: 8, tokens: 128 }
  // Logits, log-softmax and its gradient, of one type under DeepSpeed.
  if (lossOf === 'ms-swift') return whole(3 * c, c)
  const each = lossOf === 'old transformers' && !upcasts ? c : 4
  if (holdsOutput) return whole(4 * each, c)
  if (lossOf === 'old transformers') return whole(3 * each, c)
  // From 4.46 to 4.48 the shifted logits were a copy again, and the model still held its own.
  const forward = lossOf === '4.46 transformers' ? c + 12 : c + 8
  return whole((forwardWins ? forward : Math.max(forward, 12)) + (capped ? c : 0), c)
}
