/** Columns while a group of rows gathers: numbers that differ from cell to cell, and what stays the same for many rows. */
import { Bytes } from './bytes.ts'
import { Runs, writeDeltas } from './encode.ts'
import { type ColumnType, encodings } from './format.ts'
import { i64, type Struct } from './thrift.ts'

export interface Encoded {
  encoding: number
  /** The pages' contents. */
  values: Uint8Array
  dictionary: { bytes: Uint8Array; count: number } | null
  statistics: Struct
}

export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly nullable: boolean
  /** How many rows it holds. */
  readonly rows: number
  /** What it holds; it is empty then. */
  encode(): Encoded
}

/** A page begins with which rows have a value, where a row may have none: RLE of one bit, its length in front. */
function writeLevels(out: Bytes, levels: Runs): void {
  const bytes = new Bytes()
  levels.write(bytes, 1)
  const taken = bytes.take()
  out.int32(taken.length)
  out.raw(taken)
}

/** Safe integers, up to a fixed number of them a group. */
export class NumberColumn implements Column {
  readonly name: string
  readonly type: 'INT32' | 'INT64'
  readonly nullable: boolean
  private readonly values: Float64Array
  private count = 0
  private readonly levels = new Runs()

  constructor(name: string, type: 'INT32' | 'INT64', nullable: boolean, most: number) {
    this.name = name
    this.type = type
    this.nullable = nullable
    this.values = new Float64Array(most)
  }

  get rows(): number {
    return this.levels.length
  }

  add(values: Float64Array): void {
    this.values.set(values, this.count)
    this.count += values.length
    this.levels.push(1, values.length)
  }

  addNulls(count: number): void {
    this.levels.push(0, count)
  }

  encode(): Encoded {
    const values = this.values.subarray(0, this.count)
    const out = new Bytes()
    if (this.nullable) writeLevels(out, this.levels)
    const packed = writeDeltas(out, values)
    if (!packed) for (const value of values) write[this.type](out, value)
    const nulls = this.rows - this.count
    this.count = 0
    this.levels.clear()
    return {
      encoding: packed ? encodings.DELTA_BINARY_PACKED : encodings.PLAIN,
      values: out.take(),
      dictionary: null,
      statistics: [[3, i64(nulls)], ...this.bounds(values)],
    }
  }

  private bounds(values: Float64Array): Struct {
    if (values.length === 0) return []
    let [least, most] = [values[0], values[0]]
    for (const value of values) {
      if (value < least) least = value
      if (value > most) most = value
    }
    return bounds(plain(this.type, least), plain(this.type, most))
  }
}

/** Fields of the statistics, `max_value` first. */
const bounds = (least: Uint8Array, most: Uint8Array): Struct => [
  [5, { bytes: most }],
  [6, { bytes: least }],
]

/** Values that come in long runs, of any type: each is written once a group, in a dictionary. */
export class RunColumn implements Column {
  readonly name: string
  readonly type: ColumnType
  readonly nullable: boolean
  private readonly dictionary = new Map<string | number | boolean, number>()
  private readonly codes = new Runs()
  private readonly levels = new Runs()

  constructor(name: string, type: ColumnType, nullable: boolean) {
    this.name = name
    this.type = type
    this.nullable = nullable
  }

  get rows(): number {
    return this.levels.length
  }

  add(value: string | number | boolean | null, count: number): void {
    this.levels.push(value === null ? 0 : 1, count)
    if (value === null) return
    let code = this.dictionary.get(value)
    if (code === undefined) {
      code = this.dictionary.size
      this.dictionary.set(value, code)
    }
    this.codes.push(code, count)
  }

  encode(): Encoded {
    const out = new Bytes()
    if (this.nullable) writeLevels(out, this.levels)
    const nulls = this.rows - this.codes.length
    // fastparquet reads no empty page, and where no row has a value a dictionary would be one.
    const dictionary = this.codes.length === 0 ? null : this.type === 'BOOLEAN' ? this.flags(out) : this.indices(out)
    const between = this.bounds()
    this.dictionary.clear()
    this.codes.clear()
    this.levels.clear()
    return {
      encoding: dictionary ? encodings.RLE_DICTIONARY : encodings.PLAIN,
      values: out.take(),
      dictionary,
      statistics: [[3, i64(nulls)], ...between],
    }
  }

  /** Text is ordered by its bytes, numbers and flags by value. */
  private bounds(): Struct {
    const values = [...this.dictionary.keys()]
    if (values.length === 0) return []
    if (this.type === 'STRING') {
      const sorted = values.map((value) => encoder.encode(String(value))).sort(byBytes)
      return bounds(sorted[0], sorted[sorted.length - 1])
    }
    const sorted = values.map(Number).sort((a, b) => a - b)
    const [least, most] = [sorted[0], sorted[sorted.length - 1]]
    // The specification wants −0 for a least and +0 for a most.
    return bounds(plain(this.type, least === 0 ? -0 : least), plain(this.type, most === 0 ? 0 : most))
  }

  private indices(out: Bytes): Encoded['dictionary'] {
    const bits = Math.max(1, 32 - Math.clz32(this.dictionary.size - 1))
    out.byte(bits)
    this.codes.write(out, bits)
    const bytes = new Bytes()
    for (const value of this.dictionary.keys()) write[this.type](bytes, value as never)
    return { bytes: bytes.take(), count: this.dictionary.size }
  }

  /** Flags have no dictionary: eight of them a byte, the first lowest. */
  private flags(out: Bytes): null {
    const flags = [...this.dictionary.keys()]
    const bytes = new Uint8Array(Math.ceil(this.codes.length / 8))
    let at = 0
    for (const [code, count] of this.codes) {
      const end = at + count
      for (; at < end; at++) if (flags[code]) bytes[at >> 3] |= 1 << (at & 7)
    }
    out.raw(bytes)
    return null
  }
}

const encoder = new TextEncoder()

function byBytes(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, i) => byte !== b[i])
  return at < 0 ? a.length - b.length : a[at] - (b[at] ?? -1)
}

/** A number or flag by itself, as the statistics hold it. */
function plain(type: Exclude<ColumnType, 'STRING'>, value: number): Uint8Array {
  const out = new Bytes()
  write[type](out, value as never)
  return out.take()
}

/** Values as they are, in the format's PLAIN encoding. */
const write = {
  BOOLEAN: (out: Bytes, value: boolean) => out.byte(Number(value)),
  INT32: (out: Bytes, value: number) => out.int32(value),
  INT64: (out: Bytes, value: number) => out.int64(value),
  DOUBLE: (out: Bytes, value: number) => out.double(value),
  STRING(out: Bytes, value: string) {
    const bytes = encoder.encode(value)
    out.int32(bytes.length)
    out.raw(bytes)
  },
}
