/**
 * Many GPUs, GPU counts or models at once: for every slice the most that fits, and how the scenario's own cell fares. Slices of one structure go
 * to the engine together, so an atlas of a thousand slices is a handful of calls.
 */
import type { Inputs } from '../formula/expression.ts'
import type { Gpu } from '../hardware/gpu.ts'
import type { Verdict } from '../memory/estimate.ts'
import { fullest } from '../memory/fuller.ts'
import { ScenarioError } from '../scenario/parse.ts'
import type { Resolved } from '../scenario/resolve.ts'
import { limits } from '../scenario/schema.ts'
import type { Evaluator, Structure } from './evaluator.ts'
import { lowered, type Slice } from './plan.ts'

/** What an atlas asks for: the longest sequence at the scenario's batch, or the largest batch at its sequence. */
export type Goal = 'sequence' | 'batch'

export interface AtlasCell {
  /** Tokens or sequences; 0 when not even one fits. */
  most: number
  verdict: Verdict
  /** Bytes of the scenario's own cell on the fullest GPU, and what that GPU has. */
  total: number
  capacity: number
}

/** What an atlas needs of a slice; a `plan` gives it, and so does `slicesOn`, faster. */
export type AtlasSlice = Pick<Slice, 'structure' | 'ranks' | 'refusal'>

/**
 * A scenario on other GPUs and other numbers of them. Degrees said for one number of GPUs hold for no other: there they are left to the runtime;
 * where that is impossible the slice keeps the reason. The scenario is neither parsed nor resolved again, so a thousand slices are quick.
 * @param refuse why a scenario is not to be evaluated, null when it is
 */
export function slicesOn(
  resolved: Resolved,
  places: readonly { gpu: Gpu; count: number }[],
  refuse: (at: Resolved) => string | null = () => null,
): AtlasSlice[] {
  const { scenario, architecture } = resolved
  const free = { ...scenario.parallelism, tensor: null, pipeline: null, data: null }
  return places.map(({ gpu, count }) => {
    try {
      const hardware = { gpu: gpu.id, count }
      const parallelism = count === scenario.hardware.count ? scenario.parallelism : free
      const at = { scenario: { ...scenario, hardware, parallelism }, architecture, gpu }
      const refusal = refuse(at)
      return refusal ? { structure: null, ranks: [], refusal } : { ...lowered(at), refusal: null }
    } catch (error) {
      if (!(error instanceof ScenarioError)) throw error
      return { structure: null, ranks: [], refusal: error.message }
    }
  })
}

/** A slice that exists, and where it stands among those asked for. */
interface Place {
  at: number
  ranks: readonly Inputs[]
}

/** The atlas of some slices, aligned with them; null for one that cannot exist. The tightest pipeline stage decides, as everywhere. */
export async function atlas(
  slices: readonly AtlasSlice[],
  own: { batch: number; sequence: number },
  goal: Goal,
  engine: Evaluator,
): Promise<(AtlasCell | null)[]> {
  const groups = new Map<Structure, Place[]>()
  slices.forEach(({ structure, ranks }, at) => {
    if (structure) groups.set(structure, [...(groups.get(structure) ?? []), { at, ranks }])
  })
  const found: (AtlasCell | null)[] = slices.map(() => null)
  for (const [structure, places] of groups) {
    const ranks = places.flatMap((place) => place.ranks)
    const groups = places.map((place) => place.ranks)
    const [most, fates] = await Promise.all([
      goal === 'batch'
        ? largestBatches(structure, places, own.sequence, engine)
        : engine.longest(structure, groups, own.batch, limits.sequence),
      ownCells(structure, ranks, own, engine),
    ])
    let first = 0
    places.forEach(({ at, ranks }, i) => {
      const stages = fates.slice(first, (first += ranks.length))
      found[at] = { most: most[i], ...stages[fullest(stages)] }
    })
  }
  return found
}

type Fate = Omit<AtlasCell, 'most'>

async function ownCells(
  structure: Structure,
  slices: readonly Inputs[],
  { batch, sequence }: { batch: number; sequence: number },
  engine: Evaluator,
): Promise<Fate[]> {
  const lattice = { structure, slices, sequences: Uint32Array.of(sequence), batches: Uint32Array.of(batch) }
  const tile = { firstColumn: 0, columns: slices.length }
  const [totals, capacities, safe] = await engine.cells(lattice, tile, ['total', 'capacity', 'safeCapacity'])
  return slices.map((_, i) => {
    const [total, capacity] = [totals[i], capacities[i]]
    return { total, capacity, verdict: total > capacity ? 'oom' : total > safe[i] ? 'tight' : 'fits' }
  })
}

/** Per place the largest batch size that every stage holds. */
async function largestBatches(
  structure: Structure,
  places: readonly Place[],
  sequence: number,
  engine: Evaluator,
): Promise<Uint32Array> {
  const slices = places.flatMap(({ ranks }) => ranks)
  const lattice = { structure, slices, sequences: Uint32Array.of(sequence), batches: Uint32Array.of(1) }
  const found = await engine.frontier(lattice, limits.batch, 'capacity')
  let first = 0
  return Uint32Array.from(places, ({ ranks }) => {
    const own = found.subarray(first, (first += ranks.length))
    return own.reduce((a, b) => Math.min(a, b))
  })
}
