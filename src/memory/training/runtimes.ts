/** Training frameworks as data: what each does unless told otherwise, with the place that says so. */
import type { Scenario } from '../../scenario/schema.ts'

export interface TrainingDefaults {
  checkpointing: 'none' | 'selective' | 'full' | 'offloaded'
  attention: 'eager' | 'sdpa' | 'flash'
  loss: 'eager' | 'chunked' | 'fused'
  /** The loss kernel overwrites the logits with their gradient. */
  inPlaceLoss: boolean
  /** Norms keep their input only, not an fp32 copy and the normalised values (fused or compiled kernels). */
  fusedNorm: boolean
  /** A gated MLP keeps gate and up only and recomputes the rest. */
  fusedMlp: boolean
  /** Adapters are fp32 whatever the base is (peft autocast_adapter_dtype). */
  fp32Adapters: boolean
  /** Who averages gradients when nothing is sharded. */
  wrapper: 'ddp' | 'deepspeed' | 'fsdp' | 'megatron'
  /** Main gradients of mixed precision are fp32. */
  fp32Gradients: boolean
  masterWeights: boolean
  foreach: boolean
}

const trainer: TrainingDefaults = {
  checkpointing: 'none',
  attention: 'sdpa',
  loss: 'eager',
  inPlaceLoss: false,
  fusedNorm: false,
  fusedMlp: false,
  fp32Adapters: true,
  wrapper: 'ddp',
  fp32Gradients: false,
  masterWeights: false,
  foreach: true,
}

const byRuntime: Partial<Record<Scenario['runtime'], Partial<TrainingDefaults>>> = {
  // unsloth: gradient checkpointing offloads inputs to RAM, Triton norms, SwiGLU and cross-entropy, adapters in the compute type.
  unsloth: {
    checkpointing: 'offloaded',
    attention: 'flash',
    loss: 'chunked',
    inPlaceLoss: true,
    fusedNorm: true,
    fusedMlp: true,
  },
  torchtune: { checkpointing: 'full', loss: 'chunked', fp32Adapters: false },
  torchtitan: { checkpointing: 'selective', fusedNorm: true, wrapper: 'fsdp' },
  litgpt: { fp32Adapters: false, loss: 'chunked' },
  'ms-swift': { checkpointing: 'full', attention: 'flash' },
  'fsdp-qlora': { checkpointing: 'full', fp32Adapters: false, wrapper: 'fsdp' },
  deepspeed: { wrapper: 'deepspeed', masterWeights: true, attention: 'flash' },
  megatron: {
    wrapper: 'megatron',
    attention: 'flash',
    fusedNorm: true,
    fusedMlp: true,
    loss: 'fused',
    masterWeights: true,
    fp32Gradients: true,
  },
}

export const trainingDefaults = (runtime: Scenario['runtime']): TrainingDefaults => ({
  ...trainer,
  ...byRuntime[runtime],
})
