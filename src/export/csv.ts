/**
 * A sweep as CSV: one row per cell, slices as planned, then sequence, then batch. Streamed: memory does not grow with the number of cells,
 * and the event loop gets its turn between chunks, so that ten million rows do not freeze a page.
 */
import type { Evaluator } from '../sweep/evaluator.ts'
import type { Plan } from '../sweep/plan.ts'
import { run, type SweepTile } from '../sweep/run.ts'
import { CsvWriter, cell, encode, headRecord, textCell } from './csv-writer.ts'
import { breathe, type ExportOptions, progressOf } from './progress.ts'
import { axisCell, byteColumns, cellHeadings, verdictOf } from './rows.ts'

/** Rows between two turns of the event loop: a few milliseconds, and about 1 MiB. */
const ROWS = 8192
/** What a row needs besides its slice's cells and reason: 13 integers of at most 16 digits, commas, the verdict, the line end. */
const ROW_BYTES = 256

/** Chunks of UTF-8, the header first. Stops with the signal's reason when it aborts. */
export async function* csv(
  plan: Plan,
  engine: Evaluator,
  options: ExportOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const progress = progressOf(plan.cells, options)
  yield encode(headRecord(cellHeadings(plan)))
  for await (const tile of run(plan, engine, options.signal)) {
    const rows = rowsOf(plan, tile)
    const count = tile.sequences * plan.batches.length
    for (let from = 0; from < count; from += ROWS) {
      const to = Math.min(count, from + ROWS)
      yield rows(from, to)
      progress.add(to - from)
      await breathe(progress)
    }
  }
}

/** A function that writes the tile's rows `from` … `to` − 1. */
function rowsOf(plan: Plan, { slice, firstSequence, values }: SweepTile) {
  const { batches, sequences } = plan
  const start = encode(slice.coordinates.map((value) => `${cell(axisCell(value))},`).join(''))
  const finish = slice.structure ? estimated(values) : refused(slice.refusal ?? '')
  return (from: number, to: number) => {
    const writer = new CsvWriter((to - from) * (start.length + finish.bytes + ROW_BYTES))
    for (let row = from; row < to; row++) {
      writer.raw(start)
      writer.integer(sequences[firstSequence + Math.floor(row / batches.length)])
      writer.comma()
      writer.integer(batches[row % batches.length])
      writer.comma()
      finish.write(writer, row)
    }
    return writer.done()
  }
}

interface RowEnd {
  /** What it writes beyond `ROW_BYTES`, at most. */
  bytes: number
  write(writer: CsvWriter, row: number): void
}

/** Verdict and an empty reason. */
const verdicts = { fits: encode('fits,\r\n'), tight: encode('tight,\r\n'), oom: encode('oom,\r\n') }

function estimated(values: SweepTile['values']): RowEnd {
  const read = (name: keyof typeof values) => values[name] ?? new Float64Array()
  const columns = byteColumns.map(read)
  const [total, safe, capacity] = [read('total'), read('safeCapacity'), read('capacity')]
  return {
    bytes: 0,
    write(writer, row) {
      for (const column of columns) {
        writer.integer(column[row])
        writer.comma()
      }
      writer.raw(verdicts[verdictOf(total[row], safe[row], capacity[row])])
    },
  }
}

function refused(reason: string): RowEnd {
  const end = encode(`${','.repeat(byteColumns.length)}impossible,${textCell(reason)}\r\n`)
  return { bytes: end.length, write: (writer) => writer.raw(end) }
}
