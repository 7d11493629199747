/** From names to things: a scenario with its architecture and GPU at hand. */
import { findGpu, ownGpu } from '../hardware/find-gpu.ts'
import type { Gpu } from '../hardware/gpu.ts'
import type { Architecture } from '../model/architecture.ts'
import { ScenarioError } from './parse.ts'
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
 * @throws ScenarioError naming `model` or `hardware.gpu`, with the nearest matches
 */
export function resolve(scenario: Scenario, architectureOf: ArchitectureOf): Resolved {
  return {
    scenario,
    architecture: named('model', scenario.model, () => architectureOf(scenario.model)),
    gpu: named('hardware.gpu', scenario.hardware.gpu, () =>
      typeof scenario.hardware.gpu === 'string' ? findGpu(scenario.hardware.gpu) : ownGpu(scenario.hardware.gpu),
    ),
  }
}

/** Look-ups and importers throw their own errors; a caller of scenarios sees one kind, with the field in it. */
function named<T>(field: string, value: unknown, look: () => T): T {
  try {
    return look()
  } catch (error) {
    if (!(error instanceof Error) || error instanceof ScenarioError) throw error
    const message = error.message.startsWith(field) ? error.message : `${field}: ${error.message}`
    throw new ScenarioError([{ field, value, message }])
  }
}
