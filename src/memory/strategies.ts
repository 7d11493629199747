/**
 * What lets a training run have less on each GPU and learn the same: states shared out, activations recomputed, a loss without whole logits. In
 * the order in which a trainer would turn to them.
 */
import type { Resolved } from '../scenario/resolve.ts'
import { mostTogether } from '../scenario/support.ts'
import { trainingPart } from './training-part.ts'

export interface Strategy {
  name: string
  path: 'parallelism.zero' | 'training.checkpointing' | 'training.loss'
  value: number | string
}

export const sharing: Strategy = { name: 'ZeRO 3', path: 'parallelism.zero', value: 3 }
export const recomputing: Strategy = { name: 'checkpointing', path: 'training.checkpointing', value: 'full' }
export const fusing: Strategy = { name: 'fused loss', path: 'training.loss', value: 'fused' }

/** Whether a strategy would change the scenario. The article's rule knows none. */
export function changesWith({ scenario }: Resolved, { path }: Strategy): boolean {
  const { task, runtime, training, parallelism } = scenario
  if (task === 'inference' || runtime === 'guide') return false
  const defaults = trainingPart().defaults(scenario)
  // Nobody shards with Unsloth: it trains on one GPU, or replicates.
  if (path === 'parallelism.zero') return parallelism.zero !== 3 && runtime !== 'unsloth'
  if (path === 'training.loss') return !training.fusedLoss && (training.loss ?? defaults.loss) !== 'fused'
  const recomputed = training.checkpointing ?? defaults.checkpointing
  return recomputed === 'none' || recomputed === 'selective'
}

/** None, then ever more of them at once. */
export function tiers(resolved: Resolved): readonly Strategy[][] {
  const alone = mostTogether(resolved.scenario.runtime, resolved.gpu) === 1
  const useful = [sharing, recomputing, fusing].filter(
    (strategy) => changesWith(resolved, strategy) && !(alone && strategy === sharing),
  )
  return [[], ...useful.map((_, i) => useful.slice(0, i + 1))]
}

/** The scenario with strategies; over one GPU nothing is shared. */
export function withStrategies(resolved: Resolved, strategies: readonly Strategy[]): Resolved {
  const { scenario } = resolved
  const { parallelism, training } = scenario
  const chosen = Object.fromEntries(
    strategies
      .filter((strategy) => strategy !== sharing || scenario.hardware.count > 1)
      .map(({ path, value }) => [path.split('.')[1], value]),
  )
  const { zero = parallelism.zero, ...rest } = chosen
  return {
    ...resolved,
    scenario: {
      ...scenario,
      parallelism: { ...parallelism, zero: zero as typeof parallelism.zero },
      training: { ...training, ...rest },
    },
  }
}
