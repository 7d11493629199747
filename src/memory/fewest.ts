/** How many GPUs a load needs at least. */
import { ScenarioError } from '../scenario/parse.ts'
import type { Resolved } from '../scenario/resolve.ts'
import { rank } from './estimate.ts'
import { structureOf } from './structure.ts'

/** Every number up to a node of 8, whole nodes beyond, up to 128 of them. */
const counts = [...Array.from({ length: 8 }, (_, i) => i + 1), ...Array.from({ length: 127 }, (_, i) => 8 * (i + 2))]

/**
 * The fewest GPUs with which the scenario is not out of memory, null when 1024 are not enough. Degrees that were said for another number of
 * GPUs are left to the runtime; numbers over which the model cannot be laid out are passed over.
 */
export function fewestGpus(resolved: Resolved): number | null {
  return counts.find((count) => fits(withCount(resolved, count))) ?? null
}

function withCount(resolved: Resolved, count: number): Resolved {
  const { scenario } = resolved
  const parallelism = { ...scenario.parallelism, tensor: null, pipeline: null, data: null }
  return { ...resolved, scenario: { ...scenario, hardware: { ...scenario.hardware, count }, parallelism } }
}

function fits(resolved: Resolved): boolean {
  try {
    const { ranks, worst, value } = rank(resolved)
    const { total, capacity } = structureOf(ranks[worst].flags).outputs
    return value(total) <= value(capacity)
  } catch (error) {
    if (error instanceof ScenarioError) return false
    throw error
  }
}
