/**
 * The WGSL reading: prints the stages of a structure as the generated half of a shader module. Named steps become `let`s of that name,
 * so the shader reads like the formula; shaders/*.wgsl are the other half. Integers are u64 of shaders/u64.wgsl.
 */
import { isRowBound, levelOf } from './dependence.ts'
import { type Expression, operands, type Quantity, type Reduction } from './expression.ts'
import type { Stages } from './stages.ts'
import { literal, printCells } from './wgsl-cells.ts'
import { Names } from './wgsl-names.ts'

/** Generated WGSL and the layout of what it reads. */
export interface Shader {
  /** Declares Slice, Hoisted, Column, evaluate_slice, evaluate_column and the functions of wgsl-cells.ts. */
  code: string
  /** Fields of the struct Slice, 8 bytes each: slice-level quantities by name, then one row range per list. */
  quantities: string[]
  /** Lists and the fields of one row, 8 bytes each. */
  lists: { name: string; fields: string[] }[]
  /** Bytes of the structs Hoisted and Column. */
  hoistedBytes: number
  columnBytes: number
}

/** Prints stages as WGSL; flags must have been specialised away. */
export function printWgsl(stages: Stages): Shader {
  const layout = readLayout([...stages.slice, ...stages.column])
  const cells = printCells(stages)
  const names = new Names()
  const hoisted = new Map(
    stages.slice
      .filter((e) => e.op !== 'quantity')
      .map((e) => [e, names.unique(nameOf(e) ?? cells.columnNames.get(e) ?? 'slice_part')]),
  )
  const slicePass = new PassPrinter(layout, stages.slice, new Map())
  const columnPass = new PassPrinter(layout, stages.column, hoisted)
  for (const [e, name] of hoisted) slicePass.line(`hoisted[slice].${name} = ${slicePass.term(e)};`)
  for (const [e, name] of cells.columnNames) columnPass.line(`columns[column].${name} = ${columnPass.term(e)};`)
  return {
    code: [
      struct('Slice', [
        ...layout.quantities.map(([, name]) => asMember(name)),
        ...layout.lists.map(({ range }, i) => `${i ? '' : rowsComment}${range}: vec2<u32>`),
      ]),
      struct('Hoisted', [...hoisted.values()].map(asMember)),
      struct('Column', [...cells.columnNames.values()].map(asMember)),
      `fn evaluate_slice(slice: u32) {\n${slicePass.body}}`,
      `fn evaluate_column(slice: u32, sequence: u64, column: u32) {\n${columnPass.body}}`,
      cells.code,
    ].join('\n\n'),
    quantities: layout.quantities.map(([quantity]) => quantity.name),
    lists: layout.lists.map(({ name, fields }) => ({ name, fields: fields.map((f) => f.name) })),
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

function nameOf(e: Expression): string | null {
  if (e.op === 'named' || e.op === 'quantity') return e.name
  return e.op === 'sumOver' || e.op === 'largestOver'
    ? `${e.list.name}_${e.op === 'sumOver' ? 'sum' : 'largest'}`
    : null
}

interface Layout {
  quantities: [Quantity, string][]
  lists: { name: string; fields: Quantity[]; range: string }[]
}

/** The quantities and list fields formulas read, in the order of first use. */
function readLayout(roots: Expression[]): Layout {
  const layout: Layout = { quantities: [], lists: [] }
  const names = new Names()
  const seen = new Set<Expression>()
  const listOf = (name: string) => {
    let list = layout.lists.find((known) => known.name === name)
    if (!list) layout.lists.push((list = { name, fields: [], range: names.unique(name) }))
    return list
  }
  const visit = (e: Expression): void => {
    if (seen.has(e)) return
    seen.add(e)
    operands(e).forEach(visit)
    if (e.op === 'sumOver' || e.op === 'largestOver') listOf(e.list.name)
    if (e.op !== 'quantity' || e.level !== 'slice') return
    if (e.list) listOf(e.list.name).fields.push(e)
    else layout.quantities.push([e, names.unique(e.name)])
  }
  roots.forEach(visit)
  return layout
}

const functions = {
  sum: 'plus',
  product: 'times',
  smallest: 'smaller',
  largest: 'larger',
  difference: 'minus',
  ceilDiv: 'ceil_div',
  floorDiv: 'floor_div',
} as const

/** Lines of a block and the terms already known in it. */
interface Block {
  lines: string[]
  terms: Map<Expression, string>
  indent: string
}

/** Longer terms get a name of their own. */
const longestTerm = 60

/** Prints one pass: `let`s in the order of need, loops for reductions over rows. */
class PassPrinter {
  private readonly names = new Names()
  private readonly outer: Block = { lines: [], terms: new Map(), indent: '  ' }
  private readonly uses = new Map<Expression, number>()
  private readonly layout: Layout
  private readonly hoisted: ReadonlyMap<Expression, string>

  constructor(layout: Layout, roots: readonly Expression[], hoisted: ReadonlyMap<Expression, string>) {
    this.layout = layout
    this.hoisted = hoisted
    for (const root of roots) this.count(root)
  }

  get body(): string {
    return this.outer.lines.map((line) => `${line}\n`).join('')
  }

  line(text: string) {
    this.outer.lines.push(`  ${text}`)
  }

  private count(e: Expression): void {
    const before = this.uses.get(e) ?? 0
    this.uses.set(e, before + 1)
    if (before === 0 && !this.hoisted.has(e)) operands(e).forEach((operand) => void this.count(operand))
  }

  /** The text of a value, after printing whatever it needs. */
  term(e: Expression, block: Block = this.outer): string {
    const home = isRowBound(e) ? block : this.outer
    const known = home.terms.get(e)
    if (known) return known
    const text = this.print(e, home)
    home.terms.set(e, text)
    return text
  }

  private define(block: Block, wanted: string, value: string): string {
    const name = this.names.unique(wanted)
    block.lines.push(`${block.indent}let ${name} = ${value};`)
    return name
  }

  private print(e: Expression, block: Block): string {
    const hoisted = this.hoisted.get(e)
    if (hoisted) return this.define(block, hoisted, `hoisted[slice].${hoisted}`)
    switch (e.op) {
      case 'constant':
        return literal(e.value)
      case 'quantity':
        return this.quantity(e, block)
      case 'named':
        return e.of.op === 'sumOver' || e.of.op === 'largestOver'
          ? this.reduction(e.of, e.name)
          : this.define(block, e.name, this.term(e.of, block))
      case 'when':
        throw new Error(`The flag ${e.flag} was not specialised`)
      case 'sumOver':
      case 'largestOver':
        return this.reduction(e, nameOf(e) as string)
      default: {
        const part = `${levelOf(e)}_part`
        const short = (text: string) => (text.length > longestTerm ? this.define(block, part, text) : text)
        const text = e.of
          .map((operand) => this.term(operand, block))
          .reduce((a, b) => `${functions[e.op]}(${short(a)}, ${short(b)})`)
        return (this.uses.get(e) ?? 0) > 1 ? this.define(block, part, text) : text
      }
    }
  }

  private quantity(e: Quantity, block: Block): string {
    if (e.level === 'column') return 'sequence'
    if (e.level === 'cell') throw new Error('Batch in a column formula')
    if (e.list) {
      const fields = this.layout.lists.find(({ name }) => name === e.list?.name)?.fields ?? []
      return this.define(block, e.name, `rows[row + ${fields.indexOf(e)}]`)
    }
    const [, name] = this.layout.quantities.find(([quantity]) => quantity === e) as [Quantity, string]
    return this.define(block, name, `slices[slice].${name}`)
  }

  private reduction(e: Reduction, wanted: string): string {
    const { range, fields } = this.layout.lists.find(({ name }) => name === e.list.name) as Layout['lists'][number]
    const total = this.names.unique(wanted)
    const inner: Block = { lines: [], terms: new Map(), indent: '    ' }
    const value = this.term(e.of, inner)
    const combine = e.op === 'sumOver' ? 'plus' : 'larger'
    const rows = `slices[slice].${range}`
    this.outer.lines.push(
      `  var ${total} = u64(0, 0);`,
      `  for (var row = ${rows}.x; row < ${rows}.y; row += ${Math.max(1, fields.length)}u) {`,
      ...inner.lines,
      `    ${total} = ${combine}(${total}, ${value});`,
      '  }',
    )
    return total
  }
}
