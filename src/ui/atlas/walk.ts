/** The keys that walk over cells. */
export interface Place {
  row: number
  column: number
}

const steps: Record<string, [down: number, right: number]> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
  PageDown: [10, 0],
  PageUp: [-10, 0],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
}

/** Where a key leads, five cells at a time with Shift; null for a key that walks nowhere. */
export function walked({ key, shiftKey }: KeyboardEvent, from: Place, rows: number, columns: number): Place | null {
  const step = steps[key]
  if (!step) return null
  const far = shiftKey ? 5 : 1
  const clamp = (n: number, count: number) => Math.max(0, Math.min(count - 1, n))
  return { row: clamp(from.row + step[0] * far, rows), column: clamp(from.column + step[1] * far, columns) }
}
