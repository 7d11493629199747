/**
 * The WGSL reading: prints the stages of a structure as the generated half of a shader module. Named steps become `let`s of that name,
 * so the shader reads like the formula; shaders/*.wgsl are the other half. Integers are u64 of shaders/u64.wgsl.
 */
import type { Stages } from './stages.ts'
import { printCells } from './wgsl-cells.ts'
import { nameOf, readLayout } from './wgsl-layout.ts'
import { Names } from './wgsl-names.ts'
import { PassPrinter } from './wgsl-pass.ts'

/** Generated WGSL and the layout of what it reads. */
export interface Shader {
  /** Declares Slice, Hoisted, Column, evaluate_slice, evaluate_column and the functions of wgsl-cells.ts. */
  code: string
  /** Fields of the struct Slice, 8 bytes each: slice-level quantities by name, then one row range per list. */
  quantities: string[]
  /** Lists, the fields of one row, and how many more words a row has for what the slice pass keeps; 8 bytes each. */
  lists: { name: string; fields: string[]; kept: number }[]
  /** Bytes of the structs Hoisted and Column. */
  hoistedBytes: number
  columnBytes: number
}

/** Prints stages as WGSL; flags must have been specialised away. */
export function printWgsl(stages: Stages): Shader {
  const layout = readLayout(stages)
  const cells = printCells(stages)
  const names = new Names()
  const hoisted = new Map(
    stages.slice
      .filter((e) => e.op !== 'quantity')
      .map((e) => [e, names.unique(nameOf(e) ?? cells.columnNames.get(e) ?? 'slice_part')]),
  )
  const slicePass = new PassPrinter(layout, [...stages.slice, ...layout.lists.flatMap(({ kept }) => kept)], null)
  for (const [e, name] of hoisted) slicePass.line(`hoisted[slice].${name} = ${slicePass.term(e)};`)
  for (const list of layout.lists) slicePass.keep(list)
  const columnPass = new PassPrinter(layout, stages.column, hoisted)
  for (const [e, name] of cells.columnNames) columnPass.line(`columns[column].${name} = ${columnPass.term(e)};`)
  return {
    code: [
      struct('Slice', [
        ...layout.quantities.map(({ name }) => asMember(name)),
        ...layout.lists.map(({ range }, i) => `${i ? '' : rowsComment}${range}: vec2<u32>`),
      ]),
      struct('Hoisted', [...hoisted.values()].map(asMember)),
      struct('Column', [...cells.columnNames.values()].map(asMember)),
      `fn evaluate_slice(slice: u32) {\n${slicePass.body}}`,
      `fn evaluate_column(slice: u32, sequence: u64, column: u32) {\n${columnPass.body}}`,
      cells.code,
    ].join('\n\n'),
    quantities: layout.quantities.map(({ quantity }) => quantity.name),
    lists: layout.lists.map(({ name, fields, kept }) => ({
      name,
      fields: fields.map((field) => field.name),
      kept: kept.length,
    })),
    hoistedBytes: 8 * Math.max(1, hoisted.size),
    columnBytes: 8 * Math.max(1, cells.columnNames.size),
  }
}

const rowsComment = '// The first row of each list, and one past the last.\n  '
const asMember = (name: string) => `${name}: u64`

/** A struct declaration; WGSL has no empty structs. */
function struct(name: string, members: string[]): string {
  return `struct ${name} {\n${(members.length ? members : ['unused: u64']).map((m) => `  ${m},\n`).join('')}}`
}
