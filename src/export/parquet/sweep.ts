/**
 * A sweep as Parquet: the columns of the CSV with types of their own, in row groups, so that memory does not grow with the number of cells. An
 * engine's arrays go in as they are; no row is ever made.
 */
import type { Axis } from '../../sweep/axis.ts'
import type { Evaluator } from '../../sweep/evaluator.ts'
import type { Plan } from '../../sweep/plan.ts'
import { type CellOutput, run, type SweepTile } from '../../sweep/run.ts'
import { breathe, type ExportOptions, progressOf } from '../progress.ts'
import { byteColumns, cellHeadings, verdictOf } from '../rows.ts'
import { NumberColumn, RunColumn } from './column.ts'
import { ParquetFile } from './file.ts'
import type { ColumnType } from './format.ts'

/** Rows of a group: encoding one keeps the thread for a few tens of milliseconds. */
const ROWS = 2 ** 16

/** Chunks of the file. Stops with the signal's reason when it aborts. */
export async function* parquet(
  plan: Plan,
  engine: Evaluator,
  options: ExportOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const progress = progressOf(plan.cells, options)
  const columns = columnsOf(plan)
  const file = new ParquetFile([
    ...columns.axes,
    columns.sequence,
    columns.batch,
    ...columns.bytes,
    columns.verdict,
    columns.reason,
  ])
  let held = 0
  const group = () => {
    file.group()
    progress.add(held)
    held = 0
    return file.take()
  }
  for await (const tile of run(plan, engine, options.signal)) {
    const add = adder(plan, columns, tile)
    const count = tile.sequences * plan.batches.length
    for (let from = 0; from < count; ) {
      const to = Math.min(count, from + ROWS - held)
      add(from, to)
      held += to - from
      from = to
      if (held < ROWS) continue
      yield group()
      await breathe(progress)
    }
  }
  if (held > 0) yield group()
  file.finish()
  yield file.take()
  progress.report()
}

type Columns = ReturnType<typeof columnsOf>

function columnsOf(plan: Plan) {
  const { sliceAxes } = plan
  const names = cellHeadings(plan)
  let next = 0
  const axes = sliceAxes.map(({ values }) => new RunColumn(names[next++], typeOf(values), values.includes(null)))
  return {
    axes,
    sequence: new NumberColumn(names[next++], 'INT32', false, ROWS),
    batch: new NumberColumn(names[next++], 'INT32', false, ROWS),
    bytes: byteColumns.map(() => new NumberColumn(names[next++], 'INT64', true, ROWS)),
    verdict: new RunColumn(names[next++], 'STRING', false),
    reason: new RunColumn(names[next++], 'STRING', true),
    /** Room to lay out a tile's sequence lengths and batch sizes. */
    tokens: new Float64Array(ROWS),
    loads: new Float64Array(ROWS),
  }
}

/** The narrowest type that holds every value of an axis; mixed ones are text. */
function typeOf(values: Axis['values']): ColumnType {
  const known = values.filter((value) => value !== null)
  if (known.every((value) => typeof value === 'boolean')) return 'BOOLEAN'
  if (!known.every((value) => typeof value === 'number')) return 'STRING'
  return known.every((value) => Number.isSafeInteger(value)) ? 'INT64' : 'DOUBLE'
}

/** A function that appends the tile's rows `from` … `to` − 1 to the columns. */
function adder({ sequences, batches }: Plan, columns: Columns, { slice, firstSequence, values }: SweepTile) {
  const { coordinates, refusal, structure } = slice
  const { tokens, loads } = columns
  const read = (name: CellOutput) => values[name] ?? new Float64Array()
  const [total, safe, capacity] = [read('total'), read('safeCapacity'), read('capacity')]
  return (from: number, to: number) => {
    const count = to - from
    columns.axes.forEach((column, i) => {
      const value = coordinates[i]
      column.add(value !== null && column.type === 'STRING' ? String(value) : value, count)
    })
    let column = firstSequence + Math.floor(from / batches.length)
    let place = from % batches.length
    for (let i = 0; i < count; i++) {
      tokens[i] = sequences[column]
      loads[i] = batches[place]
      if (++place < batches.length) continue
      place = 0
      column++
    }
    columns.sequence.add(tokens.subarray(0, count))
    columns.batch.add(loads.subarray(0, count))
    columns.reason.add(refusal, count)
    if (!structure) {
      for (const column of columns.bytes) column.addNulls(count)
      columns.verdict.add('impossible', count)
      return
    }
    for (const [i, column] of columns.bytes.entries()) column.add(read(byteColumns[i]).subarray(from, to))
    for (let row = from; row < to; ) {
      const verdict = verdictOf(total[row], safe[row], capacity[row])
      let end = row + 1
      while (end < to && verdictOf(total[end], safe[end], capacity[end]) === verdict) end++
      columns.verdict.add(verdict, end - row)
      row = end
    }
  }
}
