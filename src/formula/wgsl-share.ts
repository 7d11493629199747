/**
 * The share of the capacity an output takes, as WGSL for the heatmap: walks in floats, divided by the capacity once per column and put
 * together per pixel. Floats pick a colour; they decide nothing.
 */
import type { CellTree, Stages } from './stages.ts'
import { nameColumns, reader } from './wgsl-cells.ts'

export interface SharePrinter {
  /** Declares the struct Shade. */
  struct: string
  /** Declares write_share, which fills a column's walks (for shaders/shade.wgsl). */
  write: string
  /** Declares share (for shaders/heatmap.wgsl). */
  read: string
  /** Bytes of the struct Shade. */
  bytes: number
}

/** Prints the share of one output. */
export function printShare(stages: Stages, output: string): SharePrinter {
  const tree = stages.outputs.find(({ name }) => name === output)?.tree
  if (!tree) throw new RangeError(`No output is called ${output}`)
  const at = reader(stages, nameColumns(stages))
  // Start and slope of every walk, or a lone number, as written in terms of columns[column].
  const walks: { start: string; slope: string | null }[] = []
  const walk = (startIndex: number, slopeIndex: number): string => {
    const start = at(startIndex)
    const slope = slopeIndex < 0 ? null : at(slopeIndex)
    let index = walks.findIndex((known) => known.start === start && known.slope === slope)
    if (index < 0) index = walks.push({ start, slope }) - 1
    return slope === null ? `walk_${index}.x` : `(walk_${index}.x + walk_${index}.y * batch)`
  }
  const share = floats(tree, walk)
  const lines = (line: (name: string, walk: (typeof walks)[number]) => string) =>
    walks.map((each, i) => `  ${line(`walk_${i}`, each)}\n`).join('')
  const float = (integer: string | null) => (integer === null ? '0.0' : `as_f32(${integer}) / capacity`)
  return {
    struct: `struct Shade {
  // Pixel rows that fit, counted from the smallest batch size, and in the upper half those that fit with the safety margin.
  rows: u32,
  // Start and growth per sequence, as shares of the capacity.
${lines((name) => `${name}: vec2<f32>,`)}}`,
    write: `fn write_share(column: u32, capacity: f32) {
${lines((name, { start, slope }) => `shades[column].${name} = vec2(${float(start)}, ${float(slope)});`)}}`,
    read: `fn share(column: i32, batch: f32) -> f32 {
${lines((name) => `let ${name} = shades[column].${name};`)}  return ${share};
}`,
    bytes: 8 + 8 * walks.length,
  }
}

function floats(tree: CellTree, walk: (start: number, slope: number) => string): string {
  switch (tree.op) {
    case 'walk':
      return walk(tree.constant, tree.slope)
    case 'difference':
      return `max(${floats(tree.of, walk)} - ${walk(tree.less, -1)}, 0.0)`
    default: {
      const join = { sum: '+', smallest: 'min', largest: 'max' }[tree.op]
      return tree.of
        .map((part) => floats(part, walk))
        .reduce((a, b) => (join === '+' ? `(${a} + ${b})` : `${join}(${a}, ${b})`))
    }
  }
}
