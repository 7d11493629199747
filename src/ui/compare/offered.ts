/** Which scenarios are offered to compare with, each estimated: where A is out of memory, what would fit. */
import type { Search } from '../../memory/fewest.ts'
import { alternatives } from '../answer/alternatives.ts'
import { attempt, type Fix, searchFixes } from '../answer/fixes.ts'
import type { Answer } from '../state/outcome.ts'

/** Two lists of changes that lead to the same scenario. */
const alike = (a: Fix['changes'], b: Fix['changes']) =>
  a.length === b.length && a.every((one) => b.some(({ path, value }) => path === one.path && value === one.value))

export function* searchOffers(answer: Answer): Search<Fix[]> {
  const lacking = answer.estimate.verdict === 'oom'
  // What is suggested above is offered here too.
  const found = lacking ? yield* searchFixes(answer) : []
  for (const { label, changes } of alternatives(answer)) {
    if (found.some((offer) => alike(offer.changes, changes))) continue
    yield
    const estimate = attempt(answer, changes)
    if (estimate) found.push({ label, changes, estimate })
  }
  if (!lacking) return found
  const fitting = found.filter(({ estimate }) => estimate.verdict !== 'oom')
  // Of two that are out of memory the difference is of interest only where nothing better is known, and only where it helps.
  const missing = ({ capacity, perGpu }: Fix['estimate']) => perGpu.total - capacity
  return fitting.length > 0 ? fitting : found.filter(({ estimate }) => missing(estimate) < missing(answer.estimate))
}
