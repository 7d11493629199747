/**
 * How a cell tree grows with batch: piece by piece in straight lines. Where a line ends (a min or max changes its winner, something
 * saturates) is computed, not searched. Exact like everything else: values are integers up to LIMIT.
 */
import { floorDivExact } from './compile.ts'
import { LIMIT } from './expression.ts'
import type { CellTree } from './stages.ts'

/** How a tree goes on from a batch size: value + slope × (n − batch) for every n up to `until`, saturation included. */
export interface Piece {
  value: number
  slope: number
  until: number
}

export type PieceFunction = (column: Float64Array, offset: number, batch: number) => void

/** Compiles a cell tree to what writes the piece from a batch size on into `piece`. Values never fall as batch grows. */
export function pieceFunction(tree: CellTree, piece: Piece): PieceFunction {
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
export const steps = (room: number, slope: number) =>
  slope > 0 ? floorDivExact(room, slope) : Number.POSITIVE_INFINITY

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
