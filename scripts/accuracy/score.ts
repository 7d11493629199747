/** Errors and their statistics. */
import type { Measurement } from './measurement.ts'
import { Inexpressible } from './names.ts'
import { predict } from './predict.ts'
import type { Prediction } from './prediction.ts'

export interface Result {
  row: Measurement
  /** Same unit as `actual`; null for boundaries and rows without a prediction. */
  expected: number | null
  actual: number | null
  /** (expected − actual) / actual. */
  error: number | null
  range: Prediction['range']
  side: 'right' | 'wrong' | null
  /** Why there is no prediction. */
  reason: string | null
}

export function evaluate(row: Measurement): Result {
  const empty = { row, expected: null, actual: null, error: null, range: null, side: null, reason: null }
  try {
    const prediction = predict(row)
    if (typeof prediction === 'string') return { ...empty, side: prediction }
    const { what, value, value_gib } = row.measured
    const actual = what === 'kv_tokens' ? value : value_gib === null ? null : bytesOf(row, value_gib)
    if (actual === null) return { ...empty, reason: 'the row has no value' }
    return { ...empty, ...prediction, actual, error: (prediction.expected - actual) / actual }
  } catch (error) {
    if (error instanceof Inexpressible) return { ...empty, reason: error.message }
    throw error
  }
}

/** A converted value assumes GiB where the unit is ambiguous; some rows' meters say that they divide by 10⁹. */
function bytesOf({ measured, other_settings }: Measurement, gib: number): number {
  const decimal = measured.unit === 'GB' && measured.value === gib && /\/1e9|decimal GB/.test(other_settings ?? '')
  return decimal ? gib * 1e9 : gib * 2 ** 30
}

export interface Statistics {
  rows: number
  covered: number
  /** Rows with an error. */
  errors: number
  median: number | null
  p90: number | null
  bias: number | null
  within5: number | null
  within10: number | null
  within20: number | null
  /** Share of totals inside their range, and the median width of the range relative to the measured value. */
  inRange: number | null
  width: number | null
  /** Share of boundary rows on the right side. */
  boundaries: number
  right: number | null
}

export function statistics(results: Result[]): Statistics {
  const scored = results.filter((r) => r.error !== null)
  const errors = scored.map((r) => r.error as number)
  const sizes = errors.map(Math.abs)
  const ranged = scored.filter((r) => r.range !== null)
  const sides = results.filter((r) => r.side !== null)
  const share = (of: unknown[], all: unknown[]) => (all.length === 0 ? null : of.length / all.length)
  const within = (limit: number) =>
    share(
      sizes.filter((e) => e <= limit),
      sizes,
    )
  return {
    rows: results.length,
    covered: results.filter((r) => r.reason === null).length,
    errors: scored.length,
    median: quantile(sizes, 0.5),
    p90: quantile(sizes, 0.9),
    bias: quantile(errors, 0.5),
    within5: within(0.05),
    within10: within(0.1),
    within20: within(0.2),
    inRange: share(
      ranged.filter((r) => r.actual! >= r.range!.low && r.actual! <= r.range!.high),
      ranged,
    ),
    width: quantile(
      ranged.map((r) => (r.range!.high - r.range!.low) / r.actual!),
      0.5,
    ),
    boundaries: sides.length,
    right: share(
      sides.filter((r) => r.side === 'right'),
      sides,
    ),
  }
}

/** Linear interpolation between order statistics; null of nothing. */
export function quantile(values: number[], q: number): number | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * q
  const low = sorted[Math.floor(at)]!
  return low + (sorted[Math.ceil(at)]! - low) * (at - Math.floor(at))
}
