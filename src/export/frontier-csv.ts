/** The OOM boundary as CSV: for every slice and sequence length the largest batch, with and without the safety margin. */
import { limits } from '../scenario/schema.ts'
import type { Evaluator } from '../sweep/evaluator.ts'
import type { Plan } from '../sweep/plan.ts'
import { boundary } from '../sweep/run.ts'
import { encode, headRecord, record } from './csv-writer.ts'
import { breathe, type ExportOptions, progressOf } from './progress.ts'
import { axisCell, heading } from './rows.ts'

/** Chunks of UTF-8, the header first. 0 means that not even one sequence fits; a slice that cannot exist has its reason instead. */
export async function* frontierCsv(
  plan: Plan,
  engine: Evaluator,
  options: ExportOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { slices, sequences, sliceAxes } = plan
  const progress = progressOf(slices.length * sequences.length, options)
  yield encode(
    headRecord([
      ...sliceAxes.map(({ field }) => heading(field)),
      heading('sequence'),
      'largest batch [sequences]',
      'largest batch within the safety margin [sequences]',
      'reason',
    ]),
  )
  for (const slice of slices) {
    const start = slice.coordinates.map(axisCell)
    const most = await boundary(slice, sequences, limits.batch, 'capacity', engine)
    const safe = await boundary(slice, sequences, limits.batch, 'safeCapacity', engine)
    const rows = Array.from(sequences, (tokens, i) => {
      const found = slice.structure ? [most[i], safe[i], ''] : ['', '', slice.refusal ?? '']
      return record([...start, tokens, ...found])
    })
    yield encode(rows.join(''))
    progress.add(sequences.length)
    await breathe(progress)
  }
}
