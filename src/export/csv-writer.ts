/** Writes CSV (RFC 4180) as UTF-8 bytes: fields quoted where they must be, integers without going through strings. */

const COMMA = 44
const ZERO = 48
const encoder = new TextEncoder()

/**
 * One text cell. Text that a spreadsheet would take for a formula (it begins with = + - @, of full width or not, a tab or the end of a line)
 * gets an apostrophe in front: owasp.org/www-community/attacks/CSV_Injection.
 */
export function textCell(text: string): string {
  const safe = /^[=+\-@＝＋－＠\t\r\n]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A cell of either kind; a number stays a number. */
export const cell = (value: string | number): string => (typeof value === 'number' ? String(value) : textCell(value))

/** One record with its line end. */
export const record = (values: readonly (string | number)[]): string => `${values.map(cell).join(',')}\r\n`

/**
 * The first record, every cell in quotes: readers that guess the dialect from the first rows (DuckDB) would otherwise conclude that there
 * are no quotes, and stumble over the first one.
 */
export const headRecord = (names: readonly string[]): string =>
  `${names.map((name) => `"${textCell(name).replace(/^"|"$/g, '')}"`).join(',')}\r\n`

export const encode = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text)

/** Bytes of known size at most, filled from the front. */
export class CsvWriter {
  private readonly bytes: Uint8Array<ArrayBuffer>
  private at = 0

  constructor(size: number) {
    this.bytes = new Uint8Array(size)
  }

  raw(bytes: Uint8Array) {
    this.bytes.set(bytes, this.at)
    this.at += bytes.length
  }

  comma() {
    this.bytes[this.at++] = COMMA
  }

  /** An integer in 0 … 2^53 − 1. */
  integer(value: number) {
    if (value < 1e9) {
      this.digits(value, 1)
      return
    }
    const high = Math.floor(value / 1e9)
    this.digits(high, 1)
    this.digits(value - high * 1e9, 9)
  }

  /** What was written; the writer is not used again. */
  done(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.at)
  }

  /** An integer below 10^9, with leading zeros up to a least number of digits. */
  private digits(value: number, least: number) {
    let count = least
    for (let bound = 10 ** least; value >= bound; bound *= 10) count++
    let rest = value | 0
    for (let i = this.at + count - 1; i >= this.at; i--) {
      const next = (rest / 10) | 0
      this.bytes[i] = ZERO + rest - next * 10
      rest = next
    }
    this.at += count
  }
}
