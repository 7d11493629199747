/** Cell trees as WGSL: per output its value at a batch size, and its line between two of them (shaders/walk.wgsl). */
import type { Expression } from './expression.ts'
import type { CellTree, Stages } from './stages.ts'
import { Names } from './wgsl-names.ts'

/** An integer as a u64. */
export const literal = (value: number) => `u64(${value % 2 ** 32}, ${Math.floor(value / 2 ** 32)})`

/** How a column result is written, by its index: a field of columns[column], or a literal. */
export type At = (index: number) => string

/** Names of the column results that are not constants, in order, and cell_value and cell_line over all outputs. */
export function printCells(stages: Stages): { columnNames: Map<Expression, string>; code: string } {
  const columnNames = nameColumns(stages)
  const at = reader(stages, columnNames)
  const functionNames = new Names()
  const names = stages.outputs.map(({ name }) => functionNames.unique(name))
  const each = stages.outputs.flatMap(({ tree }, i) => [
    `fn ${names[i]}(column: u32, batch: u32) -> u64 {\n  return ${value(tree, at)};\n}`,
    `fn ${names[i]}_line(column: u32, low: u32, high: u32) -> Line {\n  return ${line(tree, at)};\n}`,
  ])
  const choose = (of: (name: string) => string) => {
    const cases = names.slice(1).map((name, i) => `    case ${i + 1}u: { return ${of(name)}; }\n`)
    return `  switch output {\n${cases.join('')}    default: { return ${of(names[0])}; }\n  }\n`
  }
  const any = [
    `fn cell_value(output: u32, column: u32, batch: u32) -> u64 {\n${choose((n) => `${n}(column, batch)`)}}`,
    `fn cell_line(output: u32, column: u32, low: u32, high: u32) -> Line {\n${choose((n) => `${n}_line(column, low, high)`)}}`,
  ]
  return { columnNames, code: [...each, ...any].join('\n\n') }
}

/** Reads column results from columns[column]. */
export function reader(stages: Stages, names: ReadonlyMap<Expression, string>): At {
  return (index) => {
    const e = stages.column[index]
    return e.op === 'constant' ? literal(e.value) : `columns[column].${names.get(e)}`
  }
}

/** Column results that are not constants, called after the formula's own name for them, or after the output that uses them first. */
export function nameColumns(stages: Stages): Map<Expression, string> {
  const names = new Names()
  const given = new Map<Expression, string>()
  const give = (index: number, fallback: string) => {
    const e = stages.column[index]
    if (e.op === 'constant' || given.has(e)) return
    given.set(e, names.unique(e.op === 'named' || e.op === 'quantity' ? e.name : fallback))
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

function value(tree: CellTree, at: At): string {
  switch (tree.op) {
    case 'walk':
      return tree.slope < 0 ? at(tree.constant) : `walk(${at(tree.constant)}, ${at(tree.slope)}, batch)`
    case 'difference':
      return `minus(${value(tree.of, at)}, ${at(tree.less)})`
    default:
      return tree.of.map((part) => value(part, at)).reduce((a, b) => `${functions[tree.op]}(${a}, ${b})`)
  }
}

function line(tree: CellTree, at: At): string {
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
