/** From names to things: a scenario with its architecture and GPU at hand. */
import { findGpu, ownGpu } from '../hardware/find-gpu.ts'
import type { Gpu } from '../hardware/gpu.ts'
import type { Architecture } from '../model/architecture.ts'
import { type FieldError, ScenarioError } from './parse.ts'
import type { Scenario } from './schema.ts'

export interface Resolved {
  scenario: Scenario
  architecture: Architecture
  gpu: Gpu
}

/** The catalogue's look-up of names and configs, given to callees so that a page needs neither catalogue nor importers to begin with. */
export type ArchitectureOf = (model: Scenario['model']) => Architecture

/**
 * Looks up model and GPU.
 * @throws ScenarioError naming `model`, `hardware.gpu` or both, with the nearest matches
 */
export function resolve(scenario: Scenario, architectureOf: ArchitectureOf): Resolved {
  const { model, hardware } = scenario
  const refused: FieldError[] = []
  const architecture = named(refused, 'model', model, architectureOf)
  const gpu = named(refused, 'hardware.gpu', hardware.gpu, (name) =>
    typeof name === 'string' ? findGpu(name) : ownGpu(name),
  )
  if (!architecture || !gpu) throw new ScenarioError(refused)
  return { scenario, architecture, gpu }
}

/** Look-ups and importers throw their own errors; a caller of scenarios sees one kind, with the field in it. */
function named<V, T>(refused: FieldError[], field: string, value: V, look: (value: V) => T): T | null {
  try {
    return look(value)
  } catch (error) {
    if (!(error instanceof Error) || error instanceof ScenarioError) throw error
    const message = error.message.startsWith(field) ? error.message : `${field}: ${error.message}`
    refused.push({ field, value, message })
    return null
  }
}
