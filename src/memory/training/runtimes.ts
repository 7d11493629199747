/**
 * Training frameworks as data: what each does unless told otherwise, with the place that says so, by version where versions differ.
 */
import type { Scenario } from '../../scenario/schema.ts'
import { before } from '../inference/version.ts'
import { sharingGroup } from '../layout.ts'

export interface TrainingDefaults {
  checkpointing: 'none' | 'selective' | 'full' | 'offloaded'
  /** What selective checkpointing recomputes: attention's core (Megatron) or every second matmul and all that is cheap (torchtitan). */
  selective: 'scores' | 'operators'
  attention: 'eager' | 'sdpa' | 'flash'
  loss: 'eager' | 'chunked' | 'fused'
  /** Whose code computes an eager and a chunked loss (loss.ts). */
  lossOf:
    | 'transformers'
    | '4.46 transformers'
    | 'old transformers'
    | 'litgpt'
    | 'torchtitan'
    | 'torchtune'
    | 'unsloth'
    | 'megatron'
    | 'ms-swift'
  /** The training loop keeps the model's output, logits included, until backward is done. */
  holdsOutput: boolean
  /** torch.compile covers the loss too. */
  compilesLoss: boolean
  /** Logits stay cut over tensor-parallel GPUs in the loss. */
  lossParallel: boolean
  /** Norms keep their input only, not an fp32 copy and the normalised values (fused or compiled kernels). */
  fusedNorm: boolean
  /** A gated MLP keeps gate and up only and recomputes the rest. */
  fusedMlp: boolean
  /** One projection makes queries, keys and values, so that a slice keeps all of it. */
  fusedProjection: boolean
  /** Adapters go to the parts of a fused projection instead of the whole. */
  adaptsSlices: boolean
  /** Activations are those of transformers' Python, gelu_new written out. */
  pythonActivations: boolean
  /** Softmax keeps its input beside its result, which is all it needs: PyTorch before 1.11 of March 2022 (its pull request 65242). */
  keepsSoftmaxInput: boolean
  /** RMSNorm in Python keeps the squares it averages: mean kept its input for its size, before PyTorch 2.2 of January 2024 (its issue 5741). */
  keepsSquares: boolean
  /** Keys and values are repeated for every query head before the attention kernel. */
  repeatsKeys: boolean
  /** The attention kernel's output has to be copied for its projection. */
  copiesOutput: boolean
  /** Adapters are fp32 whatever the base is (peft autocast_adapter_dtype). */
  fp32Adapters: boolean
  /** What the base leaves unquantised becomes fp32, and the residual stream with it (peft prepare_model_for_kbit_training). */
  preparesBase: boolean
  /** Shards that FSDP trains become fp32 under mixed precision (accelerate's prepare_model, since its 0.30 of May 2024). */
  upcastsShards: boolean
  /**
   * Checkpoints lie around FSDP's units, not inside: the hook that reshards a frozen unit then holds its input and that input's gradient until backward
   * is over (torch.distributed.fsdp _register_post_backward_reshard_only_hook, reentrant checkpoints; transformers before GradientCheckpointingLayer).
   */
  holdsInputGradients: boolean
  /** The forward pass runs under autocast even where weights are 16-bit (Trainer's bf16=True). */
  autocasts: boolean
  /**
   * Copies of its input that the 4-bit matmul keeps, though it needs none: one in bitsandbytes before 0.43.2 of July 2024 (its pull request 1270);
   * litgpt's runs of 2024 measure two.
   */
  quantisedInputs: 0 | 1 | 2
  /**
   * Unpacked weights of GPTQ are operands of a matmul, so autograd keeps them: AutoGPTQ's PyTorch kernel, which transformers trained with until 4.48
   * took GPTQModel, whose Triton kernel unpacks them again in backward.
   */
  keepsUnpacked: boolean
  /** Who averages gradients when nothing is sharded. */
  wrapper: 'ddp' | 'deepspeed' | 'fsdp' | 'megatron'
  /** Elements of DeepSpeed's reduce buckets, where ZeRO's stage is 1 or 2: two of 5·10⁸, as its documentation overlaps them. */
  reduceBuckets: number
  /** Main gradients of mixed precision are fp32. */
  fp32Gradients: boolean
  masterWeights: boolean
  /** FSDP2, which copies parameters out of what an all-gather receives; FSDP1 gathers in place. */
  copiesGathered: boolean
  /** With FSDP, layers whose frozen weights share a unit with adapters stay gathered (measured: litgpt's tables for two GPUs). */
  keepsGathered: boolean
  /**
   * With FSDP in a pipeline, layers stay gathered, so that not every micro-batch gathers them again, and add up whole gradients until the last
   * (torchtitan apply_fsdp; FSDP2's unsharded_accumulated_grad).
   */
  keepsGatheredInPipeline: boolean
  /** With FSDP, gradients are accumulated unsharded: no_sync, as accelerate and Fabric call it. */
  accumulatesWhole: boolean
  /** Gradients are buffers that exist from the start. */
  gradientBuffers: boolean
  sequenceParallel: boolean
  foreach: boolean
  /** Lists of temporaries in a foreach step: the denominators, and PyTorch 2.0 added epsilon to them in a second list. */
  stepLists: 1 | 2
}

const trainer: TrainingDefaults = {
  checkpointing: 'none',
  selective: 'scores',
  attention: 'sdpa',
  loss: 'eager',
  lossOf: 'transformers',
  holdsOutput: false,
  compilesLoss: true,
  lossParallel: false,
  fusedNorm: false,
  fusedMlp: false,
  fusedProjection: false,
  adaptsSlices: false,
  pythonActivations: true,
  keepsSoftmaxInput: false,
  keepsSquares: false,
  repeatsKeys: false,
  copiesOutput: false,
  fp32Adapters: true,
  preparesBase: true,
  upcastsShards: true,
  holdsInputGradients: false,
  autocasts: true,
  quantisedInputs: 0,
  keepsUnpacked: false,
  wrapper: 'ddp',
  reduceBuckets: 1_000_000_000,
  fp32Gradients: false,
  masterWeights: false,
  copiesGathered: true,
  keepsGathered: false,
  keepsGatheredInPipeline: false,
  accumulatesWhole: true,
  gradientBuffers: false,
  sequenceParallel: false,
  foreach: true,
  stepLists: 1,
}

type Defaults = Partial<TrainingDefaults>

/**
 * transformers by its version: AdamW was its own loop until 4.31 took torch's, sdpa came with 4.36, grouped kernels with 4.48, the lean loss with 4.45.
 */
function modelling(scenario: Pick<Scenario, 'runtimeVersion'>): Defaults {
  return {
    ...(before(scenario, 4, 36) ? { attention: 'eager' } : {}),
    foreach: !before(scenario, 4, 31),
    stepLists: before(scenario, 4, 34) ? 2 : 1,
    keepsSoftmaxInput: before(scenario, 4, 17),
    keepsSquares: before(scenario, 4, 38),
    // zero_grad sets gradients to zero instead of dropping them, until torch 2.0.
    gradientBuffers: before(scenario, 4, 27),
    repeatsKeys: before(scenario, 4, 48),
    lossOf: before(scenario, 4, 45)
      ? 'old transformers'
      : before(scenario, 4, 49) && !before(scenario, 4, 46)
        ? '4.46 transformers'
        : 'transformers',
    quantisedInputs: before(scenario, 4, 43) ? 1 : 0,
    upcastsShards: !before(scenario, 4, 41),
    holdsInputGradients: before(scenario, 4, 52),
    keepsUnpacked: before(scenario, 4, 48),
  }
}

/** A framework that pins the transformers of its day. */
const pinned = (runtimeVersion: string) => modelling({ runtimeVersion })

/** DeepSpeed's. */
const engine: Defaults = {
  wrapper: 'deepspeed',
  masterWeights: true,
  fp32Adapters: false,
  autocasts: false,
  gradientBuffers: true,
}

/** accelerate takes ZeRO's stages 1 and 2 from DeepSpeed, where there are GPUs to share among; FSDP is stage 3. */
function stagesOneAndTwo(scenario: Scenario): Defaults {
  const { zero } = scenario.parallelism
  return (zero === 1 || zero === 2) && sharingGroup(scenario) > 1 ? engine : {}
}

const byRuntime: Partial<Record<Scenario['runtime'], (scenario: Scenario) => Defaults>> = {
  transformers: (scenario) => ({ ...modelling(scenario), ...stagesOneAndTwo(scenario) }),
  // What it runs on came out beside it: before 0.16 of July 2025, one of many transformers whose layers did not checkpoint themselves.
  peft: (scenario) => ({ ...(before(scenario, 0, 16) ? pinned('4.45') : {}), ...stagesOneAndTwo(scenario) }),
  // unsloth: inputs of checkpoints go to RAM; Triton norms, SwiGLU and LoRA; the loss without whole logits since 2024.11.
  unsloth: (scenario) => ({
    checkpointing: 'offloaded',
    attention: 'flash',
    loss: before(scenario, 2024, 11) ? 'chunked' : 'fused',
    lossOf: 'unsloth',
    fusedNorm: true,
    fusedMlp: true,
    adaptsSlices: true,
    preparesBase: false,
    foreach: false,
  }),
  // torchtune: adapters in the base's type, F.rms_norm, keys expanded, fused AdamW, compiled loss of eight chunks (0.4; before: whole; until 0.3
  // recipes held shifted logits through backward).
  torchtune: (scenario) => ({
    holdsOutput: before(scenario, 0, 3),
    accumulatesWhole: false,
    checkpointing: 'full',
    loss: before(scenario, 0, 4) ? 'eager' : 'chunked',
    lossOf: 'torchtune',
    repeatsKeys: true,
    copiesOutput: true,
    fp32Adapters: false,
    preparesBase: false,
    autocasts: false,
    wrapper: 'fsdp',
    foreach: false,
  }),
  // torchtitan: the loss is compiled since its first release; before, only the layers.
  torchtitan: (scenario) => ({
    compilesLoss: !before(scenario, 0, 1),
    lossOf: 'torchtitan',
    accumulatesWhole: false,
    keepsGatheredInPipeline: true,
    lossParallel: true,
    checkpointing: 'selective',
    selective: 'operators',
    fusedNorm: true,
    repeatsKeys: true,
    copiesOutput: true,
    preparesBase: false,
    autocasts: false,
    wrapper: 'fsdp',
    sequenceParallel: true,
    foreach: false,
  }),
  // litgpt: model.py has one qkv projection; finetune/lora.py chunks the head by 128 tokens; Fabric returns logits in fp32 and the loop holds them.
  litgpt: (scenario) => ({
    loss: 'chunked',
    lossOf: 'litgpt',
    holdsOutput: true,
    fusedProjection: true,
    copiesGathered: false,
    keepsGathered: scenario.task === 'lora',
    adaptsSlices: true,
    pythonActivations: false,
    repeatsKeys: true,
    copiesOutput: true,
    fp32Adapters: false,
    preparesBase: false,
    autocasts: false,
    quantisedInputs: before(scenario, 0, 3) ? 1 : 2,
    wrapper: 'fsdp',
  }),
  // swift 2: Qwen and Llama code of transformers 4.3x, PyTorch 2.1, adapters in fp32 under autocast; it shards with DeepSpeed (--deepspeed zero3).
  'ms-swift': (scenario) => ({
    ...(before(scenario, 3, 0) ? pinned('4.37') : {}),
    ...(scenario.parallelism.zero ? engine : {}),
    // Of a cut sequence swift 3 computes the loss itself (swift/trainers/utils.py per_token_loss_func_sp).
    ...(scenario.parallelism.zero && (scenario.parallelism.context ?? 1) > 1 ? { lossOf: 'ms-swift' } : {}),
    // swift/config/zero2.json: one bucket.
    reduceBuckets: 200_000_000,
    checkpointing: 'full',
    attention: 'flash',
    preparesBase: false,
  }),
  // train.py: pure bf16, adapters in the base's type, output held until the step.
  'fsdp-qlora': () => ({
    copiesGathered: false,
    accumulatesWhole: false,
    ...pinned('4.38'),
    holdsInputGradients: false,
    checkpointing: 'full',
    holdsOutput: true,
    fp32Adapters: false,
    preparesBase: false,
    autocasts: false,
    wrapper: 'fsdp',
  }),
  deepspeed: (scenario) => ({ ...modelling(scenario), ...engine, attention: 'flash' }),
  megatron: () => ({
    attention: 'flash',
    loss: 'fused',
    lossOf: 'megatron',
    fusedNorm: true,
    fusedMlp: true,
    fusedProjection: true,
    pythonActivations: false,
    wrapper: 'megatron',
    preparesBase: false,
    autocasts: false,
    masterWeights: true,
    fp32Gradients: true,
    gradientBuffers: true,
    sequenceParallel: true,
  }),
}

export function trainingDefaults(scenario: Scenario): TrainingDefaults {
  const defaults = { ...trainer, ...byRuntime[scenario.runtime]?.(scenario) }
  const prepared = scenario.task === 'qlora' && (scenario.lora.prepared ?? defaults.preparesBase)
  // What makes the base fp32 switches checkpointing on too: use_gradient_checkpointing=True (peft/utils/other.py).
  return prepared && defaults.checkpointing === 'none' ? { ...defaults, checkpointing: 'full' } : defaults
}
