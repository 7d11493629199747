/** What generated shaders read, found from the formulas: the quantities of a slice, and the rows of its lists. */
import { isRowBound, levelOf } from './dependence.ts'
import { type Expression, operands, type Quantity } from './expression.ts'
import type { Stages } from './stages.ts'
import { Names } from './wgsl-names.ts'

/** A list: its rows are `fields`, given, then `kept`, which the slice pass finds for the column pass. */
export interface ListLayout {
  name: string
  /** The member of the struct Slice that says which rows are its. */
  range: string
  fields: Quantity[]
  /** What depends on the row but not on sequence. */
  kept: Expression[]
}

export interface Layout {
  quantities: { quantity: Quantity; name: string }[]
  lists: ListLayout[]
}

/** Words of 64 bits in a row. */
export const strideOf = ({ fields, kept }: { fields: unknown[]; kept: unknown[] }) =>
  Math.max(1, fields.length + kept.length)

/** The name a formula gives a step, if it gives one. */
export function nameOf(e: Expression): string | null {
  if (e.op === 'named' || e.op === 'quantity') return e.name
  return e.op === 'sumOver' || e.op === 'largestOver'
    ? `${e.list.name}_${e.op === 'sumOver' ? 'sum' : 'largest'}`
    : null
}

/** Quantities, fields and kept parts in the order of first use. */
export function readLayout(stages: Stages): Layout {
  const layout: Layout = { quantities: [], lists: [] }
  const names = new Names()
  const seen = new Set<Expression>()
  const listOf = (name: string): ListLayout => {
    const known = layout.lists.find((list) => list.name === name)
    if (known) return known
    const list = { name, range: names.unique(name), fields: [], kept: [] }
    layout.lists.push(list)
    return list
  }
  const visit = (e: Expression): void => {
    if (seen.has(e)) return
    seen.add(e)
    operands(e).forEach(visit)
    if (e.op === 'sumOver' || e.op === 'largestOver') {
      const list = listOf(e.list.name)
      if (levelOf(e) === 'column') keep(e.of, list.kept)
    }
    if (e.op !== 'quantity' || e.level !== 'slice') return
    if (e.list) listOf(e.list.name).fields.push(e)
    else layout.quantities.push({ quantity: e, name: names.unique(e.name) })
  }
  for (const root of [...stages.slice, ...stages.column]) visit(root)
  return layout
}

/** Adds the largest parts of a reduction's body that depend on the row alone. */
function keep(e: Expression, kept: Expression[]): void {
  if (!isRowBound(e) || e.op === 'quantity' || kept.includes(e)) return
  if (levelOf(e) === 'slice') kept.push(e)
  else for (const operand of operands(e)) keep(operand, kept)
}
