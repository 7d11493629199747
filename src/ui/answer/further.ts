/** What takes longer than a frame to find out about a scenario, worked out a little at a time. Fetched after the answer is painted. */
import type { Search } from '../../memory/fewest.ts'
import type { Answer } from '../state/outcome.ts'
import type { Hint } from './fewest.ts'
import { type Fix, searchFixes } from './fixes.ts'
import { searchHints } from './hardware.ts'
import '../breakdown/phase.ts'
import './notes.ts'
import './suggestions.ts'

export { obstacleTo } from '../../memory/runnable.ts'

export interface Further {
  of: Answer
  fixes: readonly Fix[]
  fewest: Hint
  smallest: Hint
}

/** Milliseconds of work between two turns of the page. */
const SLICE = 8

const turn = () => new Promise((done) => setTimeout(done))

/** @param wanted whether the answer is still worth it; null is returned when it is not */
export async function workOut(answer: Answer, wanted: () => boolean): Promise<Further | null> {
  const search = everything(answer)
  for (;;) {
    const until = performance.now() + SLICE
    while (performance.now() < until) {
      const { done, value } = search.next()
      if (done) return value
    }
    await turn()
    if (!wanted()) return null
  }
}

function* everything(of: Answer): Search<Further> {
  const hints = yield* searchHints(of.resolved)
  const fixes = yield* searchFixes(of, hints)
  return { of, fixes, ...hints }
}
