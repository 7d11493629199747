/** One scenario's answer with what a reader should know beside the numbers: what the command line and the page's files say. */
import type { Resolved } from '../scenario/resolve.ts'
import { type Estimate, figures } from './figures.ts'
import { notesOf } from './notes.ts'

export type { Estimate, Verdict } from './figures.ts'
export { rank } from './figures.ts'

/** @throws ScenarioError for a scenario that cannot exist */
export const estimate = (resolved: Resolved): Estimate => annotated(resolved, figures(resolved))

/** Figures of a scenario with its notes, when there are any. */
export function annotated(resolved: Resolved, found: Estimate): Estimate {
  const notes = notesOf(resolved)
  return notes.length > 0 ? { ...found, notes } : found
}
