/** An axis: a field of the scenario and the values it takes. Any field may be one; batch and sequence are walked fastest. */
import { refuse } from '../scenario/parse.ts'

export type AxisValue = number | string | boolean | null

/** As written: values outright, or a range. A log2 range of n points is rounded to distinct integers. */
export type AxisInput =
  | { field: string; values: AxisValue[] }
  | { field: string; from: number; to: number; step?: number }
  | { field: string; from: number; to: number; scale: 'log2'; points?: number }

export interface Axis {
  /** Dotted path, e.g. `precision.weights`. */
  field: string
  values: readonly AxisValue[]
}

/** The most values one axis may have. */
export const MAX_AXIS_VALUES = 65_536

/** @throws ScenarioError naming the axis */
export function expandAxis(axis: AxisInput): Axis {
  const { field } = axis
  const at = `axes.${field}`
  if ('values' in axis) {
    if (!Array.isArray(axis.values) || axis.values.length === 0)
      throw refuse(at, axis.values, 'needs at least one value')
    if (axis.values.length > MAX_AXIS_VALUES) throw tooMany(at, axis.values.length)
    return { field, values: axis.values }
  }
  const { from, to } = axis
  for (const end of [from, to]) {
    if (!Number.isSafeInteger(end) || end < 1) throw refuse(at, end, 'must be a whole number of at least 1')
  }
  if (from > to) throw refuse(at, from, `starts above its end ${to}; swap them`)
  if ('scale' in axis)
    return { field, values: log2Values(from, to, axis.points ?? Math.ceil(Math.log2(to / from)) + 1) }
  const step = axis.step ?? 1
  if (!Number.isSafeInteger(step) || step < 1) throw refuse(`${at}.step`, step, 'must be a whole number of at least 1')
  const count = Math.floor((to - from) / step) + 1
  if (count > MAX_AXIS_VALUES) throw tooMany(at, count)
  return { field, values: Array.from({ length: count }, (_, i) => from + i * step) }
}

const tooMany = (field: string, count: number) =>
  refuse(field, count, `values are more than ${MAX_AXIS_VALUES}; use a larger step or a log2 scale`)

/** Distinct integers from `from` to `to`, evenly spaced in log2; both ends are in. */
export function log2Values(from: number, to: number, points: number): number[] {
  const steps = Math.max(1, Math.min(points, MAX_AXIS_VALUES) - 1)
  const span = Math.log2(to / from)
  const values = new Set<number>()
  for (let i = 0; i <= steps; i++) values.add(Math.round(from * 2 ** ((span * i) / steps)))
  values.add(to)
  return [...values].filter((v) => v <= to).sort((a, b) => a - b)
}
