/** Prints one pass of a generated shader: `let`s in the order of need, loops for reductions over rows. */
import { isRowBound, levelOf } from './dependence.ts'
import { type Expression, operands, type Quantity, type Reduction } from './expression.ts'
import { literal } from './wgsl-cells.ts'
import { type Layout, type ListLayout, nameOf, strideOf } from './wgsl-layout.ts'
import { Names } from './wgsl-names.ts'

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

export class PassPrinter {
  private readonly names = new Names()
  private readonly outer: Block = { lines: [], terms: new Map(), indent: '  ' }
  private readonly uses = new Map<Expression, number>()
  private readonly layout: Layout
  private readonly hoisted: ReadonlyMap<Expression, string> | null

  /**
   * @param roots what the pass prints
   * @param hoisted what the slice pass has found, by its name in the struct Hoisted; null for the slice pass itself
   */
  constructor(layout: Layout, roots: readonly Expression[], hoisted: ReadonlyMap<Expression, string> | null) {
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

  /** The text of a value, after printing whatever it needs. */
  term(e: Expression, block: Block = this.outer): string {
    const home = isRowBound(e) ? block : this.outer
    const known = home.terms.get(e)
    if (known) return known
    const text = this.print(e, home)
    home.terms.set(e, text)
    return text
  }

  /** Writes what depends on the rows of a list alone into those rows. */
  keep(list: ListLayout) {
    if (list.kept.length === 0) return
    const inner: Block = { lines: [], terms: new Map(), indent: '    ' }
    list.kept.forEach((e, i) => {
      inner.lines.push(`    rows[row + ${list.fields.length + i}] = ${this.term(e, inner)};`)
    })
    this.outer.lines.push(this.loop(list), ...inner.lines, '  }')
  }

  private count(e: Expression): void {
    const before = this.uses.get(e) ?? 0
    this.uses.set(e, before + 1)
    if (before === 0 && !this.isGiven(e)) for (const operand of operands(e)) this.count(operand)
  }

  /** Whether the slice pass has found the value already. */
  private isGiven(e: Expression): boolean {
    return this.hoisted !== null && (this.hoisted.has(e) || this.layout.lists.some(({ kept }) => kept.includes(e)))
  }

  private define(block: Block, wanted: string, value: string): string {
    const name = this.names.unique(wanted)
    block.lines.push(`${block.indent}let ${name} = ${value};`)
    return name
  }

  private print(e: Expression, block: Block): string {
    const given = this.hoisted && this.given(e, this.hoisted)
    if (given) return this.define(block, given.name, given.place)
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

  private given(e: Expression, hoisted: ReadonlyMap<Expression, string>): { name: string; place: string } | null {
    const name = hoisted.get(e)
    if (name) return { name, place: `hoisted[slice].${name}` }
    for (const { fields, kept } of this.layout.lists) {
      const at = kept.indexOf(e)
      if (at >= 0) return { name: nameOf(e) ?? 'row_part', place: `rows[row + ${fields.length + at}]` }
    }
    return null
  }

  private quantity(e: Quantity, block: Block): string {
    if (e.level === 'column') return 'sequence'
    if (e.level === 'cell') throw new Error('Batch in a column formula')
    if (e.list) {
      const fields = this.layout.lists.find(({ name }) => name === e.list?.name)?.fields ?? []
      return this.define(block, e.name, `rows[row + ${fields.indexOf(e)}]`)
    }
    const name = this.layout.quantities.find(({ quantity }) => quantity === e)?.name ?? e.name
    return this.define(block, name, `slices[slice].${name}`)
  }

  private reduction(e: Reduction, wanted: string): string {
    const list = this.layout.lists.find(({ name }) => name === e.list.name) as ListLayout
    const total = this.names.unique(wanted)
    const inner: Block = { lines: [], terms: new Map(), indent: '    ' }
    const value = this.term(e.of, inner)
    const combine = e.op === 'sumOver' ? 'plus' : 'larger'
    this.outer.lines.push(
      `  var ${total} = u64(0, 0);`,
      this.loop(list),
      ...inner.lines,
      `    ${total} = ${combine}(${total}, ${value});`,
      '  }',
    )
    return total
  }

  private loop(list: ListLayout): string {
    const rows = `slices[slice].${list.range}`
    return `  for (var row = ${rows}.x; row < ${rows}.y; row += ${strideOf(list)}u) {`
  }
}
