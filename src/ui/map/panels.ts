/** What panels of the map may differ in: one field, or two as columns and rows; the values worth a comparison, and how a panel is called. */
import { layoutOf } from '../../memory/layout.ts'
import { trainingPart } from '../../memory/training-part.ts'
import { resolve } from '../../scenario/resolve.ts'
import { checkpointing, losses, type Scenario, type ScenarioInput } from '../../scenario/schema.ts'
import type { AxisValue } from '../../sweep/axis.ts'
import { cacheOptions, runtimeNames, runtimesFor, weightOptions } from '../options.ts'
import { isTraining, type PanelField } from '../state/document.ts'
import { architectureOf } from '../state/models.ts'
import { cacheName, gpuName, weightsName } from '../words.ts'

export const panelNames: Record<PanelField, string> = {
  'precision.weights': 'Weights',
  'precision.kvCache': 'KV cache',
  'training.checkpointing': 'Checkpointing',
  'hardware.count': 'GPU count',
  'hardware.gpu': 'GPUs',
  'training.optimizer': 'Optimizer',
  'training.loss': 'Loss',
  'parallelism.zero': 'ZeRO stage',
  runtime: 'Runtime',
}

/** The fields that tell something about a task, those most asked for first. */
export function panelFieldsFor(input: ScenarioInput): PanelField[] {
  const other = isTraining(input) ? ['precision.kvCache'] : ['training.', 'parallelism.zero']
  return (Object.keys(panelNames) as PanelField[]).filter((field) => !other.some((start) => field.startsWith(start)))
}

/** The values worth a comparison, the usual first; the scenario's own is always among them. */
export function panelValues(field: string, scenario: Scenario): AxisValue[] {
  const { precision, hardware, runtime, task, training } = scenario
  const own = (values: readonly AxisValue[], present: AxisValue) =>
    values.includes(present) ? [...values] : [present, ...values].slice(0, 6)
  switch (field) {
    case 'precision.weights': {
      if (runtime === 'llama.cpp') return own(['q8_0', 'q6_k', 'q4_k_m', 'q3_k_m'], precision.weights)
      if (runtime === 'guide') return own([null, 'fp32', 'int8', 'int4'], precision.weights)
      if (task === 'qlora') return own([null, 'nf4', 'int8'], precision.weights)
      if (task !== 'inference') return own(['fp32', 'bf16'], precision.weights)
      return own(runtime === 'transformers' ? [null, 'int8', 'nf4'] : [null, 'fp8', 'awq-int4'], precision.weights)
    }
    case 'precision.kvCache': {
      const usual = cacheOptions(scenario).slice(0, 4)
      return own(
        usual.map(({ value }) => value || null),
        precision.kvCache,
      )
    }
    case 'training.checkpointing':
      return own(checkpointing.slice(0, 3), ownValue(field, scenario))
    case 'training.optimizer':
      return own(['adamw', 'adamw-8bit', 'adafactor', 'lion'], training.optimizer)
    case 'training.loss':
      return own(losses, ownValue(field, scenario))
    case 'parallelism.zero':
      return own([0, 1, 2, 3], ownValue(field, scenario))
    case 'runtime':
      return own(runtimesFor(task).slice(0, 6), runtime)
    case 'hardware.count':
      return own([1, 2, 4, 8], hardware.count)
    case 'hardware.gpu': {
      const common = ['RTX-4090', 'L40S', 'A100-SXM-80GB', 'H100-SXM-80GB', 'H200', 'MI300X']
      return typeof hardware.gpu === 'string' ? own(common, hardware.gpu) : common
    }
    default:
      return []
  }
}

/** The scenario's value of a field; where it leaves the choice to its runtime, what that comes to. */
export function ownValue(field: PanelField, scenario: Scenario): AxisValue {
  const { training, parallelism } = scenario
  if (field === 'training.checkpointing')
    return training.checkpointing ?? trainingPart().defaults(scenario).checkpointing
  if (field === 'training.loss')
    return training.fusedLoss ? 'fused' : (training.loss ?? trainingPart().defaults(scenario).loss)
  if (field === 'parallelism.zero') return parallelism.zero ?? layoutOf(resolve(scenario, architectureOf)).zero
  return field.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], scenario) as AxisValue
}

/** The axes of the panels, rows before columns. */
export const panelAxes = (by: readonly PanelField[], scenario: Scenario) =>
  [...by].reverse().map((field) => ({ field, values: panelValues(field, scenario) }))

/** What a panel is called among others that differ in a field. */
export function panelLabel(field: PanelField, value: AxisValue, scenario: Scenario): string {
  switch (field) {
    case 'hardware.count':
      return value === 1 ? '1 GPU' : `${value} GPUs`
    case 'hardware.gpu':
      return gpuName(String(value))
    case 'runtime':
      return runtimeNames[value as Scenario['runtime']]
    case 'parallelism.zero':
      return value === 0 ? 'No ZeRO' : `ZeRO ${value}`
    case 'precision.weights':
    case 'precision.kvCache':
      return precisionLabel(field, value, scenario)
    default:
      return `${panelNames[field]} ${value}`
  }
}

function precisionLabel(field: PanelField, value: AxisValue, scenario: Scenario): string {
  const weights = field === 'precision.weights'
  const options = weights ? weightOptions(scenario) : cacheOptions(scenario)
  const known = options.find((option) => option.value === (value ?? ''))?.label ?? String(value)
  const auto = { ...scenario, precision: { ...scenario.precision, [weights ? 'weights' : 'kvCache']: null } }
  const name = value === null ? (weights ? weightsName : cacheName)(resolve(auto, architectureOf)) : known
  return `${panelNames[field]} in ${name}`
}
