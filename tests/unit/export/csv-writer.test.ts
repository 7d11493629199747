/** CSV as RFC 4180 has it, and integers against JavaScript's own digits. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CsvWriter, record, textCell } from '../../../src/export/csv-writer.ts'

const digits = (value: number) => {
  const writer = new CsvWriter(16)
  writer.integer(value)
  return new TextDecoder().decode(writer.done())
}

/** Any UTF-16, what CSV cares about often. */
const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom('"', ',', '\r', '\n', '=', '+', '\t', 'a'),
      fc.nat(0xffff).map((c) => String.fromCharCode(c)),
    ),
  )
  .map((letters) => letters.join(''))

describe('integers', () => {
  it('are written digit by digit around every power of ten and of two', () => {
    const powers = [...Array.from({ length: 16 }, (_, i) => 10 ** i), ...Array.from({ length: 53 }, (_, i) => 2 ** i)]
    const edges = powers.flatMap((n) => [n - 1, n, n + 1]).filter((n) => Number.isSafeInteger(n))
    for (const n of [0, ...edges, Number.MAX_SAFE_INTEGER]) expect(digits(n)).toBe(String(n))
  })
  it('are written right anywhere in the domain', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (n) => digits(n) === String(n)),
      { numRuns: 5000 },
    )
  })
})

describe('text', () => {
  it('is quoted where RFC 4180 §2.6 and §2.7 ask for it', () => {
    expect(['plain', 'a,b', 'say "no"', 'two\r\nlines', ''].map(textCell)).toEqual([
      'plain',
      '"a,b"',
      '"say ""no"""',
      '"two\r\nlines"',
      '',
    ])
  })
  it('is no formula to a spreadsheet, in full width or after a line feed either', () => {
    // owasp.org/www-community/attacks/CSV_Injection names these too.
    for (const text of ['\n=1', '＝1', '＋1', '－1', '＠A1'])
      expect(textCell(text).replace(/^"|"$/g, '')).toBe(`'${text}`)
  })
  it('is no formula to a spreadsheet', () => {
    expect(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '=a,"b'].map(textCell)).toEqual([
      "'=1+1",
      "'+1",
      "'-1",
      "'@SUM(A1)",
      "'\tx",
      '"\'\rx"',
      '"\'=a,""b"',
    ])
  })
  it('survives being written and read back, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 5 }), (cells) => {
        const expected = cells.map((cell) => (/^[=+\-@＝＋－＠\t\r\n]/.test(cell) ? `'${cell}` : cell))
        expect(readRecord(record(cells))).toEqual(expected)
      }),
    )
  })
})

/** RFC 4180's grammar for one record. */
function readRecord(line: string): string[] {
  const cells: string[] = []
  let at = 0
  do {
    const cell = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?=,|\r\n)/.exec(line.slice(at))
    if (!cell) throw new Error(`Not a record: ${line}`)
    cells.push(cell[1]?.replaceAll('""', '"') ?? cell[2])
    at += cell[0].length
  } while (line[at++] === ',')
  if (line.slice(at - 1) !== '\r\n') throw new Error('No line end')
  return cells
}
