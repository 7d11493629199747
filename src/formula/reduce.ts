/**
 * A formula as one scenario needs it: terms that are 0 there are gone, and factors and divisors that are 1, such as a tensor parallelism of one
 * GPU. Its value stays what it is; what depends on batch or sequence stays whatever it comes to, because it is what a reader turns.
 */
import { isRowBound, levelOf } from './dependence.ts'
import { evaluator, type Rows } from './evaluate.ts'
import { constant, type Expression, type Inputs, operands, product, rebuild } from './expression.ts'
import { fold } from './specialise.ts'

export function reduce(expression: Expression, inputs: Inputs, batch: number, sequence: number): Expression {
  const value = evaluator(inputs, batch, sequence)
  const done = new Map<Expression, Expression>()

  /** Whether a node is the same in every row it is met in, whatever batch and sequence. */
  const always = (node: Expression, wanted: bigint, scopes: readonly Rows[]) =>
    levelOf(node) === 'slice' && scopes.length > 0 && scopes.every((rows) => value(node, rows) === wanted)

  const visit = (node: Expression, scopes: readonly Rows[]): Expression => {
    const known = done.get(node)
    if (known) return known
    const result = always(node, 0n, scopes) ? constant(0) : reduced(node, scopes)
    // A row's field may be 1 in one list of rows and not in another: those are looked at anew.
    if (!isRowBound(node)) done.set(node, result)
    return result
  }

  const reduced = (node: Expression, scopes: readonly Rows[]): Expression => {
    if (node.op === 'product') {
      const factors = node.of.filter((factor) => !always(factor, 1n, scopes))
      return factors.length === 0 ? constant(1) : fold(product(...factors.map((factor) => visit(factor, scopes))))
    }
    if ((node.op === 'ceilDiv' || node.op === 'floorDiv') && always(node.of[1], 1n, scopes))
      return visit(node.of[0], scopes)
    const inner =
      node.op === 'sumOver' || node.op === 'largestOver'
        ? scopes.flatMap((rows) =>
            (inputs.lists[node.list.name] ?? []).map((row) => ({ ...rows, [node.list.name]: row })),
          )
        : scopes
    const folded = fold(
      rebuild(
        node,
        operands(node).map((operand) => visit(operand, inner)),
      ),
    )
    // A step that has become another is that one.
    return folded.op === 'named' && folded.of.op === 'named' ? folded.of : folded
  }

  const result = visit(expression, [{}])
  return result.op === 'constant' ? expression : result
}
