/**
 * A Parquet file, group of rows by group of rows: one page a column and group, uncompressed, since the encodings leave little to compress.
 * https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */
import { Bytes } from './bytes.ts'
import type { Column } from './column.ts'
import { encodings, types } from './format.ts'
import { i32, i64, list, type Struct, struct, text, writeStruct } from './thrift.ts'

const pages = { data: 0, dictionary: 2 } as const

const magic = Uint8Array.of(0x50, 0x41, 0x52, 0x31)

export class ParquetFile {
  private readonly out = new Bytes()
  private readonly groups: Struct[] = []
  private rows = 0
  /** Bytes handed out so far. */
  private written = 0
  private readonly columns: readonly Column[]

  constructor(columns: readonly Column[]) {
    this.columns = columns
    this.out.raw(magic)
  }

  private get position(): number {
    return this.written + this.out.length
  }

  /** Writes what the columns hold as a group, and empties them. */
  group(): void {
    const { rows } = this.columns[0]
    const start = this.position
    const chunks = this.columns.map((column) => struct(...this.chunk(column)))
    this.groups.push([
      [1, list(chunks)],
      [2, i64(this.position - start)],
      [3, i64(rows)],
    ])
    this.rows += rows
  }

  /** The bytes since they were taken last. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.out.take()
    this.written += taken.length
    return taken
  }

  /** Writes the footer; nothing may follow. */
  finish(): void {
    const start = this.position
    const root = struct([4, text('sweep')], [5, i32(this.columns.length)])
    writeStruct(this.out, [
      [1, i32(1)],
      [2, list([root, ...this.columns.map((column) => struct(...described(column)))])],
      [3, i64(this.rows)],
      [4, list(this.groups.map((group) => struct(...group)))],
      [6, text('oomscape')],
      // Without an order by which least and most were found, readers may not use them.
      [7, list(this.columns.map(() => struct([1, struct()])))],
    ])
    this.out.int32(this.position - start)
    this.out.raw(magic)
  }

  private chunk(column: Column): Struct {
    const { rows } = column
    const start = this.position
    const { encoding, dictionary, values, statistics } = column.encode()
    if (dictionary) this.page(pages.dictionary, dictionary.bytes, dictionary.count, encodings.PLAIN)
    const data = this.position
    this.page(pages.data, values, rows, encoding)
    const size = this.position - start
    const used = [encodings.RLE, encoding, ...(dictionary ? [encodings.PLAIN] : [])]
    return [
      [2, i64(start)],
      [
        3,
        struct(
          [1, i32(types[column.type])],
          [2, list(used.map(i32))],
          [3, list([text(column.name)])],
          [4, i32(0)],
          [5, i64(rows)],
          [6, i64(size)],
          [7, i64(size)],
          [9, i64(data)],
          [11, dictionary ? i64(start) : undefined],
          [12, statistics && struct(...statistics)],
        ),
      ],
    ]
  }

  private page(type: number, bytes: Uint8Array, count: number, encoding: number): void {
    const header: Struct = [
      [1, i32(count)],
      [2, i32(encoding)],
      [3, type === pages.data ? i32(encodings.RLE) : undefined],
      [4, type === pages.data ? i32(encodings.RLE) : undefined],
    ]
    writeStruct(this.out, [
      [1, i32(type)],
      [2, i32(bytes.length)],
      [3, i32(bytes.length)],
      [type === pages.data ? 5 : 7, struct(...header)],
    ])
    this.out.raw(bytes)
  }
}

/** A column in the schema: text is UTF-8, said in the old way and in the new. */
const described = ({ name, type, nullable }: Column): Struct => [
  [1, i32(types[type])],
  [3, i32(nullable ? 1 : 0)],
  [4, text(name)],
  [6, type === 'STRING' ? i32(0) : undefined],
  [10, type === 'STRING' ? struct([1, struct()]) : undefined],
]
