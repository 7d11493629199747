/** What takes longer than a frame to find out about a scenario, worked out a little at a time. Fetched after the answer is painted. */
import type { Gpu } from '../../hardware/gpu.ts'
import type { Change } from '../state/document.ts'
import type { Answer } from '../state/outcome.ts'
import { fewestGpus, smallestGpu, withCount } from './fewest.ts'
import { type Fix, fixes } from './fixes.ts'

export interface Further {
  of: Answer
  fixes: readonly Fix[]
  /** Null when no number will do. */
  fewest: { count: number; changes: Change[] } | null
  /** Null when no card will do. */
  smallest: Gpu | null
}

/** @param wanted whether the answer is still worth it; null is returned when it is not */
export async function workOut(answer: Answer, wanted: () => boolean): Promise<Further | null> {
  const found: Fix[] = []
  for (const fix of fixes(answer)) {
    found.push(fix)
    await new Promise((done) => setTimeout(done))
    if (!wanted()) return null
  }
  const count = fewestGpus(answer)
  return {
    of: answer,
    fixes: found,
    fewest: count === null ? null : { count, changes: withCount(answer, count) },
    smallest: smallestGpu(answer),
  }
}
