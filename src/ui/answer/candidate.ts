/** A change to a scenario that is worth trying. */
import type { Change } from '../state/document.ts'

export interface Candidate {
  label: string
  changes: Change[]
  /** A node of larger cards, and whose: offered where neither more GPUs nor a larger one does. */
  nodeOf?: string
  /** Of which at most one is offered; the field that is changed first where it is left out. */
  kind?: string
}

export const change = (label: string, ...changes: Change[]): Candidate => ({ label, changes })
export const set = (path: string, value: unknown): Change => ({ path, value })

/** Several changes as one: `QLoRA, checkpointing full`. */
export const together = (...parts: Candidate[]): Candidate => ({
  label: parts
    .map(({ label }, i) => (i ? label.replace(/^[A-Z](?=[a-z]+\b)/, (c) => c.toLowerCase()) : label))
    .join(', '),
  changes: parts.flatMap(({ changes }) => changes),
})
