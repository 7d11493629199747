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
    ...(/\bmeter not stated\b/i.test(said) ? ['its meter'] : []),
  ]
}

/** Measured with certainty, and nothing left out. */
export const isStated = (row: Measurement) => row.gold && unstated(row).every((what) => what === 'how its lengths vary')
