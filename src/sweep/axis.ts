/** An axis: a field of the scenario and the values it takes. Any field may be one; batch and sequence are walked fastest. */
import { findField } from '../scenario/fields.ts'
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
  const field = findField(axis.field, 'axes').path
  const at = `axes.${field}`
  if ('values' in axis) return { field, values: checkedValues(axis.values, at) }
  const { from, to } = axis
  checkCount(from, `${at}.from`)
  checkCount(to, `${at}.to`)
  if (from > to) throw refuse(at, from, `starts above its end ${to}; swap them`)
  if ('scale' in axis) {
    const points = axis.points ?? Math.ceil(Math.log2(to / from)) + 1
    checkCount(points, `${at}.points`)
    return { field, values: log2Values(from, to, points) }
  }
  const step = axis.step ?? 1
  checkCount(step, `${at}.step`)
  const count = Math.floor((to - from) / step) + 1
  if (count > MAX_AXIS_VALUES) throw tooMany(at, count)
  return { field, values: Array.from({ length: count }, (_, i) => from + i * step) }
}

function checkedValues(values: unknown, at: string): AxisValue[] {
  if (!Array.isArray(values) || values.length === 0) throw refuse(at, values, 'needs a list of at least one value')
  if (values.length > MAX_AXIS_VALUES) throw tooMany(at, values.length)
  for (const value of values) {
    if (typeof value === 'object' && value !== null)
      throw refuse(at, value, 'must be a number, a text, true, false or null')
  }
  return values
}

function checkCount(value: number, at: string): void {
  if (!Number.isSafeInteger(value) || value < 1) throw refuse(at, value, 'must be a whole number of at least 1')
}

const tooMany = (at: string, count: number) =>
  refuse(at, count, `values are more than ${MAX_AXIS_VALUES}; use a larger step or a log2 scale`)

/** Distinct integers from `from` to `to`, evenly spaced in log2; both ends are in. */
export function log2Values(from: number, to: number, points: number): number[] {
  const steps = Math.max(1, Math.min(points, MAX_AXIS_VALUES) - 1)
  const span = Math.log2(to / from)
  const values = new Set<number>()
  for (let i = 0; i <= steps; i++) values.add(Math.round(from * 2 ** ((span * i) / steps)))
  values.add(to)
  return [...values].filter((v) => v <= to).sort((a, b) => a - b)
}
