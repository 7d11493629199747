/** Who holds what: parallel degrees from what was said and what the runtime would do, impossible layouts refused with the reason. */
import { type Attention, layersPerKind } from '../model/architecture.ts'
import { refuse } from '../scenario/parse.ts'
import type { Resolved } from '../scenario/resolve.ts'
import { servingDefaults } from './inference/runtimes.ts'

export interface Layout {
  tensor: number
  pipeline: number
  data: number
  context: number
  /** Expert-parallel degree, 1 where experts are cut like every other tensor. */
  expert: number
  /** GPUs that share a layer's routed experts. */
  expertShards: number
  /** ZeRO stage and the GPUs it shards over. */
  zero: 0 | 1 | 2 | 3
  shards: number
  /** Layers of each stage, as half-open ranges of `architecture.order`. */
  stages: { from: number; to: number }[]
}

/**
 * @throws ScenarioError when degrees do not multiply to the GPU count or do not divide what they cut
 */
export function layoutOf(resolved: Resolved): Layout {
  const { scenario, architecture } = resolved
  const { parallelism: given, task, runtime } = scenario
  const { count } = scenario.hardware
  const inference = task === 'inference'
  const degrees = {
    tensor: given.tensor ?? 1,
    pipeline: given.pipeline ?? 1,
    data: given.data ?? 1,
    context: given.context ?? 1,
  }
  const said = degrees.tensor * degrees.pipeline * degrees.data * degrees.context
  if (count % said !== 0) {
    throw refuse(
      'hardware.count',
      count,
      `is not a multiple of tensor × pipeline × data × context = ${said}; give a multiple or leave a degree out`,
    )
  }
  const usual = inference ? (servingDefaults(resolved).split === 'tensor' ? 'tensor' : 'pipeline') : 'data'
  const free = given[usual] === null ? usual : given.data === null ? 'data' : null
  if (free) degrees[free] *= count / said
  else if (said !== count) {
    throw refuse(
      'hardware.count',
      count,
      `differs from tensor × pipeline × data × context = ${said}; they must be equal`,
    )
  }
  const { tensor, pipeline, data, context } = degrees
  checkTensor(tensor, architecture)
  const layersTotal = architecture.order.length
  if (pipeline > layersTotal) {
    throw refuse(
      'parallelism.pipeline',
      pipeline,
      `is more than the model's ${layersTotal} layers; use at most that many`,
    )
  }
  const experts = Math.max(
    0,
    ...architecture.kinds.flatMap((k) => k.feedForwards.map((f) => (f.kind === 'moe' ? f.experts : 0))),
  )
  const expert = given.expert ?? 1
  if (expert > 1 && (experts === 0 || experts % expert !== 0)) {
    const have = experts === 0 ? 'the model has no experts' : `${experts} experts do not divide evenly`
    throw refuse('parallelism.expert', expert, `is impossible: ${have}; use 1 or a divisor`)
  }
  if (expert > 1 && (tensor * data * context) % expert !== 0) {
    throw refuse(
      'parallelism.expert',
      expert,
      `does not divide tensor × data × context = ${tensor * data * context}; use a divisor`,
    )
  }
  const group = data * context
  const shards = given.shard ?? group
  if (group % shards !== 0)
    throw refuse('parallelism.shard', shards, `does not divide the data-parallel group of ${group}; use a divisor`)
  return {
    ...degrees,
    expert,
    expertShards: inference ? Math.max(expert, tensor) : Math.min(tensor * expert, tensor * group),
    zero: given.zero === null ? defaultZero(runtime) : (given.zero as Layout['zero']),
    shards,
    stages: stagesOf(layersTotal, pipeline),
  }
}

/** GPUs over which data parallelism may share states: what tensor and pipeline leave, or the group that was said. */
export const sharingGroup = ({ parallelism, hardware }: Resolved['scenario']): number =>
  parallelism.shard ?? hardware.count / ((parallelism.tensor ?? 1) * (parallelism.pipeline ?? 1))

const defaultZero = (runtime: string): Layout['zero'] =>
  runtime === 'torchtitan' || runtime === 'fsdp-qlora' ? 3 : runtime === 'deepspeed' ? 2 : 0

function checkTensor(tensor: number, architecture: Resolved['architecture']): void {
  if (tensor === 1) return
  for (const kind of architecture.kinds) {
    for (const mixer of kind.mixers) {
      if (mixer.heads > 0 && mixer.heads % tensor !== 0) {
        throw refuse(
          'parallelism.tensor',
          tensor,
          `does not divide the model's ${mixer.heads} attention heads; use a divisor of ${mixer.heads}`,
        )
      }
      const kv = (mixer as Attention).kvHeads
      if (mixer.kind === 'attention' && kv % tensor !== 0 && tensor % kv !== 0) {
        throw refuse(
          'parallelism.tensor',
          tensor,
          `neither divides nor is divided by the model's ${kv} key/value heads`,
        )
      }
    }
  }
}

/** Even split; left-over layers go to the stages before the last, as vLLM's get_pp_indices does, because the last also holds the head. */
function stagesOf(layersTotal: number, pipeline: number): { from: number; to: number }[] {
  const sizes = Array.from({ length: pipeline }, () => Math.floor(layersTotal / pipeline))
  for (let left = layersTotal % pipeline, i = pipeline - 2; left > 0; left--, i = i > 0 ? i - 1 : pipeline - 1)
    sizes[Math.max(0, i)]++
  let from = 0
  return sizes.map((size) => ({ from, to: (from += size) }))
}

/** Layers of each kind in a stage, aligned with `architecture.kinds`. */
export const layersOfStage = (architecture: Resolved['architecture'], stage: { from: number; to: number }) =>
  layersPerKind({ ...architecture, order: architecture.order.slice(stage.from, stage.to) })
