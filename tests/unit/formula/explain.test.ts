/**
 * The explaining reading. Expected texts are written by hand; on random formulas the text with values in it is read back by a parser of its
 * own and must give the value it explains.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Explanation, explain } from '../../../src/formula/explain.ts'
import * as f from '../../../src/formula/expression.ts'
import { mathText } from '../../../src/formula/notation.ts'
import { specialise } from '../../../src/formula/specialise.ts'
import { a, batch, inputs, moving, rows, sequence, w, x, y } from '../../formulas.ts'

const given = (test_x: number, test_y: number, test_rows: { a: number; w: number }[] = []): f.Inputs => ({
  values: { test_x, test_y },
  lists: { test_rows },
})
const plain = (text: string) => text.replaceAll('\u202f', '')

describe('formulas in names and values', () => {
  it('binds × before +, and keeps parentheses only where they are needed', () => {
    const e = f.sum(f.product(f.sum(x, y), x), f.product(f.product(x, y), 3), f.sum(x, 1))
    const { formula, substituted, value } = explain(e, given(2, 5), 1, 1)
    expect(formula).toBe('(test_x + test_y) × test_x + test_x × test_y × 3 + test_x + 1')
    expect(substituted).toBe('(2 + 5) × 2 + 2 × 5 × 3 + 2 + 1')
    expect(value).toBe(47)
  })

  it('writes rounded divisions in ceiling and floor brackets', () => {
    expect(explain(f.ceilDiv(f.sum(x, 1), f.product(y, 2)), given(9, 3), 1, 1)).toMatchObject({
      formula: '⌈(test_x + 1) / (test_y × 2)⌉',
      substituted: '⌈(9 + 1) / (3 × 2)⌉',
      value: 2,
    })
    expect(explain(f.product(f.floorDiv(f.product(x, 3), y), 2), given(3, 2), 1, 1)).toMatchObject({
      formula: '⌊test_x × 3 / test_y⌋ × 2',
      substituted: '⌊3 × 3 / 2⌋ × 2',
      value: 8,
    })
  })

  it('leaves a division by 1 out of the values, parentheses in place', () => {
    const e = f.product(f.ceilDiv(f.sum(x, 1), y), 4)
    expect(explain(e, given(9, 1), 1, 1).substituted).toBe('(9 + 1) × 4')
  })

  it('tells the alternatives of a choice, and the first that decides it', () => {
    const larger = f.named('larger', 'B', 'a paper', f.largest(f.sum(x, 1), y, 3))
    const choice = explain(larger, given(2, 3), 1, 1).choice()
    expect(choice?.of).toBe('largest')
    expect(choice?.options.map(({ option, wins }) => [option.formula, option.value, wins])).toEqual([
      ['test_x + 1', 3, true],
      ['test_y', 3, false],
      ['3', 3, false],
    ])
    expect(
      explain(f.smallest(x, y), given(2, 3), 1, 1)
        .choice()
        ?.options.map(({ wins }) => wins),
    ).toEqual([true, false])
    expect(explain(f.sum(x, y), given(2, 3), 1, 1).choice()).toBeNull()
  })

  it('writes the saturating difference as a maximum with 0', () => {
    expect(explain(f.difference(x, f.sum(y, 1)), given(2, 5), 1, 1)).toMatchObject({
      formula: 'max(0, test_x − (test_y + 1))',
      substituted: 'max(0, 2 − (5 + 1))',
      value: 0,
    })
  })

  it('shows the terms of a sum over rows, largest first, and an ellipsis after three of many', () => {
    const e = f.sumOver(rows, f.product(a, f.smallest(sequence, w)))
    const two = explain(
      e,
      given(1, 1, [
        { a: 2, w: 50 },
        { a: 3, w: 1000 },
      ]),
      1,
      100,
    )
    expect(two.formula).toBe('Σ over rows (a × min(test_sequence, w))')
    expect(two.substituted).toBe('3 × min(100, 1000) + 2 × min(100, 50)'.replace('1000', '1\u202f000'))
    expect(two.value).toBe(400)
    const many = explain(
      e,
      given(
        1,
        1,
        [1, 2, 3, 4, 5].map((n) => ({ a: n, w: 9 })),
      ),
      1,
      1,
    )
    expect(many.substituted).toBe('5 × min(1, 9) + 4 × min(1, 9) + 3 × min(1, 9) + …')
    expect(explain(e, given(1, 1), 1, 1).substituted).toBe('0')
  })

  it('puts a sum over rows in parentheses inside a product', () => {
    const e = f.product(x, f.sumOver(rows, a))
    const twoRows = [
      { a: 1, w: 1 },
      { a: 2, w: 1 },
    ]
    expect(explain(e, given(3, 1, twoRows), 1, 1).substituted).toBe('3 × (2 + 1)')
    expect(explain(e, given(3, 1, twoRows.slice(1)), 1, 1).substituted).toBe('3 × 2')
  })

  it('refuses a flag that is still open, as the reference does', () => {
    expect(() => explain(f.when('some flag', x), given(1, 1), 1, 1)).toThrow('some flag')
  })
})

describe('steps', () => {
  const perRow = f.named('per row', 'B', 'a source', f.product(a, w))
  const perSequence = f.named('per sequence', 'B', 'another source', f.sumOver(rows, f.product(perRow, y)))
  const all = f.named('all', 'B', 'a third', f.product(batch, perSequence))
  const explained = explain(
    all,
    given(0, 2, [
      { a: 2, w: 3 },
      { a: 5, w: 7 },
    ]),
    4,
    1,
  )

  it('names what a formula is made of, with its own formula, unit and source', () => {
    expect(explained).toMatchObject({ name: 'all', unit: 'B', source: 'a third', value: 328, row: null })
    expect(explained.formula).toBe('test_batch × per sequence')
    expect(explained.substituted).toBe('4 × 82')
    expect(explained.parts.map((part) => part.name)).toEqual(['per sequence'])
    expect(explained.parts[0].substituted).toBe('35 × 2 + 6 × 2')
  })

  it('shows a step inside a sum for its largest row, and says which that is', () => {
    const [step] = explained.parts[0].parts
    expect(step).toMatchObject({ name: 'per row', value: 35, substituted: '5 × 7', row: { index: 1, count: 2 } })
  })

  it('lists the quantities of each formula with value, unit and meaning', () => {
    expect(explained.quantities).toMatchObject([{ name: 'test_batch', value: 4, unit: 'sequences', source: 'batch' }])
    expect(explained.parts[0].parts[0].quantities.map((q) => [q.name, q.value])).toEqual([
      ['a', 5],
      ['w', 7],
    ])
  })

  it('explains a step that only renames another', () => {
    const alias = explain(f.named('alias', 'B', '', perSequence), given(0, 1, [{ a: 2, w: 3 }]), 1, 1)
    expect(alias).toMatchObject({ formula: 'per sequence', substituted: '6' })
  })
})

describe('MathML', () => {
  it('writes divisions as fractions without parentheses, and brackets around them', () => {
    const e = f.ceilDiv(f.sum(x, 1), y)
    expect(mathText(explain(e, given(9, 3), 1, 1).toMathML('substituted'))).toBe(
      '<math><mrow><mo>⌈</mo><mfrac><mrow><mn>9</mn><mo>+</mo><mn>1</mn></mrow><mn>3</mn></mfrac><mo>⌉</mo></mrow></math>',
    )
  })
  it('is data: a name full of markup stays text', () => {
    const hostile = f.quantity('<img src=x>&', '', '')
    const math = explain(hostile, { values: { '<img src=x>&': 1 }, lists: {} }, 1, 1).toMathML('formula')
    expect(math).toEqual({ tag: 'math', children: [{ tag: 'mi', text: '<img src=x>&' }] })
    expect(mathText(math)).toBe('<math><mi>&#60;img src=x&#62;&#38;</mi></math>')
  })
})

describe('on random formulas', () => {
  it('the text with values in it, read back, gives the value', () => {
    fc.assert(
      fc.property(
        moving,
        inputs,
        fc.integer({ min: 1, max: 65536 }),
        fc.integer({ min: 1, max: 2 ** 24 }),
        (e, at, b, s) => {
          const check = (found: Explanation) => {
            expect(Number(read(plain(found.substituted)))).toBe(found.value)
            found.parts.forEach(check)
          }
          check(explain(specialise(f.named('whole', '', '', e), new Set()), at, b, s))
        },
      ),
      { numRuns: 1000 },
    )
  }, 60_000)
})

/** Reads `3 × (2 + ⌈5 / 2⌉)` back; saturates like the reference. */
function read(text: string): bigint {
  const tokens = text.match(/\d+|max|min|[^\s]/g) ?? []
  const limit = BigInt(f.LIMIT)
  const clamp = (n: bigint) => (n > limit ? limit : n)
  const take = () => tokens.shift() as string
  const sum = (): bigint => {
    let value = product()
    while (tokens[0] === '+' || tokens[0] === '−') value = take() === '+' ? clamp(value + product()) : value - product()
    return value
  }
  const product = (): bigint => {
    let value = atom()
    while (tokens[0] === '×') {
      take()
      value = clamp(value * atom())
    }
    return value
  }
  const atom = (): bigint => {
    const token = take()
    if (token === '(') {
      const value = sum()
      take()
      return value
    }
    if (token === '⌈' || token === '⌊') {
      const above = sum()
      take()
      const below = product()
      take()
      return token === '⌈' ? (above + below - 1n) / below : above / below
    }
    if (token === 'max' || token === 'min') {
      const parts: bigint[] = []
      do {
        take()
        parts.push(sum())
      } while (tokens[0] === ',')
      take()
      return parts.reduce((p, q) => (p > q === (token === 'max') ? p : q))
    }
    return BigInt(token)
  }
  return sum()
}
