/**
 * How a cell tree grows with batch: piece by piece in straight lines. Where a line ends (a min or max changes its winner, something
 * saturates) is computed, not searched. Exact like everything else: values are integers up to LIMIT.
 */
import { floorDivExact } from './compile.ts'
import { LIMIT } from './expression.ts'
import type { CellTree } from './stages.ts'

/**
 * How a tree goes on from a batch size: value + slope × (n − batch) for every n up to `until`, saturation included. Three doubles at VALUE, SLOPE
 * and UNTIL: engines keep those of an object on the heap one by one.
 */
export type Piece = Float64Array

export const VALUE = 0
export const SLOPE = 1
export const UNTIL = 2

/** Writes the piece from a batch size on. */
export type PieceFunction = (column: Float64Array, offset: number, batch: number) => void

/** Steps after which a piece may end without a reason: nobody goes further, and up to there most need no division. */
const HORIZON = 2 ** 20

/** Compiles a cell tree to what writes the piece from a batch size on into `piece`. Values never fall as batch grows. */
export function pieceFunction(tree: CellTree, piece: Piece): PieceFunction {
  switch (tree.op) {
    case 'walk': {
      const { constant, slope } = tree
      if (slope < 0) {
        piece[UNTIL] = Number.POSITIVE_INFINITY
        return (c, o) => void (piece[VALUE] = c[o + constant])
      }
      return (c, o, batch) => {
        const growth = c[o + slope]
        saturated(piece, c[o + constant] + growth * batch, growth, batch, Number.POSITIVE_INFINITY)
      }
    }
    case 'difference': {
      const of = new Float64Array(3)
      const find = pieceFunction(tree.of, of)
      const { less } = tree
      return (c, o, batch) => {
        find(c, o, batch)
        const above = of[VALUE] - c[o + less]
        piece[VALUE] = Math.max(0, above)
        piece[SLOPE] = above >= 0 ? of[SLOPE] : 0
        piece[UNTIL] = above >= 0 ? of[UNTIL] : caught(of[UNTIL], batch, -above, of[SLOPE])
      }
    }
    default: {
      const parts = tree.of.map(() => new Float64Array(3))
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

/** Writes a piece that ends at `until`, or where it passes LIMIT; one that is past it is flat. */
function saturated(to: Piece, value: number, slope: number, batch: number, until: number): void {
  const past = value > LIMIT
  to[VALUE] = past ? LIMIT : value
  to[SLOPE] = past ? 0 : slope
  to[UNTIL] = past
    ? until
    : value + slope * HORIZON <= LIMIT
      ? Math.min(until, batch + HORIZON)
      : Math.min(until, batch + steps(LIMIT - value, slope))
}

/** `until`, or if that is sooner the last batch size before something that grows `faster` catches up `room`. */
const caught = (until: number, batch: number, room: number, faster: number): number =>
  faster > 0 && (until - batch) * faster > room ? batch + floorDivExact(room, faster) : until

function addPieces(parts: readonly Piece[], batch: number, to: Piece): void {
  let value = 0
  let slope = 0
  let until = Number.POSITIVE_INFINITY
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]
    value = Math.min(LIMIT + 1, value + part[VALUE])
    slope += part[SLOPE]
    if (part[UNTIL] < until) until = part[UNTIL]
  }
  saturated(to, value, slope, batch, until)
}

/** The largest part, or of equal ones the steepest, until a steeper one passes it. */
function largestPiece(parts: readonly Piece[], batch: number, to: Piece): void {
  let value = -1
  let slope = 0
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]
    if (part[VALUE] > value || (part[VALUE] === value && part[SLOPE] > slope)) {
      value = part[VALUE]
      slope = part[SLOPE]
    }
  }
  let until = Number.POSITIVE_INFINITY
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]
    if (part[UNTIL] < until) until = part[UNTIL]
    until = caught(until, batch, value - part[VALUE], part[SLOPE] - slope)
  }
  to[VALUE] = value
  to[SLOPE] = slope
  to[UNTIL] = until
}

function smallestPiece(parts: readonly Piece[], batch: number, to: Piece): void {
  let value = Number.POSITIVE_INFINITY
  let slope = 0
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]
    if (part[VALUE] < value || (part[VALUE] === value && part[SLOPE] < slope)) {
      value = part[VALUE]
      slope = part[SLOPE]
    }
  }
  let until = Number.POSITIVE_INFINITY
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]
    if (part[UNTIL] < until) until = part[UNTIL]
    until = caught(until, batch, part[VALUE] - value, slope - part[SLOPE])
  }
  to[VALUE] = value
  to[SLOPE] = slope
  to[UNTIL] = until
}
