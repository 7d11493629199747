/**
 * What lets a training run have less on each GPU and learn the same: states shared out, activations recomputed, a loss without whole logits, as many
 * sequences a step but one at a time. In the order in which a trainer would turn to them.
 */
import type { Resolved } from '../scenario/resolve.ts'
import type { Scenario } from '../scenario/schema.ts'
import { trainingPart } from './training-part.ts'

export interface Strategy {
  name: string
  changes: readonly { path: string; value: number | string }[]
}

export const sharing: Strategy = { name: 'ZeRO 3', changes: [{ path: 'parallelism.zero', value: 3 }] }
export const recomputing: Strategy = {
  name: 'checkpointing',
  changes: [{ path: 'training.checkpointing', value: 'full' }],
}
export const fusing: Strategy = { name: 'fused loss', changes: [{ path: 'training.loss', value: 'fused' }] }

/** Fewer sequences at a time: a part of the batch, and so many more steps before the optimizer's. */
export function accumulating({ batch, training }: Scenario, part: number): Strategy {
  const steps = training.gradientAccumulation * (batch / part)
  return {
    name: `batch ${part} accumulated ${steps}×`,
    changes: [
      { path: 'batch', value: part },
      { path: 'training.gradientAccumulation', value: steps },
    ],
  }
}

/** Whether a strategy would change the scenario. The article's rule knows none. */
export function changesWith({ scenario }: Resolved, strategy: Strategy): boolean {
  const { task, runtime, training, parallelism } = scenario
  if (task === 'inference' || runtime === 'guide') return false
  const defaults = trainingPart().defaults(scenario)
  // Nobody shards with Unsloth: it trains on one GPU, or replicates.
  if (strategy === sharing) return parallelism.zero !== 3 && runtime !== 'unsloth'
  if (strategy === fusing) return !training.fusedLoss && (training.loss ?? defaults.loss) !== 'fused'
  const recomputed = training.checkpointing ?? defaults.checkpointing
  return strategy !== recomputing || recomputed === 'none' || recomputed === 'selective'
}

/** Every combination of those that would change something, those of fewest first; none of them is the first. */
export function combinedStrategies(resolved: Resolved): readonly (readonly Strategy[])[] {
  const { scenario } = resolved
  const smaller = scenario.batch > 1 ? [accumulating(scenario, 1)] : []
  const useful = [sharing, recomputing, fusing, ...smaller].filter((strategy) => changesWith(resolved, strategy))
  const all: Strategy[][] = [[]]
  for (const one of useful) all.push(...all.map((set) => [...set, one]))
  return all.sort((a, b) => a.length - b.length)
}

/** Those that do something there: over one GPU nothing is shared. */
export const inForce = ({ scenario }: Resolved, strategies: readonly Strategy[]) =>
  strategies.filter((strategy) => strategy !== sharing || scenario.hardware.count > 1)

/** The scenario with strategies. */
export function withStrategies(resolved: Resolved, strategies: readonly Strategy[]): Resolved {
  const { scenario } = resolved
  const { parallelism, training } = scenario
  const to = (path: string) =>
    inForce(resolved, strategies).flatMap(({ changes }) => changes.filter((c) => c.path === path))
  const last = <T>(path: string, otherwise: T): T => (to(path)[0]?.value as T | undefined) ?? otherwise
  return {
    ...resolved,
    scenario: {
      ...scenario,
      batch: last('batch', scenario.batch),
      parallelism: { ...parallelism, zero: last('parallelism.zero', parallelism.zero) },
      training: {
        ...training,
        checkpointing: last('training.checkpointing', training.checkpointing),
        loss: last('training.loss', training.loss),
        gradientAccumulation: last('training.gradientAccumulation', training.gradientAccumulation),
      },
    },
  }
}
