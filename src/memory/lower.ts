/**
 * From a resolved scenario to what the formulas need: the flags that fix their structure and a value for every quantity.
 * The only place where words such as "vllm" or "bf16" become numbers; no byte is computed here.
 */

import type { Inputs } from '../formula/expression.ts'
import { capacityBytes } from '../hardware/gpu.ts'
import type { Architecture } from '../model/architecture.ts'
import type { Resolved } from '../scenario/resolve.ts'
import { GB } from '../units.ts'
import { cacheInputs, inferenceInputs } from './inference/lower.ts'
import { type Layout, layoutOf } from './layout.ts'
import { marginOf } from './margins.ts'
import { remember } from './memo.ts'
import { type WeightScheme, weightScheme } from './precision/index.ts'
import { layerRows, type Row, tensorRows, tensorsOfStage } from './rows.ts'
import { trainingPart } from './training-part.ts'
import { usualWeights } from './usual-weights.ts'

export interface Lowered {
  flags: ReadonlySet<string>
  inputs: Inputs
}

const typeBytes = { fp32: 4, tf32: 4, fp16: 2, bf16: 2 } as const

/** The weight scheme of a scenario. @throws ScenarioError for an unknown precision */
export function schemeOf({ scenario, architecture }: Resolved): WeightScheme {
  const { precision, runtime, runtimeVersion, task } = scenario
  const weights = precision.weights ?? usualWeights(scenario, architecture)
  const { compute, groupSize } = precision
  const key = [weights, runtime, runtimeVersion, task, compute, groupSize].join('|')
  return schemes(architecture, key, () =>
    weightScheme(weights, { architecture, runtime, runtimeVersion, task, compute, groupSize }),
  )
}

const schemes = remember<Architecture, WeightScheme>()

/**
 * Values for the rank of pipeline stage `stage`.
 * @throws ScenarioError for impossible layouts and unknown precisions; TrainingNeeded
 */
export function lower(resolved: Resolved, layout: Layout, stage: number): Lowered {
  const { scenario } = resolved
  const scheme = schemeOf(resolved)
  const flags = new Set<string>()
  if (scenario.task === 'inference' && compresses(resolved.architecture)) flags.add('compressed cache')
  const given =
    scenario.runtime === 'guide' ? guideInputs : scenario.task === 'inference' ? inferenceInputs : trainingPart().inputs
  const { values, lists } = given(resolved, layout, stage, scheme, flags)
  return { flags, inputs: { values: assign(values, common(resolved, layout)), lists } }
}

const compresses = ({ kinds }: Architecture) =>
  kinds.some(({ mixers }) => mixers.some(({ kind }) => kind === 'compressed'))

/** A rank for every pipeline stage, for callers that want the fullest one. */
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
    margin: marginOf(scenario).above,
  }
}

/** Rows depend on model, scheme and stage alone, and are shared by the slices that have them in common; nobody may change them. */
function rowsOfStage(architecture: Architecture, layout: Layout, stage: number, scheme: WeightScheme) {
  return tensorsOfScheme(scheme, `${stage}/${layout.pipeline}`, () =>
    tensorRows(architecture, tensorsOfStage(architecture, layout, stage, scheme.uniform), scheme),
  )
}

const tensorsOfScheme = remember<WeightScheme, Record<string, Row[]>>()

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
      guide_adapter_parameters: flags.has('adapters')
        ? trainingPart().adapterParameters(architecture, scenario.lora)
        : 0,
    },
    lists: {
      tensors: [...rows.tensors, ...expertRows],
      expert_tensors: [],
      ...layerRows(architecture, whole, 0, { sliding: false, latent: 'latent' }),
    },
  }
}
