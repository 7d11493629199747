/**
 * Many GPUs, GPU counts or models at once: for every slice the most that fits, and how the scenario's own cell fares. Slices of one structure go
 * to the engine together, so an atlas of a thousand slices is a handful of calls.
 */
import { compiled } from '../formula/compiled.ts'
import type { Inputs } from '../formula/expression.ts'
import type { Verdict } from '../memory/estimate.ts'
import { limits } from '../scenario/schema.ts'
import type { Evaluator, Structure } from './evaluator.ts'
import type { Slice } from './plan.ts'

/** What an atlas asks for: the longest sequence at the scenario's batch, or the largest batch at its sequence. */
export type Goal = 'sequence' | 'batch'

export interface AtlasCell {
  /** Tokens or sequences; 0 when not even one fits. */
  most: number
  verdict: Verdict
  /** Bytes of the scenario's own cell on the most loaded GPU, and what that GPU has. */
  total: number
  capacity: number
}

/** A slice that exists, and where it stands among those asked for. */
interface Place {
  at: number
  ranks: readonly Inputs[]
}

/** The atlas of some slices, aligned with them; null for one that cannot exist. The tightest pipeline stage decides, as everywhere. */
export async function atlas(
  slices: readonly Slice[],
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
    const [most, fates] = await Promise.all([
      goal === 'batch'
        ? largestBatches(structure, ranks, own.sequence, engine)
        : longestSequences(structure, ranks, own.batch, engine),
      ownCells(structure, ranks, own, engine),
    ])
    let first = 0
    for (const place of places) {
      const end = first + place.ranks.length
      found[place.at] = tightest(fates.slice(first, end), most.subarray(first, end))
      first = end
    }
  }
  return found
}

type Fate = Omit<AtlasCell, 'most'>

function tightest(fates: readonly Fate[], most: Uint32Array): AtlasCell {
  const worst = fates.reduce((a, b) => (b.total > a.total ? b : a))
  return { ...worst, most: most.reduce((a, b) => Math.min(a, b)) }
}

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

function largestBatches(structure: Structure, slices: readonly Inputs[], sequence: number, engine: Evaluator) {
  const lattice = { structure, slices, sequences: Uint32Array.of(sequence), batches: Uint32Array.of(1) }
  return engine.frontier(lattice, limits.batch, 'capacity')
}

/** Powers of two up to the limit: the octaves among which one engine call decides. */
const octaves = Uint32Array.from({ length: Math.log2(limits.sequence) + 1 }, (_, power) => 2 ** power)

/** The engine finds each slice's octave in one call; within it columns are bisected one by one, for which no engine is needed. */
async function longestSequences(
  structure: Structure,
  slices: readonly Inputs[],
  batch: number,
  engine: Evaluator,
): Promise<Uint32Array> {
  const lattice = { structure, slices, sequences: octaves, batches: Uint32Array.of(batch) }
  const frontier = await engine.frontier(lattice, batch, 'capacity')
  const { program, value } = compiled(structure)
  const [total, capacity] = [value('total'), value('capacity')]
  const results = new Float64Array(program.columnResults)
  const fits = (tokens: number) => {
    program.column(tokens, results, 0)
    return total(results, 0, batch) <= capacity(results, 0, 1)
  }
  return Uint32Array.from(slices, (inputs, s) => {
    const column = s * octaves.length
    let power = 0
    while (power < octaves.length && frontier[column + power] >= batch) power++
    if (power === 0 || power === octaves.length) return power === 0 ? 0 : limits.sequence
    program.setSlice(inputs)
    let [low, high] = [octaves[power - 1], octaves[power]]
    while (high - low > 1) {
      const middle = (low + high) >>> 1
      if (fits(middle)) low = middle
      else high = middle
    }
    return low
  })
}
