/** Random formulas in every shape the normal form takes, and inputs for them, for property tests of the readings. */
import fc from 'fast-check'
import * as f from '../src/formula/expression.ts'

export const batch = f.quantity('test_batch', 'sequences', 'batch', 'cell')
export const sequence = f.quantity('test_sequence', 'tokens', 'sequence', 'column')
export const x = f.quantity('test_x', '', 'any')
export const y = f.quantity('test_y', '', 'at least one')
export const rows: f.List = { name: 'test_rows', about: 'rows' }
export const a = f.field(rows, 'a', '', 'any')
export const w = f.field(rows, 'w', '', 'window')

/** Inputs around every place where 32-bit halves, doubles and the limit could go wrong. */
export const edges = [0, 1, 2, 3, 65535, 65536, 65537, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 52, f.LIMIT - 1, f.LIMIT]

export const value = fc.oneof(fc.constantFrom(...edges), fc.nat(1000), fc.maxSafeNat())

export const inputs = fc.record({
  values: fc.record({ test_x: value, test_y: value.map((v) => Math.max(1, v)) }),
  lists: fc.record({
    test_rows: fc.array(fc.record({ a: value, w: value.map((v) => Math.max(1, v)) }), { maxLength: 4 }),
  }),
})

/** Random formulas below the cell level. */
export const still: fc.Arbitrary<f.Expression> = fc.letrec<{ e: f.Expression }>((tie) => ({
  e: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<f.Expression>(x, y, sequence, f.constant(0), f.constant(1), f.constant(7)),
    fc.constantFrom(f.sumOver(rows, f.product(a, f.smallest(sequence, w))), f.largestOver(rows, f.sum(a, x))),
    fc.tuple(tie('e'), tie('e')).map(([p, q]) => f.sum(p, q)),
    fc.tuple(tie('e'), tie('e')).map(([p, q]) => f.product(p, q)),
    fc.tuple(tie('e'), tie('e')).map(([p, q]) => f.difference(p, q)),
    fc.tuple(tie('e'), tie('e')).map(([p, q]) => f.largest(p, q)),
    tie('e').map((p) => f.ceilDiv(p, y)),
    tie('e').map((p) => f.floorDiv(p, y)),
  ),
})).e

/** Random formulas in the shapes the normal form takes. */
export const moving: fc.Arbitrary<f.Expression> = fc.letrec<{ e: f.Expression }>((tie) => ({
  e: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    still.map((s) => f.product(batch, s)),
    fc.tuple(tie('e'), tie('e')).map(([p, q]) => f.sum(p, q)),
    fc.tuple(tie('e'), still).map(([p, q]) => f.sum(p, q)),
    fc.tuple(tie('e'), still).map(([p, q]) => f.smallest(p, q)),
    fc.tuple(tie('e'), tie('e')).map(([p, q]) => f.largest(p, q)),
    fc.tuple(tie('e'), still).map(([p, q]) => f.difference(p, q)),
  ),
})).e
