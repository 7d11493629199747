/**
 * Partial evaluation: fixes the flags of a structure and folds what becomes constant or neutral, so that only the terms a structure
 * really has are compiled. Folding never changes a value, saturation included.
 */
import { constant, type Expression, LIMIT, operands, rebuild } from './expression.ts'

const zero = constant(0)
const isConstant = (e: Expression, value: number) => e.op === 'constant' && e.value === value

/** `expression` for the structure in which exactly the given flags are set. */
export function specialise(expression: Expression, flags: ReadonlySet<string>): Expression {
  const done = new Map<Expression, Expression>()
  const visit = (node: Expression): Expression => {
    let result = done.get(node)
    if (!result) {
      result =
        node.op === 'when'
          ? visit(node.of[flags.has(node.flag) ? 0 : 1])
          : fold(rebuild(node, operands(node).map(visit)))
      done.set(node, result)
    }
    return result
  }
  return visit(expression)
}

/** One node whose operands are folded: neutral constants are gone. */
export function fold(node: Expression): Expression {
  switch (node.op) {
    case 'sum': {
      const terms = node.of.filter((e) => !isConstant(e, 0))
      return terms.length === 0 ? zero : terms.length === 1 ? terms[0] : rebuild(node, terms)
    }
    case 'product': {
      if (node.of.some((e) => isConstant(e, 0))) return zero
      const factors = node.of.filter((e) => !isConstant(e, 1))
      if (factors.every((e) => e.op === 'constant')) {
        return constant(factors.reduce((p, e) => Math.min(LIMIT, p * (e as { value: number }).value), 1))
      }
      return factors.length === 1 ? factors[0] : rebuild(node, factors)
    }
    case 'largest': {
      const terms = [...new Set(node.of)].filter((e) => !isConstant(e, 0))
      return terms.length === 0 ? zero : terms.length === 1 ? terms[0] : rebuild(node, terms)
    }
    case 'smallest':
      return node.of.some((e) => isConstant(e, 0)) ? zero : node
    case 'difference':
      return isConstant(node.of[0], 0) ? zero : isConstant(node.of[1], 0) ? node.of[0] : node
    case 'ceilDiv':
    case 'floorDiv':
      return isConstant(node.of[0], 0) ? zero : isConstant(node.of[1], 1) ? node.of[0] : node
    case 'sumOver':
    case 'largestOver':
      return isConstant(node.of, 0) ? zero : node
    case 'named':
      return node.of.op === 'constant' ? node.of : node
    default:
      return node
  }
}
