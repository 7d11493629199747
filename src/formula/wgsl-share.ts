/**
 * The share of the capacity an output takes, as WGSL for the heatmap. Addition distributes over max, so a tree of +, max and saturating − is
 * the largest of a few straight lines; their starts are exact until they are divided by the capacity, once per column. What is left per pixel
 * is a multiplication per line, in floats: they pick a colour and decide nothing.
 */
import type { CellTree, Stages } from './stages.ts'
import { type At, nameColumns, reader } from './wgsl-cells.ts'

export interface SharePrinter {
  /** Declares the struct Shade. */
  struct: string
  /** Declares write_share, which fills a column's lines (for shaders/shade.wgsl). */
  write: string
  /** Declares share (for shaders/heatmap.wgsl). */
  read: string
  /** Bytes of the struct Shade. */
  bytes: number
}

/** A number per column, as an expression for write_share, and how it grows per sequence; null where it does not. */
interface Line {
  name: string
  start: string
  slope: string | null
}

/** Prints the share of one output. */
export function printShare(stages: Stages, output: string): SharePrinter {
  const tree = stages.outputs.find(({ name }) => name === output)?.tree
  if (!tree) throw new RangeError(`No output is called ${output}`)
  const at = reader(stages, nameColumns(stages))
  const { lines, share } = lineCount(tree) > mostLines ? treeOfLines(tree, at) : largestOfLines(tree, at)
  const members = lines.map(({ name, slope }) => `  ${name}: ${slope === null ? 'f32' : 'vec2<f32>'},\n`)
  const writes = lines.map(
    ({ name, start, slope }) =>
      `  shades[column].${name} = ${slope === null ? start : `vec2(${start}, as_f32(${slope}) / capacity)`};\n`,
  )
  const reads = lines.map(({ name }) => `  let ${name} = shades[column].${name};\n`)
  const bytes = lines.reduce((end, { slope }) => (slope === null ? end + 4 : 8 * Math.ceil(end / 8) + 8), 4)
  return {
    struct: `struct Shade {
  // Pixel rows that fit, counted from the smallest batch size, and in the upper half those that fit with the safety margin.
  rows: u32,
  // Shares of the capacity, with their growth per sequence.
${members.join('')}}`,
    write: `fn write_share(column: u32, capacity: f32) {\n${writes.join('')}}`,
    read: `fn share(column: i32, batch: f32) -> f32 {\n${reads.join('')}  return ${share};\n}`,
    bytes: 8 * Math.ceil(bytes / 8),
  }
}

/** Beyond that the tree as it stands is shorter. */
const mostLines = 32

/** Lines of which a tree is the largest; infinitely many stand for a tree with a min, which is the largest of none. */
function lineCount(tree: CellTree): number {
  switch (tree.op) {
    case 'walk':
      return 1
    case 'difference':
      return lineCount(tree.of) + 1
    case 'smallest':
      return Number.POSITIVE_INFINITY
    default:
      return tree.of.map(lineCount).reduce((a, b) => (tree.op === 'sum' ? a * b : a + b))
  }
}

const value = ({ name, slope }: Line) => (slope === null ? name : `(${name}.x + ${name}.y * batch)`)
const chain = (call: string, terms: string[]) => terms.reduce((a, b) => `${call}(${a}, ${b})`)

/** start − less + slope × batch, each the sum of some column results. */
interface Sum {
  start: string[]
  less: string[]
  slope: string[]
}

/** The tree as the largest of lines; those that grow alike become one. */
function largestOfLines(tree: CellTree, at: At): { lines: Line[]; share: string } {
  const bySlope = new Map<string, Sum[]>()
  for (const sum of expand(tree, at)) {
    const key = [...sum.slope].sort().join()
    bySlope.set(key, [...(bySlope.get(key) ?? []), sum])
  }
  const add = (terms: string[]) => (terms.length ? chain('plus', terms) : 'u64(0, 0)')
  const lines = [...bySlope.values()].map((sums, i): Line => {
    const starts = sums.map(({ start, less }) => `signed(${add(start)}, ${add(less)})`)
    const [{ slope }] = sums
    return {
      name: `line_${i}`,
      start: `${chain('max', [...new Set(starts)])} / capacity`,
      slope: slope.length ? add(slope) : null,
    }
  })
  // Single words first, so that they fill the gap after the rows.
  lines.sort((a, b) => Number(a.slope !== null) - Number(b.slope !== null))
  return { lines, share: chain('max', lines.map(value)) }
}

function expand(tree: CellTree, at: At): Sum[] {
  switch (tree.op) {
    case 'walk': {
      const term = (index: number) => (at(index) === 'u64(0, 0)' ? [] : [at(index)])
      return [{ start: term(tree.constant), less: [], slope: tree.slope < 0 ? [] : term(tree.slope) }]
    }
    case 'difference': {
      const less = at(tree.less)
      const above = expand(tree.of, at).map((sum) => ({ ...sum, less: [...sum.less, less] }))
      return [...above, { start: [], less: [], slope: [] }]
    }
    case 'sum':
      return tree.of
        .map((part) => expand(part, at))
        .reduce((all, part) =>
          all.flatMap((a) =>
            part.map((b) => ({
              start: [...a.start, ...b.start],
              less: [...a.less, ...b.less],
              slope: [...a.slope, ...b.slope],
            })),
          ),
        )
    default:
      return tree.of.flatMap((part) => expand(part, at))
  }
}

/** The tree as it stands. */
function treeOfLines(tree: CellTree, at: At): { lines: Line[]; share: string } {
  const lines: Line[] = []
  const line = (startIndex: number, slopeIndex: number): string => {
    const start = `as_f32(${at(startIndex)}) / capacity`
    const slope = slopeIndex < 0 ? null : at(slopeIndex)
    let known = lines.find((each) => each.start === start && each.slope === slope)
    if (!known) lines.push((known = { name: `line_${lines.length}`, start, slope }))
    return value(known)
  }
  const print = (node: CellTree): string => {
    switch (node.op) {
      case 'walk':
        return line(node.constant, node.slope)
      case 'difference':
        return `max(${print(node.of)} - ${line(node.less, -1)}, 0.0)`
      case 'sum':
        return `(${node.of.map(print).join(' + ')})`
      default:
        return chain(node.op === 'smallest' ? 'min' : 'max', node.of.map(print))
    }
  }
  const share = print(tree)
  return { lines, share }
}
