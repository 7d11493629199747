/** Parquet files of designed and random values, read back by another library (hyparquet), as its encodings' specification has them. */
import fc from 'fast-check'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { NumberColumn, RunColumn } from '../../../src/export/parquet/column.ts'
import { ParquetFile } from '../../../src/export/parquet/file.ts'

const LIMIT = Number.MAX_SAFE_INTEGER

/** A file of one column of numbers, in groups. */
function numbers(type: 'INT32' | 'INT64', ...groups: number[][]): ArrayBuffer {
  const column = new NumberColumn('n', type, false, Math.max(...groups.map(({ length }) => length)))
  return written(column, groups, (values) => column.add(Float64Array.from(values)))
}

function written<T>(column: NumberColumn | RunColumn, groups: readonly T[], add: (group: T) => void): ArrayBuffer {
  const file = new ParquetFile([column])
  const parts = groups.map((group) => {
    add(group)
    file.group()
    return file.take()
  })
  file.finish()
  const bytes = [...parts, file.take()]
  const whole = new Uint8Array(bytes.reduce((n, { length }) => n + length, 0))
  let at = 0
  for (const part of bytes) {
    whole.set(part, at)
    at += part.length
  }
  return whole.buffer
}

const read = async (file: ArrayBuffer) => (await parquetReadObjects({ file })).map(({ n }) => n)

describe('numbers', () => {
  it.each([
    ['one', [7]],
    ['two', [7, 5]],
    ['a miniblock and one', Array.from({ length: 34 }, (_, i) => i * i)],
    ['a block and one', Array.from({ length: 130 }, (_, i) => i % 7)],
    ['blocks of one walk', Array.from({ length: 1000 }, (_, i) => 16_060_522_496 + i * 131_072)],
    ['every width of differences', Array.from({ length: 54 }, (_, i) => 2 ** i - 1)],
    ['falls and rises', Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? 2 ** 40 + i : i))],
    ['saturated', [LIMIT, LIMIT, 0, LIMIT, 0, 1, LIMIT - 1]],
    ['the least and the most', [-LIMIT, LIMIT, -LIMIT]],
  ])('%s', async (_, values) => {
    expect(await read(numbers('INT64', values))).toEqual(values.map(BigInt))
  })

  it('any, in any groups', async () => {
    const value = fc.oneof(fc.integer({ min: 0, max: LIMIT }), fc.integer({ min: -5, max: 300 }))
    const group = fc.array(value, { minLength: 1, maxLength: 400 })
    await fc.assert(
      fc.asyncProperty(fc.array(group, { minLength: 1, maxLength: 3 }), async (groups) => {
        expect(await read(numbers('INT64', ...groups))).toEqual(groups.flat().map(BigInt))
      }),
      { numRuns: 200 },
    )
  })

  it('of 32 bits', async () => {
    const values = [1, 65_536, 16_777_216, 3, 2 ** 31 - 1, 0]
    expect(await read(numbers('INT32', values))).toEqual(values)
  })

  it('take next to nothing along a walk over batch sizes', () => {
    const walk = Array.from({ length: 65_536 }, (_, i) => 16_060_522_496 + i * 1_073_741_824)
    expect(numbers('INT64', walk).byteLength).toBeLessThan(65_536 / 8)
  })

  it('some rows without any, or all', async () => {
    const column = new NumberColumn('n', 'INT64', true, 4)
    const file = written(column, ['some', 'none'], (group) => {
      if (group === 'some') {
        column.add(Float64Array.of(5, 6))
        column.addNulls(3)
        column.add(Float64Array.of(7))
      } else column.addNulls(20)
    })
    expect(await read(file)).toEqual([5n, 6n, null, null, null, 7n, ...Array(20).fill(null)])
    const { row_groups } = parquetMetadata(file)
    expect(row_groups.map(({ columns: [{ meta_data }] }) => meta_data?.statistics)).toMatchObject([
      { null_count: 3n, min_value: 5n, max_value: 7n },
      { null_count: 20n },
    ])
  })
})

describe('runs', () => {
  const values = fc.oneof(
    fc.record({
      type: fc.constant('STRING' as const),
      pool: fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }),
    }),
    fc.record({ type: fc.constant('BOOLEAN' as const), pool: fc.constant([true, false]) }),
    fc.record({
      type: fc.constant('DOUBLE' as const),
      pool: fc.array(
        fc.double({ noNaN: true }).map((value) => value + 0),
        { minLength: 1, maxLength: 300 },
      ),
    }),
  )

  it('of any type, with rows that have none', async () => {
    const groups = values.chain(({ type, pool }) =>
      fc.record({
        type: fc.constant(type),
        groups: fc.array(
          fc.array(
            fc.tuple(fc.option(fc.constantFrom<string | boolean | number>(...pool)), fc.integer({ min: 1, max: 90 })),
            {
              minLength: 1,
            },
          ),
          { minLength: 1, maxLength: 3 },
        ),
      }),
    )
    await fc.assert(
      fc.asyncProperty(groups, async ({ type, groups }) => {
        const column = new RunColumn('n', type, true)
        const file = written(column, groups, (runs) => {
          for (const [value, count] of runs) column.add(value, count)
        })
        const expected = groups.flat().flatMap(([value, count]) => Array(count).fill(value))
        expect(await read(file)).toEqual(expected)
      }),
      { numRuns: 200 },
    )
  })
})
