/**
 * The three evaluating readings (reference, compiled CPU, straight walks) held together at tolerance zero on random formulas, and the
 * reference itself against hand computations.
 */
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { cellFunction, largestBatch, largestBatchOf, runFiller, seriesFiller } from '../../../src/formula/cells.ts'
import { ceilDivExact, compile, floorDivExact } from '../../../src/formula/compile.ts'
import { evaluate } from '../../../src/formula/evaluate.ts'
import * as f from '../../../src/formula/expression.ts'
import { specialise } from '../../../src/formula/specialise.ts'
import { NormalFormError, stage } from '../../../src/formula/stages.ts'
import { batch, inputs, moving, value, x } from '../../formulas.ts'

// Thousands of random formulas take a while on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const cell = (e: f.Expression, given: f.Inputs, b: number, s: number) => Number(evaluate(e, given, b, s))

describe('the reference', () => {
  it('computes by hand: 2 × 8 heads × 128 × 2 B × 32 layers = 131 072 B a token (Llama 3 8B, GQA)', () => {
    expect(evaluate(f.product(2, 8, 128, 2, 32), { values: {}, lists: {} }, 1, 1)).toBe(131072n)
  })
  it('saturates at 2^53 - 1 and never goes below 0', () => {
    expect(cell(f.product(x, x), { values: { test_x: 2 ** 32 }, lists: {} }, 1, 1)).toBe(f.LIMIT)
    expect(cell(f.difference(3, 5), { values: {}, lists: {} }, 1, 1)).toBe(0)
  })
  it('refuses a missing value and a division by zero', () => {
    expect(() => evaluate(x, { values: {}, lists: {} }, 1, 1)).toThrow('test_x')
    expect(() => evaluate(f.ceilDiv(1, x), { values: { test_x: 0 }, lists: {} }, 1, 1)).toThrow('zero')
  })
})

describe('readings agree', () => {
  it('divides exactly where `/` rounds', () => {
    fc.assert(
      fc.property(value, value, (p, q) => {
        const d = Math.max(1, q)
        expect(floorDivExact(p, d)).toBe(Number(BigInt(p) / BigInt(d)))
        expect(ceilDivExact(p, d)).toBe(Number((BigInt(p) + BigInt(d) - 1n) / BigInt(d)))
      }),
      { numRuns: 20000 },
    )
  })

  it('compiled columns and cells equal the reference', () => {
    fc.assert(
      fc.property(
        moving,
        inputs,
        fc.integer({ min: 1, max: 65536 }),
        fc.integer({ min: 1, max: 2 ** 24 }),
        (e, given, b, s) => {
          const stages = stage({ out: specialise(e, new Set()) })
          const program = compile(stages)
          const results = new Float64Array(program.columnResults)
          program.setSlice(given)
          program.column(s, results, 0)
          expect(cellFunction(stages.outputs[0].tree)(results, 0, b)).toBe(cell(e, given, b, s))
        },
      ),
      { numRuns: 4000 },
    )
  })

  it('runs filled by additions equal cells evaluated one by one', () => {
    fc.assert(
      fc.property(
        moving,
        inputs,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 70 }),
        (e, given, step, count) => {
          const stages = stage({ out: specialise(e, new Set()) })
          const program = compile(stages)
          const results = new Float64Array(program.columnResults)
          program.setSlice(given)
          program.column(777, results, 0)
          const { tree } = stages.outputs[0]
          const value = cellFunction(tree)
          const out = new Float64Array(count)
          runFiller(tree)(results, 0, { start: 3, step, count }, out, 0, 1)
          expect([...out]).toEqual(Array.from(out, (_, i) => value(results, 0, 3 + i * step)))
          // The same batch sizes as an uneven series, each of them twice.
          const twice = Uint32Array.from({ length: 2 * count }, (_, i) => 3 + (i >> 1) * step)
          const series = new Float64Array(2 * count)
          seriesFiller(tree)(results, 0, twice, series, 0)
          expect([...series]).toEqual(Array.from(series, (_, i) => out[i >> 1]))
          const limit = out[count >> 1]
          const found = largestBatch(value, results, 0, limit, 500)
          expect(largestBatchOf(tree)(results, 0, limit, 500)).toBe(found)
          if (found > 0) expect(value(results, 0, found)).toBeLessThanOrEqual(limit)
          if (found < 500) expect(value(results, 0, found + 1)).toBeGreaterThan(limit)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('refuses formulas that cannot be walked', () => {
    expect(() => stage({ out: f.ceilDiv(batch, 2) })).toThrow(NormalFormError)
    expect(() => stage({ out: f.product(batch, batch) })).toThrow(NormalFormError)
  })
})
