/** What a measurement of training leaves out though its total depends on it; the prediction then takes an assumption (training-of.ts). */
import type { Measurement } from './measurement.ts'

export function unstated(row: Measurement): string[] {
  if (row.kind === 'inference' || row.measured.what === 'weights') return []
  const said = row.other_settings ?? ''
  return [
    ...(row.seq_len === null ? ['its sequence length'] : []),
    ...(/\bvariable|\bnot packed|\bunpacked|\bseq_len = cap\b|\+-\d+ tokens/i.test(said)
      ? ['how its lengths vary']
      : []),
    ...(row.batch === null && row.micro_batch === null ? ['its batch'] : []),
    ...(row.gpus === null ? ['its GPUs'] : []),
    ...(isUndivided(row) ? ['how its GPUs share the work'] : []),
    ...(/\bassumed\b|\bnot in table\b/i.test(said) ? ['what it was run on'] : []),
    ...(/\bmeter not stated\b/i.test(said) ? ['its meter'] : []),
  ]
}

const isUndivided = ({ gpus, parallelism }: Measurement) =>
  (gpus ?? 1) > 1 && [parallelism?.tp, parallelism?.pp, parallelism?.dp].every((degree) => degree == null)

/** Measured with certainty, and nothing left out. */
export const isStated = (row: Measurement) => row.gold && unstated(row).every((what) => what === 'how its lengths vary')
