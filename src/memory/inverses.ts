/** An estimate asked backwards through one cell: the largest batch at its sequence, the longest sequence at its batch. */
import { largestBatch } from '../formula/cells.ts'
import { compiled } from '../formula/compiled.ts'
import { limits } from '../scenario/schema.ts'
import type { Lowered } from './lower.ts'
import { structureOf } from './structure.ts'

export interface Inverses {
  /** 0 when not even one sequence fits. */
  maxBatch: number
  /** Tokens; 0 when not even one fits. */
  maxSequence: number
}

/** The most that stays within a limit on every rank. Total grows with batch and with sequence, so bisection finds both. */
export function inversesAt(
  ranks: readonly Lowered[],
  batch: number,
  sequence: number,
  limit: 'capacity' | 'safeCapacity' = 'capacity',
): Inverses {
  const most: Inverses = { maxBatch: limits.batch, maxSequence: limits.sequence }
  for (const { flags, inputs } of ranks) {
    const { program, value } = compiled(structureOf(flags))
    const total = value('total')
    const bound = value(limit)
    const results = new Float64Array(program.columnResults)
    program.setSlice(inputs)
    const fits = (tokens: number) => {
      program.column(tokens, results, 0)
      return total(results, 0, batch) <= bound(results, 0, 1)
    }
    program.column(sequence, results, 0)
    // The tightest rank decides, so a rank is only asked about what those before it left possible.
    most.maxBatch = largestBatch(total, results, 0, bound(results, 0, 1), most.maxBatch)
    most.maxSequence = largest(fits, most.maxSequence)
  }
  return most
}

/** The largest number in 0 … most for which `fits` holds, where it holds up to some number and not beyond; 0 when for none. */
function largest(fits: (n: number) => boolean, most: number): number {
  if (most === 0 || fits(most)) return most
  let low = 0
  let high = most
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (fits(middle)) low = middle
    else high = middle
  }
  return low
}
