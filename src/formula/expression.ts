/**
 * The expression: integer formulas over named quantities, written once and read five ways (evaluate, compile, wgsl, explain, document).
 * It knows no memory model and no number format beyond the contract: every value is an integer in 0 … LIMIT and every operation saturates there.
 * Nodes are interned: the same formula built twice is the same object, so shared work is found by identity.
 */

/**
 * Where every operation saturates, in every reading: 2⁵³ − 1 (8 PiB as bytes). The largest limit at which plain JavaScript numbers,
 * JSON and CSV readers are exact too; see docs/decisions/0001-saturation-limit.md.
 */
export const LIMIT = Number.MAX_SAFE_INTEGER

/** What a value varies with: a slice (neither), a column (sequence), a cell (batch). */
export type Level = 'slice' | 'column' | 'cell'

/** A named list of rows a formula can sum over, such as kinds of layer or kinds of tensor. */
export interface List {
  name: string
  about: string
}

interface Node {
  /** Creation order; a parent's id is larger than its children's. */
  id: number
}
export interface Constant extends Node {
  op: 'constant'
  value: number
}
/** A named input. `list` is set for a field of a list's rows. */
export interface Quantity extends Node {
  op: 'quantity'
  name: string
  unit: string
  about: string
  level: Level
  list: List | null
}
export interface Operation extends Node {
  op: 'sum' | 'product' | 'smallest' | 'largest' | 'difference' | 'ceilDiv' | 'floorDiv'
  of: Expression[]
}
/** Sum or largest of `of` over the rows of `list`. */
export interface Reduction extends Node {
  op: 'sumOver' | 'largestOver'
  list: List
  of: Expression
}
/** `of[0]` where the flag is set, `of[1]` where it is not. Flags are structure: they are gone before anything is compiled. */
export interface Conditional extends Node {
  op: 'when'
  flag: string
  of: [Expression, Expression]
}
/** A step worth a name of its own; `source` says where the formula comes from. */
export interface Named extends Node {
  op: 'named'
  name: string
  unit: string
  source: string
  of: Expression
}
export type Expression = Constant | Quantity | Operation | Reduction | Conditional | Named

type Shape<T> = T extends Node ? Omit<T, 'id'> : never

const interned = new Map<string, Expression>()

function intern(key: string, shape: Shape<Expression>): Expression {
  const known = interned.get(key)
  if (known) return known
  const node = { ...shape, id: interned.size } as Expression
  interned.set(key, node)
  return node
}

export type Term = Expression | number

const toExpression = (term: Term): Expression => (typeof term === 'number' ? constant(term) : term)

/** An integer in 0 … LIMIT. */
export function constant(value: number): Expression {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`A constant must be an integer from 0 to 2^53-1, not ${value}`)
  return intern(`#${value}`, { op: 'constant', value })
}

/** An input that varies at the given level; names are unique across the model. */
export function quantity(name: string, unit: string, about: string, level: Level = 'slice'): Quantity {
  return intern(`$${name}`, { op: 'quantity', name, unit, about, level, list: null }) as Quantity
}

/** A field of each row of a list. */
export function field(list: List, name: string, unit: string, about: string): Quantity {
  return intern(`$${list.name}.${name}`, { op: 'quantity', name, unit, about, level: 'slice', list }) as Quantity
}

function operation(op: Operation['op'], terms: Term[]): Expression {
  const of = terms.map(toExpression)
  return intern(`${op}(${of.map((e) => e.id)})`, { op, of })
}

/** a + b + …, saturating. */
export const sum = (...terms: Term[]) => operation('sum', terms)
/** a × b × …, saturating from the left. */
export const product = (...terms: Term[]) => operation('product', terms)
export const smallest = (...terms: Term[]) => operation('smallest', terms)
export const largest = (...terms: Term[]) => operation('largest', terms)
/** a − b, but never below 0. */
export const difference = (a: Term, b: Term) => operation('difference', [a, b])
/** ⌈a / b⌉; b must be at least 1. */
export const ceilDiv = (a: Term, b: Term) => operation('ceilDiv', [a, b])
/** ⌊a / b⌋; b must be at least 1. */
export const floorDiv = (a: Term, b: Term) => operation('floorDiv', [a, b])
/** a rounded up to a multiple of b. */
export const roundUp = (a: Term, b: Term) => product(ceilDiv(a, b), b)

export function sumOver(list: List, of: Expression): Expression {
  return intern(`sum ${list.name}(${of.id})`, { op: 'sumOver', list, of })
}
export function largestOver(list: List, of: Expression): Expression {
  return intern(`largest ${list.name}(${of.id})`, { op: 'largestOver', list, of })
}

/** One formula where a flag of the structure is set, another (0 unless given) where it is not. */
export function when(flag: string, then: Term, otherwise: Term = 0): Expression {
  const of: [Expression, Expression] = [toExpression(then), toExpression(otherwise)]
  return intern(`when ${flag}(${of.map((e) => e.id)})`, { op: 'when', flag, of })
}

/** Names a step. Two steps of one name must be the same formula. */
export function named(name: string, unit: string, source: string, of: Expression): Named {
  return intern(`"${name}"(${of.id})`, { op: 'named', name, unit, source, of }) as Named
}

/** The expressions a node is made of. */
export function operands(node: Expression): readonly Expression[] {
  if (node.op === 'constant' || node.op === 'quantity') return []
  return Array.isArray(node.of) ? node.of : [node.of]
}

/** The same node over other operands. */
export function rebuild(node: Expression, of: Expression[]): Expression {
  switch (node.op) {
    case 'constant':
    case 'quantity':
      return node
    case 'named':
      return named(node.name, node.unit, node.source, of[0])
    case 'sumOver':
      return sumOver(node.list, of[0])
    case 'largestOver':
      return largestOver(node.list, of[0])
    case 'when':
      return when(node.flag, of[0], of[1])
    default:
      return operation(node.op, of)
  }
}

/** What an expression is evaluated on: the value of every quantity it names. */
export interface Inputs {
  /** Slice-level quantities by name; batch and sequence are given apart. */
  values: Record<string, number>
  /** Rows of each list, fields by name. */
  lists: Record<string, Record<string, number>[]>
}
