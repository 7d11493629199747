/** The visible sweep as axes: the ranges the map shows, and what its panels differ in. */
import { parseScenario } from '../../scenario/parse.ts'
import type { AxisInput } from '../../sweep/axis.ts'
import { panelAxes } from '../map/panels.ts'
import { rangesOf } from '../map/ranges.ts'
import { whole } from '../map/scales.ts'
import type { Document } from '../state/document.ts'

export interface Grid {
  /** Values per doubling of the sequence length; 0: the powers of two and the ends. */
  perDoubling: number
  /** Every batch size, or only powers of two. */
  batches: 'all' | 'doubling'
}

export function visibleRanges(document: Document) {
  const { x, y } = rangesOf(document)
  return { x: whole(x), y: whole(y) }
}

/** @throws ScenarioError for a scenario that is wrong in itself */
export function visibleAxes(document: Document, { perDoubling, batches }: Grid): AxisInput[] {
  const { by } = document.view
  const { x, y } = visibleRanges(document)
  const points = (range: { from: number; to: number }, each: number) =>
    1 + Math.ceil(Math.log2(range.to / range.from) * each)
  return [
    ...panelAxes(by, parseScenario(document.input)),
    { field: 'sequence', from: x.from, to: x.to, scale: 'log2' as const, points: points(x, perDoubling) },
    batches === 'all'
      ? { field: 'batch', from: y.from, to: y.to }
      : { field: 'batch', from: y.from, to: y.to, scale: 'log2' as const, points: points(y, 1) },
  ]
}
