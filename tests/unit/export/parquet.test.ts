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

it('says by which order least and most were found, or readers ignore them (parquet.thrift, FileMetaData.column_orders)', () => {
  const file = Buffer.from(numbers('INT64', [1, 2]))
  // Thrift's compact protocol: field 7, a list of one struct; in it field 1, TypeDefinedOrder, empty; the ends of both, and of the footer.
  expect(file.subarray(-14, -8)).toEqual(Buffer.of(0x19, 0x1c, 0x1c, 0, 0, 0))
})

describe('runs', () => {
  it('have no dictionary where no row has a value: fastparquet cannot read an empty page', async () => {
    const column = new RunColumn('n', 'STRING', true)
    const file = written(column, [null], () => column.add(null, 3))
    expect(await read(file)).toEqual([null, null, null])
    expect(parquetMetadata(file).row_groups[0].columns[0].meta_data?.dictionary_page_offset).toBeUndefined()
  })

  it.each([
    ['STRING', ['nf4', 'bf16', 'fp8'], 'bf16', 'nf4'],
    // By UTF-8, in which U+FB01 comes before U+1F600; JavaScript compares the other way about.
    ['STRING', ['\u{1f600}', '\ufb01'], '\ufb01', '\u{1f600}'],
    ['STRING', ['ab', 'a', 'abc'], 'a', 'abc'],
    ['DOUBLE', [0.95, 0, 10, 2], -0, 10],
    ['INT64', [10, 9, 100], 9n, 100n],
    ['BOOLEAN', [true, false], false, true],
  ] as const)('have least and most: %s %j', (type, values, least, most) => {
    const column = new RunColumn('n', type, true)
    const file = written(column, [values], (runs) => {
      for (const value of runs) column.add(value, 2)
      column.add(null, 1)
    })
    const [group] = parquetMetadata(file).row_groups
    expect(group.columns[0].meta_data?.statistics).toMatchObject({ null_count: 1n, min_value: least, max_value: most })
  })

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
