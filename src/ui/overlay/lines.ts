/** The lines of an overlay, computed in the atlas's worker; the newest question wins. */
import type { ScenarioInput } from '../../scenario/schema.ts'
import type { AxisValue } from '../../sweep/axis.ts'
import { onLines, post } from '../atlas/sweep.ts'
import type { Line } from '../atlas/worker.ts'
import { Signal } from '../state/signal.ts'

export interface Lines {
  points: Uint32Array
  values: readonly AxisValue[]
  lines: readonly Line[]
}

export const lines = new Signal<Lines | null>(null)

let asked = ''
let newest = 0

/** Asks unless the same was asked last. */
export function askLines(input: ScenarioInput, field: string, values: readonly AxisValue[], points: Uint32Array): void {
  const { batch: _, sequence: __, ...rest } = input
  const key = JSON.stringify([rest, field, values, points[0], points[points.length - 1], points.length])
  if (key === asked) return
  asked = key
  const id = ++newest
  onLines((reply) => {
    if (reply.id === newest) lines.value = { points, values, lines: reply.lines }
  })
  post({ kind: 'lines', id, input, field, values, points })
}
