/** How many elements per token the code of a runtime keeps alive in one layer: a count per kind of layer, read off modelling code. */
import type { Architecture, DenseFeedForward, LayerKind, MixtureOfExperts } from '../../model/architecture.ts'
import type { ServingDefaults } from './runtimes.ts'

/** Gate, up and their product, as far as they coexist; one fused projection keeps its output beside both halves' results. */
export function mlpLive({ intermediate, gated, activation }: DenseFeedForward, kind: LayerKind): number {
  if (gated) return intermediate * (kind.tensors.some(({ name }) => /(gate_up_proj|input_linear)$/.test(name)) ? 4 : 3)
  // Activations that are one kernel keep input and output; those written out in Python their intermediate results too.
  if (/xielu/.test(activation)) return (11 * intermediate) / 2
  if (/gelu_new|gelu_fast|quick/.test(activation)) return 4 * intermediate
  return intermediate * (/relu2|squared/.test(activation) ? 3 : 2)
}

/**
 * What tokens on their way through the routed experts keep alive in transformers' own code. Mostly one expert after the other: its share of
 * the tokens (routing taken as even) with gate, up and product, the sum they are added to, and a 64-bit one-hot mask of tokens × choices ×
 * experts. Some families, and all of version 5, copy every token once per choice; Llama 4 and gpt-oss send all tokens to all experts.
 */
export function expertsLive(block: MixtureOfExperts, hidden: number, step: ExpertStep): number {
  const { experts, active, intermediate, shared } = block
  switch (step.modelType) {
    case 'llama4':
    case 'llama4_text':
      return hidden + experts * (hidden + 4 * intermediate)
    case 'gpt_oss':
      return hidden + experts * (hidden + 7 * intermediate)
    case 'granitemoe':
      return 3 * active * (hidden + intermediate)
  }
  if (step.gathers || step.modelType === 'deepseek_v2') return 6 * active * hidden
  const share = Math.ceil((active * (2 * hidden + 3 * intermediate)) / experts)
  const mask = Math.ceil((8 * active * experts) / step.computeBytes)
  return hidden + Math.max(share + mask, 3 * shared)
}

export interface ExpertStep {
  modelType: string
  computeBytes: number
  /** Tokens are gathered per choice and sorted by expert (transformers 5). */
  gathers: boolean
}

/** Queries, keys and values while they are rotated, or while the kernel reads them; `eager` beside its scores. */
export function attentionLive(
  kind: LayerKind,
  { runtime, attention, modelType }: { runtime: string; attention: ServingDefaults['attention']; modelType: string },
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
      // Rotation: queries, both products and their sum; ERNIE rotates in fp32. Norms of heads pass through fp32.
      else
        width += Math.max((modelType.startsWith('ernie') ? 7 : 4) * query + key + value, (mixer.qkNorm ? 5 : 0) * query)
    } else if (mixer.kind === 'mla') {
      const query = mixer.heads * (mixer.qkNopeHeadDim + mixer.qkRopeHeadDim)
      const value = mixer.heads * mixer.valueHeadDim
      width += attention === 'eager' ? 2 * query + value : 3 * query + mixer.heads * mixer.qkNopeHeadDim + 2 * value
    } else if (mixer.kind === 'compressed') width += 3 * mixer.heads * mixer.headDim
    else width += 3 * mixer.inner
  }
  return width
}

/** Hidden-wide tensors beside the MLP's: models that norm after a block have no normed copy, those with a norm for each of two parallel branches one more. */
export function streamsOf(architecture: Architecture, usual: number): number {
  if (/^(olmo2|olmo3|exaone4)/.test(architecture.modelType)) return usual - 1
  return architecture.kinds.some((kind) => kind.parallel && kind.norms > 1) ? usual + 1 : usual
}

/** Bytes per attention score in eager attention: fp32 softmax and its 16-bit neighbours, as each family writes it. */
export function scoreBytes(modelType: string, compute: string, runtime: string): number {
  // QuantAttentionFused has one way for all models: 16-bit scores, an fp32 copy and its softmax.
  if (runtime === 'awq') return 10
  // ExLlama: scores and probabilities in fp16.
  if (runtime === 'exllama') return 4
  if (modelType === 'falcon') return 8
  if (modelType === 'gpt2') return 6
  if (modelType === 'bloom') return 14
  if (compute === 'fp32' || compute === 'tf32') return 8
  // torch's softmax reads fp16 and writes fp32; bf16 is copied to fp32 first.
  return compute === 'fp16' ? 8 : 10
}

/** Families that scale or cap their logits make a second copy of them. */
export const copiesLogits = (modelType: string) => /^(gemma2|gemma3n|gemma4|granite|cohere)/.test(modelType)

/** Recurrent states are fp32, except where transformers' cache classes keep them in the compute type. */
export const stateInComputeType = (modelType: string) =>
  /^(mamba|falcon_mamba|falcon_h1|granitemoehybrid|bamba|minimax)/.test(modelType)
