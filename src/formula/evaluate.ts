/**
 * The reference reading: BigInt, straight from the definition, no hoisting, no cleverness. Everything else is held against this.
 */
import { isRowBound, levelOf } from './dependence.ts'
import { type Expression, type Inputs, LIMIT } from './expression.ts'

const limit = BigInt(LIMIT)
const saturate = (value: bigint) => (value > limit ? limit : value)

/** A quantity has no value, or a divisor is 0. */
export class EvaluationError extends Error {}

/** The value of one expression in one cell, an integer in 0 … LIMIT. Flags must have been specialised away. */
export function evaluate(expression: Expression, inputs: Inputs, batch: number, sequence: number): bigint {
  return evaluator(inputs, batch, sequence)(expression)
}

/** The row in force of each list whose rows are being gone through, by the list's name. */
export type Rows = Record<string, Record<string, number>>

/**
 * Evaluates many expressions of one cell, sharing their common parts; what stands inside a sum over rows needs the row.
 * `column` holds what does not depend on batch: cells of one column (same inputs, same sequence) may be given the same map.
 */
export function evaluator(
  inputs: Inputs,
  batch: number,
  sequence: number,
  column: Map<Expression, bigint> = new Map(),
): (expression: Expression, rows?: Rows) => bigint {
  const cell = new Map<Expression, bigint>()

  const visit = (node: Expression, rows: Rows, inner: Map<Expression, bigint>): bigint => {
    const memo = isRowBound(node) ? inner : levelOf(node) === 'cell' ? cell : column
    let value = memo.get(node)
    if (value === undefined) {
      value = saturate(compute(node, rows, inner))
      memo.set(node, value)
    }
    return value
  }

  const compute = (node: Expression, rows: Rows, inner: Map<Expression, bigint>): bigint => {
    switch (node.op) {
      case 'constant':
        return BigInt(node.value)
      case 'quantity': {
        if (node.level === 'cell') return BigInt(batch)
        if (node.level === 'column') return BigInt(sequence)
        const value = (node.list ? rows[node.list.name] : inputs.values)[node.name]
        if (value === undefined) throw new EvaluationError(`No value for ${node.name}`)
        return BigInt(value)
      }
      case 'named':
        return visit(node.of, rows, inner)
      case 'when':
        throw new EvaluationError(`The flag ${node.flag} was not specialised`)
      case 'sumOver':
      case 'largestOver': {
        let result = 0n
        for (const row of inputs.lists[node.list.name] ?? []) {
          const value = visit(node.of, { ...rows, [node.list.name]: row }, new Map())
          result = node.op === 'sumOver' ? saturate(result + value) : value > result ? value : result
        }
        return result
      }
      default: {
        const [first, ...rest] = node.of.map((operand) => visit(operand, rows, inner))
        return rest.reduce((a, b) => apply[node.op](a, b), first)
      }
    }
  }
  return (expression, rows = {}) => visit(expression, rows, new Map())
}

const apply: Record<string, (a: bigint, b: bigint) => bigint> = {
  sum: (a, b) => saturate(a + b),
  product: (a, b) => saturate(a * b),
  smallest: (a, b) => (a < b ? a : b),
  largest: (a, b) => (a > b ? a : b),
  difference: (a, b) => (a > b ? a - b : 0n),
  ceilDiv: (a, b) => (a + divisor(b) - 1n) / b,
  floorDiv: (a, b) => a / divisor(b),
}

function divisor(b: bigint): bigint {
  if (b === 0n) throw new EvaluationError('Division by zero')
  return b
}
