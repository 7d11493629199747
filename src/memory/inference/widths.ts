/** How many elements per token the code of a runtime keeps alive in one layer: a count per kind of layer, read off modelling code. */
import type { Architecture, DenseFeedForward, LayerKind, MixtureOfExperts } from '../../model/architecture.ts'
import type { ServingDefaults } from './runtimes.ts'

/** Gate, up and their product, as far as they coexist; one fused projection keeps its output beside both halves' results. */
export function mlpLive(block: DenseFeedForward, kind: LayerKind): number {
  const { intermediate, gated, activation } = block
  if (gated) return intermediate * (kind.tensors.some(({ name }) => name.includes('gate_up_proj')) ? 4 : 3)
  // gelu_new is written out in Python, as is the square of a relu; others are one kernel.
  return intermediate * (/gelu_new|gelu_pytorch|fast/.test(activation) ? 4 : /relu2|squared/.test(activation) ? 3 : 2)
}

/**
 * Experts one after the other: the tokens of one (its share when routing is even) with gate, up and product, the sum they are added to,
 * and a 64-bit one-hot mask of tokens × choices × experts.
 */
export function expertsLive(block: MixtureOfExperts, hidden: number, computeBytes: number): number {
  const { experts, active, intermediate, shared } = block
  const share = Math.ceil((active * (2 * hidden + 3 * intermediate)) / experts)
  const mask = Math.ceil((8 * active * experts) / computeBytes)
  return hidden + Math.max(share + mask, 3 * shared)
}

/** Queries, keys and values while they are rotated, or while the kernel reads them; `eager` beside its scores. */
export function attentionLive(
  kind: LayerKind,
  runtime: 'awq' | 'other',
  attention: ServingDefaults['attention'],
): number {
  let width = 0
  for (const mixer of kind.mixers) {
    if (mixer.kind === 'attention') {
      const query = mixer.heads * mixer.headDim
      const key = mixer.kvHeads * mixer.headDim
      const value = mixer.kvHeads * mixer.valueHeadDim
      const grouped = mixer.kvHeads < mixer.heads
      // QuantAttentionFused: the fused projection, rotated queries and keys, keys as stored, keys and values repeated even when nothing is grouped.
      if (runtime === 'awq') width += 4 * query + 3 * key + value
      else if (attention === 'eager') width += query * (grouped ? 3 : 1)
      else width += Math.max(4 * query + key + value, (mixer.qkNorm ? 5 : 0) * query)
    } else if (mixer.kind === 'mla') {
      const query = mixer.heads * (mixer.qkNopeHeadDim + mixer.qkRopeHeadDim)
      const value = mixer.heads * mixer.valueHeadDim
      width += attention === 'eager' ? 2 * query + value : 3 * query + mixer.heads * mixer.qkNopeHeadDim + 2 * value
    } else width += 3 * mixer.inner
  }
  return width
}

/** Hidden-wide tensors beside the MLP's: models that norm after a block have no normed copy, those with a norm for each of two parallel branches one more. */
export function streamsOf(architecture: Architecture, usual: number): number {
  if (/^(olmo2|olmo3|exaone4)/.test(architecture.modelType)) return usual - 1
  return architecture.kinds.some((kind) => kind.parallel && kind.norms > 1) ? usual + 1 : usual
}
