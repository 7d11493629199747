/** Cell trees as WGSL: per output its value at a batch size, and its line between two of them (shaders/walk.wgsl). */
import type { CellTree, Stages } from './stages.ts'
import { Names } from './wgsl-names.ts'

/** Names for the column results, and cell_value and cell_line over all outputs. */
export function printCells(stages: Stages): { columnNames: string[]; code: string } {
  const columnNames = nameColumns(stages)
  const functionNames = new Names()
  const at = (index: number) => `columns[column].${columnNames[index]}`
  const names = stages.outputs.map(({ name }) => functionNames.unique(name))
  const code = stages.outputs.flatMap(({ tree }, i) => [
    `fn ${names[i]}(column: u32, batch: u32) -> u64 {\n  return ${value(tree, at)};\n}`,
    `fn ${names[i]}_line(column: u32, low: u32, high: u32) -> Line {\n  return ${line(tree, at)};\n}`,
  ])
  const choose = (of: (name: string) => string) => {
    const cases = names.slice(1).map((name, i) => `    case ${i + 1}u: {\n      return ${of(name)};\n    }\n`)
    return `  switch output {\n${cases.join('')}    default: {\n      return ${of(names[0])};\n    }\n  }\n`
  }
  return {
    columnNames,
    code: [
      ...code,
      `fn cell_value(output: u32, column: u32, batch: u32) -> u64 {\n${choose((n) => `${n}(column, batch)`)}}`,
      `fn cell_line(output: u32, column: u32, low: u32, high: u32) -> Line {\n${choose((n) => `${n}_line(column, low, high)`)}}`,
    ].join('\n\n'),
  }
}

/** Column results called after the formula's own name for them, or after the output that uses them first. */
function nameColumns(stages: Stages): string[] {
  const names = new Names()
  const given: string[] = []
  const give = (index: number, fallback: string) => {
    const e = stages.column[index]
    given[index] ??= names.unique(e.op === 'named' || e.op === 'quantity' ? e.name : fallback)
  }
  const visit = (tree: CellTree, output: string): void => {
    if (tree.op === 'walk') {
      give(tree.constant, tree.slope < 0 ? output : `${output}_fixed`)
      if (tree.slope >= 0) give(tree.slope, `${output}_per_sequence`)
    } else if (tree.op === 'difference') {
      visit(tree.of, output)
      give(tree.less, `${output}_less`)
    } else for (const part of tree.of) visit(part, output)
  }
  for (const { name, tree } of stages.outputs) visit(tree, name)
  return given
}

const functions = { sum: 'plus', smallest: 'smaller', largest: 'larger' } as const

function value(tree: CellTree, at: (index: number) => string): string {
  switch (tree.op) {
    case 'walk':
      return tree.slope < 0 ? at(tree.constant) : `walk(${at(tree.constant)}, ${at(tree.slope)}, batch)`
    case 'difference':
      return `minus(${value(tree.of, at)}, ${at(tree.less)})`
    default:
      return tree.of.map((part) => value(part, at)).reduce((a, b) => `${functions[tree.op]}(${a}, ${b})`)
  }
}

function line(tree: CellTree, at: (index: number) => string): string {
  switch (tree.op) {
    case 'walk':
      return tree.slope < 0 ? `flat(${at(tree.constant)})` : `line(${at(tree.constant)}, ${at(tree.slope)}, low, high)`
    case 'difference':
      return `minus_line(${line(tree.of, at)}, ${at(tree.less)})`
    default: {
      const chain = tree.of
        .map((part) => line(part, at))
        .reduce((a, b) => (tree.op === 'sum' ? `plus_lines(${a}, ${b})` : `${functions[tree.op]}_lines(${a}, ${b})`))
      return tree.op === 'sum' ? chain : `settled(${chain})`
    }
  }
}

/** Prints the share of the capacity an output takes, in floats: struct Shade, write_share (from columns) and share (from shades). */
export function printShade(
  stages: Stages,
  output: string,
): { struct: string; write: string; read: string; bytes: number } {
  const columnNames = nameColumns(stages)
  const tree = stages.outputs.find(({ name }) => name === output)?.tree
  if (!tree) throw new RangeError(`No output is called ${output}`)
  const used = new Set<number>()
  const at = (index: number) => {
    used.add(index)
    return `shades[column].${columnNames[index]}`
  }
  const share = floats(tree, at)
  const fields = [...used].map((index) => columnNames[index])
  return {
    struct: `struct Shade {\n  fits_safely: u32,\n  fits: u32,\n${fields.map((name) => `  ${name}: f32,\n`).join('')}}`,
    write: `fn write_share(column: u32, capacity: f32) {\n${fields
      .map((name) => `  shades[column].${name} = as_f32(columns[column].${name}) / capacity;\n`)
      .join('')}}`,
    read: `fn share(column: u32, batch: f32) -> f32 {\n  return ${share};\n}`,
    bytes: 8 + 4 * fields.length,
  }
}

function floats(tree: CellTree, at: (index: number) => string): string {
  switch (tree.op) {
    case 'walk':
      return tree.slope < 0 ? at(tree.constant) : `(${at(tree.constant)} + ${at(tree.slope)} * batch)`
    case 'difference':
      return `max(${floats(tree.of, at)} - ${at(tree.less)}, 0.0)`
    default: {
      const join = { sum: '+', smallest: 'min', largest: 'max' }[tree.op]
      return tree.of
        .map((part) => floats(part, at))
        .reduce((a, b) => (join === '+' ? `(${a} + ${b})` : `${join}(${a}, ${b})`))
    }
  }
}
