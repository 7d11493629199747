/**
 * From a resolved scenario to what the formulas need: the flags that fix their structure and a value for every quantity.
 * The only place where words such as "vllm" or "bf16" become numbers; no byte is computed here.
 */

import type { Inputs } from '../formula/expression.ts'
import { capacityBytes } from '../hardware/gpu.ts'
import type { Architecture } from '../model/architecture.ts'
import type { Resolved } from '../scenario/resolve.ts'
import { limits } from '../scenario/schema.ts'
import { GB } from '../units.ts'
import { type Layout, layoutOf } from './layout.ts'
import { marginOf } from './margins.ts'
import { remember } from './memo.ts'
import { cacheScheme, type WeightScheme, weightScheme } from './precision/index.ts'
import { layerRows, type Row, tensorRows, tensorsOfStage } from './rows.ts'
import { communicatorBytes, contextBytes, servingDefaults, workspaceBytes } from './runtimes.ts'
import { adapterParameters } from './training/adapters.ts'
import { trainingInputs } from './training/lower.ts'

export interface Lowered {
  flags: ReadonlySet<string>
  inputs: Inputs
}

const typeBytes = { fp32: 4, tf32: 4, fp16: 2, bf16: 2 } as const

/** The weight scheme of a scenario. @throws ScenarioError for an unknown precision */
export function schemeOf({ scenario, architecture }: Resolved): WeightScheme {
  const { precision, runtime, runtimeVersion, task } = scenario
  // QLoRA's own type: 4-bit NormalFloat with double quantisation (arXiv:2305.14314 §3).
  const weights = precision.weights ?? (task === 'qlora' ? 'nf4-dq' : null)
  const { compute, groupSize } = precision
  const key = [weights, runtime, runtimeVersion, task, compute, groupSize].join('|')
  return schemes(architecture, key, () =>
    weightScheme(weights, { architecture, runtime, runtimeVersion, task, compute, groupSize }),
  )
}

const schemes = remember<Architecture, WeightScheme>()

/**
 * Values for the rank of pipeline stage `stage`.
 * @throws ScenarioError for impossible layouts and unknown precisions
 */
export function lower(resolved: Resolved, layout: Layout, stage: number): Lowered {
  const { scenario } = resolved
  const scheme = schemeOf(resolved)
  const flags = new Set<string>()
  const given =
    scenario.runtime === 'guide' ? guideInputs : scenario.task === 'inference' ? inferenceInputs : trainingInputs
  const { values, lists } = given(resolved, layout, stage, scheme, flags)
  return { flags, inputs: { values: assign(values, common(resolved, layout)), lists } }
}

/** A rank for every pipeline stage, for callers that want the most loaded one. */
export function lowerAll(resolved: Resolved): { layout: Layout; ranks: Lowered[] } {
  const layout = layoutOf(resolved)
  return { layout, ranks: layout.stages.map((_, stage) => lower(resolved, layout, stage)) }
}

/** Adds values one by one: spreading many properties into a new object costs more than all the formulas of a slice. */
function assign(values: Record<string, number>, more: Record<string, number>): Record<string, number> {
  for (const name in more) values[name] = more[name]
  return values
}

function common({ scenario, architecture, gpu }: Resolved, layout: Layout): Record<string, number> {
  return {
    tensor_parallel: layout.tensor,
    expert_shards: layout.expertShards,
    hidden_size: architecture.hiddenSize,
    vocab_size: architecture.vocabSize,
    compute_bytes: typeBytes[scenario.precision.compute],
    device_bytes: capacityBytes(gpu),
    margin: marginOf(scenario.runtime, scenario.task),
  }
}

function cacheInputs({ scenario }: Resolved): Record<string, number> {
  const { key, value } = cacheScheme(scenario.precision.kvCache, scenario.precision.compute)
  return {
    key_bytes_numerator: key.bytes,
    key_bytes_denominator: key.per,
    value_bytes_numerator: value.bytes,
    value_bytes_denominator: value.per,
    // Recurrent states are fp32 in every runtime looked at, convolution windows have the compute type.
    state_bytes: 4,
    conv_bytes: typeBytes[scenario.precision.compute],
  }
}

function inferenceInputs(
  resolved: Resolved,
  layout: Layout,
  stage: number,
  scheme: WeightScheme,
  flags: Set<string>,
): Inputs {
  const { scenario, architecture, gpu } = resolved
  const { serving, runtime } = scenario
  const defaults = servingDefaults(runtime)
  if (defaults.pool) flags.add('pool')
  if (defaults.batched) flags.add('batched tokens')
  if ((serving.attention ?? defaults.attention) === 'eager') flags.add('eager attention')
  if ((serving.logits ?? versioned(resolved, defaults.logits)) === 'all') flags.add('all logits')
  const ranks = layout.tensor * layout.pipeline * layout.data * layout.context
  return {
    values: assign(cacheInputs(resolved), {
      prompt: serving.promptTokens ?? limits.sequence,
      block_size: serving.blockSize ?? defaults.blockSize,
      window_extra: defaults.windowExtra ?? 0,
      cache_copies: olderThan(resolved, 4, 36) ? 2 : 1,
      max_num_batched_tokens: serving.maxBatchedTokens ?? defaults.maxBatchedTokens(gpu),
      max_num_seqs: serving.maxSequences ?? defaults.maxSequences(gpu),
      sampler_bytes: defaults.samplerBytes,
      graph_bytes: serving.cudaGraphs === false ? 0 : defaults.graphBytes,
      gpu_memory_utilization: Math.round(serving.gpuMemoryUtilization * 1000),
      context_bytes: Math.round(defaults.nonTorchBytes ?? contextBytes(gpu)),
      workspace_bytes: defaults.pool ? 0 : workspaceBytes(gpu),
      communicator_bytes: defaults.split === 'layers' && layout.tensor === 1 ? 0 : communicatorBytes(gpu, ranks),
    }),
    lists: {
      ...rowsOfStage(architecture, layout, stage, scheme),
      ...layersOfModel(architecture, `${stage}/${layout.pipeline} ${defaults.windowExtra !== null}`, () =>
        layerRows(architecture, layout, stage, defaults.windowExtra !== null),
      ),
    },
  }
}

/** Rows depend on model, scheme and stage alone, and are shared by the slices that have them in common; nobody may change them. */
function rowsOfStage(architecture: Architecture, layout: Layout, stage: number, scheme: WeightScheme) {
  return tensorsOfScheme(scheme, `${stage}/${layout.pipeline}`, () =>
    tensorRows(architecture, tensorsOfStage(architecture, layout, stage, scheme.uniform), scheme),
  )
}

const tensorsOfScheme = remember<WeightScheme, Record<string, Row[]>>()
const layersOfModel = remember<Architecture, Record<string, Row[]>>()

/** `transformers` before 4.45 computed logits of the whole prompt. */
function versioned(resolved: Resolved, usual: 'last' | 'all'): 'last' | 'all' {
  return olderThan(resolved, 4, 45) ? 'all' : usual
}

function olderThan({ scenario }: Resolved, major: number, minor: number): boolean {
  if (scenario.runtime !== 'transformers' || scenario.runtimeVersion === null) return false
  const [a = 0, b = 0] = scenario.runtimeVersion.split('.').map((part) => Number.parseInt(part, 10) || 0)
  return a < major || (a === major && b < minor)
}

/** The article's rule sees one model, cut evenly over all GPUs. */
function guideInputs(
  resolved: Resolved,
  _layout: Layout,
  _stage: number,
  scheme: WeightScheme,
  flags: Set<string>,
): Inputs {
  const { scenario, architecture } = resolved
  const { guide, task, precision, hardware } = scenario
  const whole: Layout = {
    tensor: 1,
    pipeline: 1,
    data: 1,
    context: 1,
    expert: 1,
    expertShards: 1,
    zero: 0,
    shards: 1,
    stages: [{ from: 0, to: architecture.order.length }],
  }
  flags.add('guide')
  if (task !== 'inference') flags.add('training')
  if (task === 'lora' || task === 'qlora') flags.add('adapters')
  if (guide.activationsGB !== null) flags.add('given activations')
  const rows = rowsOfStage(architecture, whole, 0, scheme)
  const expertRows = rows.expert_tensors.map((row) => ({
    elements: row.expert_elements,
    parts: 1,
    bytes_numerator: row.expert_bytes_numerator,
    bytes_denominator: row.expert_bytes_denominator,
  }))
  return {
    values: {
      ...cacheInputs(resolved),
      gpus: hardware.count,
      block_size: 1,
      window_extra: 0,
      activation_factor: guide.activationFactor,
      given_activation_bytes: Math.round((guide.activationsGB ?? 0) * GB),
      guide_overhead_bytes: Math.round(guide.overheadGB * GB),
      guide_overhead_per_gpu: Math.round(guide.perGpuOverheadGB * GB * (hardware.count - 1)),
      guide_efficiency: Math.round(guide.efficiency * 1000),
      guide_gradient_bytes: typeBytes[precision.gradients ?? precision.compute],
      guide_adapter_bytes: typeBytes[precision.compute],
      guide_adapter_parameters: flags.has('adapters') ? adapterParameters(architecture, scenario.lora) : 0,
    },
    lists: {
      tensors: [...rows.tensors, ...expertRows],
      expert_tensors: [],
      ...layerRows(architecture, whole, 0, false),
    },
  }
}
