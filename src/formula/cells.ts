/**
 * The cell pass on the CPU. A run of batch sizes on which no min or max changes its winner is one straight walk, filled by additions;
 * other runs are halved until they are straight. Exact like everything else: values are integers up to LIMIT.
 */
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
  const value = cellFunction(tree)
  const straight = straightness(tree)
  return (column, offset, run, out, at, stride) => {
    const fill = (first: number, count: number): void => {
      const low = run.start + first * run.step
      const high = low + (count - 1) * run.step
      if (count <= 4) {
        for (let i = 0; i < count; i++) out[at + (first + i) * stride] = value(column, offset, low + i * run.step)
      } else if (straight(column, offset, low, high)) {
        let v = value(column, offset, low)
        const step = (value(column, offset, high) - v) / (count - 1)
        const end = at + (first + count) * stride
        for (let o = at + first * stride; o < end; o += stride, v += step) out[o] = v
      } else {
        const half = count >> 1
        fill(first, half)
        fill(first + half, count - half)
      }
    }
    fill(0, run.count)
  }
}

/** Whether the tree is a straight line between two batch sizes. Every tree is monotone in batch, which saturation tests rely on. */
function straightness(tree: CellTree): (column: Float64Array, offset: number, low: number, high: number) => boolean {
  if (tree.op === 'walk') {
    const { constant, slope } = tree
    if (slope < 0) return () => true
    return (c, o, low, high) =>
      c[o + constant] + c[o + slope] * high <= LIMIT || c[o + constant] + c[o + slope] * low >= LIMIT
  }
  if (tree.op === 'difference') {
    const inner = straightness(tree.of)
    const value = cellFunction(tree.of)
    const { less } = tree
    return (c, o, low, high) =>
      inner(c, o, low, high) && (value(c, o, low) >= c[o + less] || value(c, o, high) <= c[o + less])
  }
  const parts = tree.of.map(straightness)
  const values = tree.of.map(cellFunction)
  const whole = cellFunction(tree)
  const linear = (c: Float64Array, o: number, low: number, high: number) => parts.every((part) => part(c, o, low, high))
  if (tree.op === 'sum') {
    return (c, o, low, high) => linear(c, o, low, high) && (whole(c, o, high) < LIMIT || whole(c, o, low) === LIMIT)
  }
  // One part wins at both ends, and lines that do not cross at the ends do not cross between them.
  return (c, o, low, high) => {
    if (!linear(c, o, low, high)) return false
    const first = whole(c, o, low)
    const last = whole(c, o, high)
    return values.some((value) => value(c, o, low) === first && value(c, o, high) === last)
  }
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
