/** How many GPUs a load needs: the smallest power of two that fits, with degrees left to the runtime. */
import type { Change } from '../state/document.ts'
import type { Answer } from '../state/outcome.ts'
import { attempt } from './fixes.ts'

/** More than any one machine room offers to one model. */
const MOST = 1024

/** Null when not even 1024 GPUs are enough. */
export function fewestGpus(answer: Answer): number | null {
  for (let count = 1; count <= MOST; count *= 2) {
    const found = attempt(answer, withCount(count))
    if (found && found.verdict !== 'oom') return count
  }
  return null
}

/** The change to a number of GPUs. Degrees that were said for another number are left to the runtime. */
export const withCount = (count: number): Change[] => [
  { path: 'hardware.count', value: count },
  ...['tensor', 'pipeline', 'data'].map((degree) => ({ path: `parallelism.${degree}`, value: null })),
]
