/** Formulas as one scenario needs them: the same value, without what is 0 or 1 there. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../../../src/formula/evaluate.ts'
import { explainReduced } from '../../../src/formula/explain.ts'
import * as f from '../../../src/formula/expression.ts'
import { reduce } from '../../../src/formula/reduce.ts'
import { specialise } from '../../../src/formula/specialise.ts'
import { a, batch, inputs, moving, rows, sequence, w, x, y } from '../../formulas.ts'

const given = (test_x: number, test_y: number, test_rows: { a: number; w: number }[] = []): f.Inputs => ({
  values: { test_x, test_y },
  lists: { test_rows },
})
const formula = (e: f.Expression, at: f.Inputs, b = 1, s = 1) => explainReduced(e, at, b, s).formula

it('keeps the value of any formula', () => {
  fc.assert(
    fc.property(
      moving,
      inputs,
      fc.integer({ min: 1, max: 65_536 }),
      fc.integer({ min: 1, max: 2 ** 24 }),
      (e, at, b, s) => {
        const plain = specialise(e, new Set())
        expect(evaluate(reduce(plain, at, b, s), at, b, s)).toBe(evaluate(plain, at, b, s))
      },
    ),
    { numRuns: 1000 },
  )
}, 60_000)

describe('leaves out', () => {
  it('terms that are 0, factors and divisors that are 1', () => {
    const e = f.sum(f.product(x, y, sequence), f.ceilDiv(f.product(batch, sequence), y), f.product(x, 7))
    expect(formula(e, given(0, 1))).toBe('test_batch × test_sequence')
    expect(formula(e, given(2, 1))).toBe('test_x × test_sequence + test_batch × test_sequence + test_x × 7')
  })

  it('what is 0 or 1 in every row, and nothing that is not in all', () => {
    const e = f.sumOver(rows, f.sum(f.product(a, w), w))
    expect(
      formula(
        e,
        given(1, 1, [
          { a: 1, w: 5 },
          { a: 1, w: 3 },
        ]),
      ),
    ).toBe('Σ over rows (w + w)')
    expect(
      formula(
        e,
        given(1, 1, [
          { a: 1, w: 5 },
          { a: 2, w: 3 },
        ]),
      ),
    ).toBe('Σ over rows (a × w + w)')
  })

  it('the bound of a difference that does not reach it', () => {
    expect(formula(f.sum(f.difference(x, y), x), given(5, 2))).toBe('(test_x − test_y) + test_x')
    expect(formula(f.sum(f.difference(x, y), x), given(2, 5))).toBe('test_x')
  })

  it('a step that has become another', () => {
    const inner = f.named('inner', 'B', 'its source', f.sum(batch, 2))
    const outer = f.named('outer', 'B', 'a source', f.sum(f.product(y, inner), x))
    expect(explainReduced(outer, given(0, 1), 3, 1)).toMatchObject({
      name: 'inner',
      source: 'its source',
      formula: 'test_batch + 2',
      value: 5,
    })
  })
})

it('leaves batch and sequence in, whatever they are, and a formula that is 0 as it is', () => {
  expect(formula(f.product(batch, sequence, x), given(9, 1), 1, 1)).toBe('test_batch × test_sequence × test_x')
  expect(formula(f.named('nothing', 'B', '', f.product(x, batch)), given(0, 1), 4)).toBe('test_x × test_batch')
})
