/** Every field of the scenario beyond the everyday ones: how it is called, what it takes, and where it matters. */
import {
  attentionKernels,
  checkpointing,
  limits,
  losses,
  offloadable,
  optimizers,
  type Scenario,
  tasks,
  usualRuntime,
} from '../../scenario/schema.ts'
import { abouts } from './abouts.ts'

export interface FieldControl {
  path: string
  label: string
  about: string
  kind:
    | { type: 'count'; min: number; max: number }
    | { type: 'number'; min: number; max: number }
    | { type: 'choice'; options: readonly string[] }
    | { type: 'flag' }
    | { type: 'list'; options?: readonly string[] }
    | { type: 'text' }
  /** What holds when nothing is said; null: the runtime decides. */
  usual: unknown
}

export interface FieldGroup {
  name: string
  fields: readonly FieldControl[]
}

type Kind = FieldControl['kind']
const field = (path: string, label: string, kind: Kind, usual: unknown = null): FieldControl => ({
  path,
  label,
  about: abouts[path] ?? '',
  kind,
  usual,
})
const count = (max: number, min = 1): Kind => ({ type: 'count', min, max })
const number = (max: number, min = 0): Kind => ({ type: 'number', min, max })
const choice = (options: readonly string[]): Kind => ({ type: 'choice', options })
const flag: Kind = { type: 'flag' }

const hardware = field('hardware.count', 'GPUs', count(limits.gpus), 1)
const version = field('runtimeVersion', 'Runtime version', { type: 'text' }, null)

const degrees = [
  field('parallelism.tensor', 'Tensor parallel', count(limits.gpus)),
  field('parallelism.pipeline', 'Pipeline parallel', count(limits.gpus)),
  field('parallelism.data', 'Data parallel', count(limits.gpus)),
  field('parallelism.expert', 'Expert parallel', count(limits.gpus)),
  field('parallelism.context', 'Context parallel', count(limits.gpus)),
]

const serving: FieldGroup = {
  name: 'Serving',
  fields: [
    field('serving.gpuMemoryUtilization', 'Share of GPU memory', number(1, 0.01), null),
    field('serving.maxBatchedTokens', 'Tokens in flight', count(limits.sequence), null),
    field('serving.maxSequences', 'Sequences in flight', count(limits.batch)),
    field('serving.promptTokens', 'Prompt tokens', count(limits.sequence), null),
    field('serving.blockSize', 'Cache block size', count(4096)),
    field('serving.attention', 'Attention', choice(attentionKernels)),
    field('serving.logits', 'Logits of', choice(['last', 'all'])),
    field('serving.cudaGraphs', 'CUDA graphs', flag),
    field('serving.slidingCache', 'Windows cached only', flag, null),
    field('serving.latentCache', 'MLA cache', choice(['latent', 'unpacked', 'transposed', 'expanded'])),
    field('serving.gpuLayers', 'Layers on the GPU', count(10_000, 0), null),
    field('serving.overheadMiB', 'Overhead, MiB', number(limits.memoryMiB), null),
  ],
}

const training: FieldGroup = {
  name: 'Training',
  fields: [
    field('training.optimizer', 'Optimizer', choice(optimizers), 'adamw'),
    field('training.checkpointing', 'Checkpointing', choice(checkpointing)),
    field('training.checkpointEvery', 'Layers per checkpoint', count(1024), 1),
    field('training.loss', 'Loss', choice(losses)),
    field('training.fusedLoss', 'Fused loss', flag, null),
    field('training.attention', 'Attention', choice(attentionKernels)),
    field('training.masterWeights', 'fp32 master weights', flag),
    field('training.autocast', 'Autocast', flag, null),
    field('training.gradientAccumulation', 'Gradient accumulation', count(65_536), 1),
    field('training.foreach', 'Foreach optimizer', flag),
    field('training.offload', 'Offload', { type: 'list', options: offloadable }, []),
    field('training.compile', 'torch.compile', flag),
    field('training.optimizerInBackward', 'Optimizer in backward', flag, false),
    field('training.reference', 'Reference model', flag, false),
    field('training.dropout', 'Dropout', number(1)),
    field('training.packing', 'One length', flag, true),
    field('precision.gradients', 'Gradients in', choice(['fp32', 'fp16', 'bf16'])),
    field('precision.optimizer', 'Optimizer states in', choice(['fp32', 'bf16'])),
  ],
}

const sharding = [
  field('parallelism.zero', 'ZeRO stage', count(3, 0), null),
  field('parallelism.shard', 'Shard group', count(limits.gpus)),
  field('parallelism.sequenceParallel', 'Sequence parallel', flag),
  field('parallelism.microBatches', 'Micro-batches', count(65_536)),
  field('parallelism.interleave', 'Interleaved stages', count(64), 1),
]

const lora: FieldGroup = {
  name: 'LoRA',
  fields: [
    field('lora.rank', 'Rank', count(4096), 8),
    field('lora.alpha', 'Alpha', number(65_536), 16),
    field('lora.targets', 'Target modules', { type: 'list' }, ['q_proj', 'v_proj']),
    field('lora.dropout', 'Dropout', number(1), 0),
    field('lora.dora', 'DoRA', flag, false),
    field('lora.rslora', 'rsLoRA', flag, false),
    field('lora.modulesToSave', 'Trained in full', { type: 'list' }, []),
    field('lora.prepared', 'Base prepared', flag, null),
    field('lora.precision', 'Adapters in', choice(['fp32', 'bf16', 'fp16'])),
  ],
}

const guide: FieldGroup = {
  name: 'Rule of thumb',
  fields: [
    field('guide.activationFactor', 'Activation factor', count(1000), 20),
    field('guide.activationsGB', 'Activations, GB', number(1e6)),
    field('guide.overheadGB', 'Overhead, GB', number(1000), 1.5),
    field('guide.perGpuOverheadGB', 'Overhead per further GPU, GB', number(1000), 0.5),
    field('guide.efficiency', 'Speed of a further GPU', number(1), 0.85),
  ],
}

/** Every field, wherever it matters. */
export const allFields: readonly FieldControl[] = tasks.flatMap((task) =>
  (['guide', usualRuntime(task)] as const).flatMap((runtime) =>
    fieldGroups({ task, runtime }).flatMap(({ fields }) => fields),
  ),
)

/** The groups that matter to a task and runtime, in the order they are shown. */
export function fieldGroups({ task, runtime }: Pick<Scenario, 'task' | 'runtime'>): FieldGroup[] {
  const adapters = task === 'lora' || task === 'qlora' ? [lora] : []
  const precision = [
    ...(task === 'inference'
      ? [field('precision.compute', 'Compute', choice(['bf16', 'fp16', 'fp32', 'tf32']), 'bf16')]
      : []),
    field('precision.groupSize', 'Quantisation group', count(4096, 16)),
  ]
  if (runtime === 'guide')
    return [{ name: 'Hardware', fields: [hardware] }, guide, { name: 'Precision', fields: precision }, ...adapters]
  const inference = task === 'inference'
  return [
    { name: 'GPUs and parallelism', fields: [hardware, ...degrees, ...(inference ? [] : sharding)] },
    inference ? serving : training,
    ...adapters,
    { name: 'Precision and version', fields: [...precision, version] },
  ]
}
