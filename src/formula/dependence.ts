/** What an expression varies with: found from the expression itself, so that loop-invariant work is hoisted and never hand-placed. */
import { type Expression, type Level, operands } from './expression.ts'

const rank: Record<Level, number> = { slice: 0, column: 1, cell: 2 }
const levels = new WeakMap<Expression, Level>()
const rowBound = new WeakMap<Expression, boolean>()

/** The innermost loop the expression depends on. */
export function levelOf(node: Expression): Level {
  let level = levels.get(node)
  if (!level) {
    level = node.op === 'quantity' ? node.level : 'slice'
    for (const operand of operands(node)) {
      const inner = levelOf(operand)
      if (rank[inner] > rank[level]) level = inner
    }
    levels.set(node, level)
  }
  return level
}

/** True when the expression mentions a row's field outside the reduction that binds it. */
export function isRowBound(node: Expression): boolean {
  let bound = rowBound.get(node)
  if (bound === undefined) {
    if (node.op === 'quantity') bound = node.list !== null
    else if (node.op === 'sumOver' || node.op === 'largestOver') bound = false
    else bound = operands(node).some(isRowBound)
    rowBound.set(node, bound)
  }
  return bound
}
