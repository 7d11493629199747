/** The cell pass on the CPU: one cell at a time, runs and series of batch sizes piece by piece, and the largest batch that fits. */
import { LIMIT } from './expression.ts'
import { pieceFunction, SLOPE, steps, UNTIL, VALUE } from './pieces.ts'
import type { CellTree } from './stages.ts'

/** One output's value at a batch size, from a column's results at `offset`. */
export type CellFunction = (column: Float64Array, offset: number, batch: number) => number

/** Compiles a cell tree to a closure. */
export function cellFunction(tree: CellTree): CellFunction {
  switch (tree.op) {
    case 'walk': {
      const { constant, slope } = tree
      if (slope < 0) return (column, offset) => column[offset + constant]
      return (column, offset, batch) => {
        const value = column[offset + constant] + Math.min(LIMIT, column[offset + slope] * batch)
        return value > LIMIT ? LIMIT : value
      }
    }
    case 'difference': {
      const of = cellFunction(tree.of)
      const { less } = tree
      return (column, offset, batch) => Math.max(0, of(column, offset, batch) - column[offset + less])
    }
    default: {
      const combine = combiners[tree.op]
      return tree.of.map(cellFunction).reduce((a, b) => (c, o, n) => combine(a(c, o, n), b(c, o, n)))
    }
  }
}

const combiners = {
  sum: (a: number, b: number) => Math.min(LIMIT, a + b),
  smallest: (a: number, b: number) => (a < b ? a : b),
  largest: (a: number, b: number) => (a > b ? a : b),
}

/** Batch sizes start, start + step, … (count of them). */
export interface Run {
  start: number
  step: number
  count: number
}

/** Writes one output along a run of batch sizes: `out[at + i·stride]`. */
export type RunFiller = (
  column: Float64Array,
  offset: number,
  run: Run,
  out: Float64Array,
  at: number,
  stride: number,
) => void

/** Compiles a cell tree to a filler. */
export function runFiller(tree: CellTree): RunFiller {
  const piece = new Float64Array(3)
  const find = pieceFunction(tree, piece)
  return (column, offset, { start, step, count }, out, at, stride) => {
    let done = 0
    while (done < count) {
      const batch = start + done * step
      find(column, offset, batch)
      const cells = Math.min(count - done, Math.floor((piece[UNTIL] - batch) / step) + 1)
      fillLine(out, at + done * stride, stride, cells, piece[VALUE], piece[SLOPE] * step)
      done += cells
    }
  }
}

/** Writes one output for batch sizes that never fall: `out[at + i]` for `batches[i]`. */
export type SeriesFiller = (
  column: Float64Array,
  offset: number,
  batches: Uint32Array,
  out: Float64Array,
  at: number,
) => void

/** Compiles a cell tree to a filler for batch sizes that rise unevenly. */
export function seriesFiller(tree: CellTree): SeriesFiller {
  const piece = new Float64Array(3)
  const find = pieceFunction(tree, piece)
  return (column, offset, batches, out, at) => {
    let i = 0
    while (i < batches.length) {
      const from = batches[i]
      find(column, offset, from)
      const value = piece[VALUE]
      const slope = piece[SLOPE]
      const until = piece[UNTIL]
      for (; i < batches.length && batches[i] <= until; i++) out[at + i] = value + slope * (batches[i] - from)
    }
  }
}

/** The largest batch size in 0 … most whose value is at most `limit`. */
export type LargestBatch = (column: Float64Array, offset: number, limit: number, most: number) => number

/** Compiles a cell tree to its frontier: a division per piece instead of a bisection. */
export function largestBatchOf(tree: CellTree): LargestBatch {
  const piece = new Float64Array(3)
  const find = pieceFunction(tree, piece)
  return (column, offset, limit, most) => {
    for (let batch = 1; batch <= most; batch = piece[UNTIL] + 1) {
      find(column, offset, batch)
      if (piece[VALUE] > limit) return batch - 1
      const last = batch + steps(limit - piece[VALUE], piece[SLOPE])
      if (last < piece[UNTIL]) return Math.min(last, most)
    }
    return most
  }
}

/** Writes value, value + step, …; eight at a time, because each addition alone would wait for the one before. */
function fillLine(out: Float64Array, at: number, stride: number, count: number, value: number, step: number): void {
  let o = at
  let v = value
  if (stride === 1) {
    for (const end = at + count - 7; o < end; o += 8) {
      out[o] = v
      out[o + 1] = v + step
      out[o + 2] = v + 2 * step
      out[o + 3] = v + 3 * step
      out[o + 4] = v + 4 * step
      out[o + 5] = v + 5 * step
      out[o + 6] = v + 6 * step
      out[o + 7] = v + 7 * step
      v += 8 * step
    }
  }
  for (const end = at + count * stride; o < end; o += stride, v += step) out[o] = v
}

/** The largest batch size in 0 … `most` whose value does not exceed `limit`; the value must not fall as batch grows. */
export function largestBatch(
  value: CellFunction,
  column: Float64Array,
  offset: number,
  limit: number,
  most: number,
): number {
  let fits = 0
  let fails = most + 1
  while (fails - fits > 1) {
    const middle = (fits + fails) >>> 1
    if (value(column, offset, middle) <= limit) fits = middle
    else fails = middle
  }
  return fits
}
