/**
 * A sweep as Parquet: the columns of the CSV with types of their own, in row groups, so that memory does not grow with the number of cells.
 * The writer is a library of 18 kB, loaded when it is first needed.
 */
import type { ByteWriter } from 'hyparquet-writer'
import type { Axis, AxisValue } from '../sweep/axis.ts'
import type { Evaluator } from '../sweep/evaluator.ts'
import type { Plan } from '../sweep/plan.ts'
import { run, type SweepTile } from '../sweep/run.ts'
import { breathe, type ExportOptions, progressOf } from './progress.ts'
import { byteColumns, cellHeadings, verdictOf } from './rows.ts'

/** Rows of a group: encoding one keeps the thread for a few tens of milliseconds. */
const ROWS = 2 ** 13

type Cell = AxisValue | bigint
type ColumnType = 'STRING' | 'BOOLEAN' | 'INT32' | 'INT64' | 'DOUBLE'
interface Column {
  name: string
  type: ColumnType
  nullable: boolean
  data: Cell[]
}

/** Chunks of the file. Stops with the signal's reason when it aborts. */
export async function* parquet(
  plan: Plan,
  engine: Evaluator,
  options: ExportOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { ByteWriter, ParquetWriter, schemaFromColumnData } = await import('hyparquet-writer')
  const progress = progressOf(plan.cells, options)
  const columns = columnsOf(plan)
  const bytes = new ByteWriter()
  const writer = new ParquetWriter({
    writer: bytes,
    schema: schemaFromColumnData({ columnData: columns }),
    createdBy: 'oomscape',
  })
  const group = () => {
    const rows = columns[0].data.length
    writer.write({ columnData: columns, rowGroupSize: ROWS })
    for (const column of columns) column.data.length = 0
    progress.add(rows)
    return take(bytes)
  }
  for await (const tile of run(plan, engine, options.signal)) {
    const add = rowAdder(plan, columns, tile)
    const count = tile.sequences * plan.batches.length
    for (let row = 0; row < count; row++) {
      add(row)
      if (columns[0].data.length < ROWS) continue
      yield group()
      await breathe(progress)
    }
  }
  if (columns[0].data.length > 0) yield group()
  writer.finish()
  yield take(bytes)
  progress.report()
}

/** What was written since; the writer goes on from there. */
function take(writer: ByteWriter): Uint8Array<ArrayBuffer> {
  const chunk = writer.getBytes().slice() as Uint8Array<ArrayBuffer>
  writer.index = 0
  return chunk
}

function columnsOf({ sliceAxes, ...plan }: Plan): Column[] {
  const types: [ColumnType, boolean][] = [
    ...sliceAxes.map(({ values }): [ColumnType, boolean] => [typeOf(values), values.includes(null)]),
    ['INT32', false],
    ['INT32', false],
    ...byteColumns.map((): [ColumnType, boolean] => ['INT64', true]),
    ['STRING', false],
    ['STRING', true],
  ]
  return cellHeadings({ sliceAxes, ...plan }).map((name, i) => ({
    name,
    type: types[i][0],
    nullable: types[i][1],
    data: [],
  }))
}

/** The narrowest type that holds every value of an axis; mixed ones are text. */
function typeOf(values: Axis['values']): ColumnType {
  const known = values.filter((value) => value !== null)
  if (known.every((value) => typeof value === 'boolean')) return 'BOOLEAN'
  if (!known.every((value) => typeof value === 'number')) return 'STRING'
  return known.every((value) => Number.isSafeInteger(value)) ? 'INT64' : 'DOUBLE'
}

function axisCell(value: AxisValue, type: ColumnType): Cell {
  if (value === null) return null
  if (type === 'STRING') return String(value)
  return type === 'INT64' ? BigInt(value) : value
}

/** A function that appends one row of a tile to the columns. */
function rowAdder({ sequences, batches }: Plan, columns: Column[], { slice, firstSequence, values }: SweepTile) {
  const start = slice.coordinates.map((value, i) => axisCell(value, columns[i].type))
  const read = (name: keyof typeof values) => values[name] ?? new Float64Array()
  const components = byteColumns.map(read)
  const [total, safe, capacity] = [read('total'), read('safeCapacity'), read('capacity')]
  return (row: number) => {
    let next = 0
    const put = (cell: Cell) => void columns[next++].data.push(cell)
    for (const cell of start) put(cell)
    put(sequences[firstSequence + Math.floor(row / batches.length)])
    put(batches[row % batches.length])
    for (const column of components) put(slice.structure ? BigInt(column[row]) : null)
    put(slice.structure ? verdictOf(total[row], safe[row], capacity[row]) : 'impossible')
    put(slice.refusal)
  }
}
