/** What takes longer than a frame to find out about a scenario, worked out a little at a time. Fetched after the answer is painted. */
import type { Answer } from '../state/outcome.ts'
import { fewestHint, type Hint, smallestHint } from './fewest.ts'
import { type Fix, fixes } from './fixes.ts'
import './notes.ts'

export interface Further {
  of: Answer
  fixes: readonly Fix[]
  fewest: Hint
  smallest: Hint
}

const turn = () => new Promise((done) => setTimeout(done))

/** @param wanted whether the answer is still worth it; null is returned when it is not */
export async function workOut(answer: Answer, wanted: () => boolean): Promise<Further | null> {
  const found: Fix[] = []
  for (const fix of fixes(answer)) {
    found.push(fix)
    await turn()
    if (!wanted()) return null
  }
  const fewest = fewestHint(answer.resolved)
  await turn()
  if (!wanted()) return null
  return { of: answer, fixes: found, fewest, smallest: smallestHint(answer.resolved) }
}
