/**
 * The cell pass on the CPU. As long as no min or max changes its winner and nothing saturates, values grow in a straight line and are filled
 * in by additions; where a line ends is computed, not searched. Exact like everything else: values are integers up to LIMIT.
 */
import { floorDivExact } from './compile.ts'
import { LIMIT } from './expression.ts'
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
  const piece: Piece = { value: 0, slope: 0, until: 0 }
  const find = pieceFunction(tree, piece)
  return (column, offset, { start, step, count }, out, at, stride) => {
    let done = 0
    while (done < count) {
      const batch = start + done * step
      find(column, offset, batch)
      const cells = Math.min(count - done, Math.floor((piece.until - batch) / step) + 1)
      fillLine(out, at + done * stride, stride, cells, piece.value, piece.slope * step)
      done += cells
    }
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

/** How a tree goes on from a batch size: value + slope × (n − batch) for every n up to `until`, saturation included. */
interface Piece {
  value: number
  slope: number
  until: number
}

type PieceFunction = (column: Float64Array, offset: number, batch: number) => void

/** Compiles a cell tree to what writes the piece from a batch size on into `piece`. Values never fall as batch grows. */
function pieceFunction(tree: CellTree, piece: Piece): PieceFunction {
  switch (tree.op) {
    case 'walk': {
      const { constant, slope } = tree
      if (slope < 0) {
        piece.until = Number.POSITIVE_INFINITY
        return (c, o) => void (piece.value = c[o + constant])
      }
      return (c, o, batch) => {
        piece.slope = c[o + slope]
        piece.value = c[o + constant] + piece.slope * batch
        piece.until = batch + saturates(piece)
      }
    }
    case 'difference': {
      const of: Piece = { value: 0, slope: 0, until: 0 }
      const find = pieceFunction(tree.of, of)
      const { less } = tree
      return (c, o, batch) => {
        find(c, o, batch)
        const above = of.value - c[o + less]
        piece.value = Math.max(0, above)
        piece.slope = above >= 0 ? of.slope : 0
        piece.until = above >= 0 ? of.until : Math.min(of.until, batch + steps(-above, of.slope))
      }
    }
    default: {
      const parts = tree.of.map((): Piece => ({ value: 0, slope: 0, until: 0 }))
      const finds = tree.of.map((part, i) => pieceFunction(part, parts[i]))
      const combine = tree.op === 'sum' ? addPieces : tree.op === 'largest' ? largestPiece : smallestPiece
      return (c, o, batch) => {
        for (let i = 0; i < finds.length; i++) finds[i](c, o, batch)
        combine(parts, batch, piece)
      }
    }
  }
}

/** Steps of `slope` that fit into `room`. */
const steps = (room: number, slope: number) => (slope > 0 ? floorDivExact(room, slope) : Number.POSITIVE_INFINITY)

/** Steps before a piece passes LIMIT; one that is past it becomes flat. */
function saturates(piece: Piece): number {
  if (piece.value > LIMIT) {
    piece.value = LIMIT
    piece.slope = 0
  }
  return steps(LIMIT - piece.value, piece.slope)
}

function addPieces(parts: readonly Piece[], batch: number, to: Piece): void {
  to.value = 0
  to.slope = 0
  let until = Number.POSITIVE_INFINITY
  for (const part of parts) {
    to.value = Math.min(LIMIT + 1, to.value + part.value)
    to.slope += part.slope
    until = Math.min(until, part.until)
  }
  to.until = Math.min(until, batch + saturates(to))
}

/** The largest part, or of equal ones the steepest, until a steeper one passes it. */
function largestPiece(parts: readonly Piece[], batch: number, to: Piece): void {
  let first = parts[0]
  for (const part of parts) {
    if (part.value > first.value || (part.value === first.value && part.slope > first.slope)) first = part
  }
  let until = Number.POSITIVE_INFINITY
  for (const { value, slope, until: end } of parts) {
    until = Math.min(until, end, batch + steps(first.value - value, slope - first.slope))
  }
  to.value = first.value
  to.slope = first.slope
  to.until = until
}

function smallestPiece(parts: readonly Piece[], batch: number, to: Piece): void {
  let first = parts[0]
  for (const part of parts) {
    if (part.value < first.value || (part.value === first.value && part.slope < first.slope)) first = part
  }
  let until = Number.POSITIVE_INFINITY
  for (const { value, slope, until: end } of parts) {
    until = Math.min(until, end, batch + steps(value - first.value, first.slope - slope))
  }
  to.value = first.value
  to.slope = first.slope
  to.until = until
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
