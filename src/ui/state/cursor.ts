/** The cell under the pointer, or the one the arrow keys walked to; null when the pinned cell is meant. */
import type { Slice } from '../../sweep/plan.ts'
import { Signal } from './signal.ts'

export interface Cursor {
  batch: number
  sequence: number
  /** Index of the panel, and its slice. */
  panel: number
  slice: Slice
  /** What the panel is called; empty where there is one. */
  label: string
}

export const cursor = new Signal<Cursor | null>(null)
