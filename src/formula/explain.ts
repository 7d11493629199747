/**
 * The explaining reading: any number of an estimate as its formula, the same with the values in it, its source, and the steps it is made of.
 * Values come from the BigInt reference. It explains one cell for a reader; nothing here is meant for a map.
 */
import { formatInteger } from '../units.ts'
import { isRowBound } from './dependence.ts'
import { evaluator, type Rows } from './evaluate.ts'
import { type Expression, type Inputs, operands, type Reduction } from './expression.ts'
import { byName, type MathNode, mathML, plainText, type View, write } from './notation.ts'
import { prose } from './prose.ts'
import { reduce } from './reduce.ts'

export interface Explanation {
  /** Name of the step or quantity; empty for a formula that has none. */
  name: string
  unit: string
  value: number
  /** The formula in names: `batch × cache per sequence`. */
  formula: string
  /** The same with values: `8 × 1 073 741 824`. Sums over rows show their terms, at most a few. */
  substituted: string
  /** Where the formula comes from; what a quantity means. */
  source: string
  /** Inside a sum or maximum over rows: which row this is, the one with the largest term; null elsewhere. */
  row: Row | null
  /** Named steps of the formula, in order of appearance. */
  parts: Explanation[]
  /** Quantities of the formula, in order of appearance; they have no parts. */
  quantities: Explanation[]
  /** Where the formula chooses between alternatives: which, and each of them explained, when asked for. */
  choice(): Choice | null
  /** One of the two formulas as MathML data, made when asked for. */
  toMathML(which: 'formula' | 'substituted'): MathNode
}

/** A row among those a step was computed for, counted from 0. */
interface Row {
  list: string
  index: number
  count: number
}

interface Choice {
  of: 'largest' | 'smallest'
  /** `wins`: the first of those that are as large, or as small, as the value. */
  options: { option: Explanation; wins: boolean }[]
}

/** The rows in force, and which row of which list the innermost is. */
interface Scope {
  rows: Rows
  row: Row | null
}

interface Cell {
  inputs: Inputs
  value: ReturnType<typeof evaluator>
}

/**
 * Explains a formula whose flags are specialised away, in one cell.
 * @throws EvaluationError when a quantity has no value
 */
export function explain(expression: Expression, inputs: Inputs, batch: number, sequence: number): Explanation {
  return explainIn({ inputs, value: evaluator(inputs, batch, sequence) }, expression, { rows: {}, row: null })
}

/** Explains what a formula comes to with these inputs: without terms that are 0 and factors that are 1. */
export const explainReduced: typeof explain = (expression, ...cell) => explain(reduce(expression, ...cell), ...cell)

function explainIn(cell: Cell, node: Expression, scope: Scope): Explanation {
  const formula = node.op === 'named' ? node.of : node
  // Which row a formula in names speaks of is open.
  const isPositive = (of: Expression) => !isRowBound(of) && cell.value(of, scope.rows) > 0n
  const views = { formula: { ...byName, isPositive }, substituted: byValue(cell, scope.rows) }
  const steps = stepsOf(cell, formula, scope)
  const explainAll = (wanted: 'named' | 'quantity') =>
    [...steps].filter(([step]) => step.op === wanted).map(([step, at]) => explainIn(cell, step, at))
  return {
    ...about(node),
    value: Number(cell.value(node, scope.rows)),
    formula: write(formula, plainText, views.formula),
    substituted: write(formula, plainText, views.substituted),
    row: isRowBound(node) ? scope.row : null,
    parts: explainAll('named'),
    quantities: node.op === 'quantity' ? [] : explainAll('quantity'),
    choice: () => choiceOf(cell, formula, scope),
    toMathML: (which) => ({ tag: 'math', children: [write(formula, mathML, views[which])] }),
  }
}

function choiceOf(cell: Cell, formula: Expression, scope: Scope): Choice | null {
  if (formula.op !== 'largest' && formula.op !== 'smallest') return null
  const options = formula.of.map((option) => explainIn(cell, option, scope))
  const value = Number(cell.value(formula, scope.rows))
  const first = options.findIndex((option) => option.value === value)
  return { of: formula.op, options: options.map((option, i) => ({ option, wins: i === first })) }
}

function about(node: Expression): { name: string; unit: string; source: string } {
  if (node.op !== 'named' && node.op !== 'quantity') return { name: '', unit: '', source: '' }
  const [unit, source] = prose[node.name] ?? [node.unit, node.op === 'named' ? node.source : node.about]
  return { name: node.name, unit, source }
}

/** Reads every leaf by its value; reductions unfold into their terms, largest first. */
function byValue(cell: Cell, rows: Rows): View {
  return {
    leaf(node) {
      const isLeaf = node.op === 'constant' || node.op === 'quantity' || node.op === 'named'
      return isLeaf ? { kind: 'number', text: formatInteger(cell.value(node, rows)) } : null
    },
    unfold: (node) => termsOf(cell, node, rows).map((term) => ({ of: node.of, view: byValue(cell, term.rows) })),
    isOne: (divisor) => cell.value(divisor, rows) === 1n,
    isPositive: (difference) => cell.value(difference, rows) > 0n,
  }
}

/** The terms of a sum or maximum over rows, largest first. */
function termsOf(cell: Cell, node: Reduction, outer: Rows): (Scope & { value: bigint })[] {
  const all = cell.inputs.lists[node.list.name] ?? []
  return all
    .map((fields, index) => {
      const rows = { ...outer, [node.list.name]: fields }
      return { rows, row: { list: node.list.about, index, count: all.length }, value: cell.value(node.of, rows) }
    })
    .sort((a, b) => (a.value === b.value ? 0 : a.value < b.value ? 1 : -1))
}

/** Named steps and quantities a formula is made of, without going into them, each with the scope it is met in first. */
function stepsOf(cell: Cell, formula: Expression, outer: Scope): Map<Expression, Scope> {
  const found = new Map<Expression, Scope>()
  const visit = (node: Expression, scope: Scope): void => {
    if (node.op === 'named' || node.op === 'quantity') {
      if (!found.has(node)) found.set(node, scope)
      return
    }
    const reduces = node.op === 'sumOver' || node.op === 'largestOver'
    const inner = reduces ? termsOf(cell, node, scope.rows)[0] : scope
    if (inner) for (const operand of operands(node)) visit(operand, inner)
  }
  visit(formula, outer)
  return found
}
