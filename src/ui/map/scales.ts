/** The axes of the map: integers in bands, on a log₂ or linear scale, and pixels. Cell n reaches from n − ½ to n + ½. */
import { limits } from '../../scenario/schema.ts'
import type { Range } from '../state/document.ts'

export interface AxisScale {
  range: Range
  /** Pixels from the start of the axis. */
  position(value: number): number
  /** The value at a pixel, a real number. */
  value(pixel: number): number
  /** Whole numbers worth a label. */
  ticks: number[]
}

/** @param length pixels of the axis; a negative one runs upwards from `-length` */
export function axisScale(range: Range, length: number): AxisScale {
  const log = range.scale === 'log2'
  const flat = (value: number) => (log ? Math.log2(value) : value)
  const start = flat(range.from - 0.5)
  const span = flat(range.to + 0.5) - start
  const origin = length < 0 ? -length : 0
  return {
    range,
    position: (value) => origin + ((flat(value) - start) / span) * length,
    value: (pixel) => {
      const at = start + ((pixel - origin) / length) * span
      return log ? 2 ** at : at
    },
    ticks: (log ? log2Ticks : linearTicks)(range, Math.abs(length)),
  }
}

/** Powers of two; where there are few, the halves and quarters between them; where many, every second. */
function log2Ticks({ from, to }: Range, length: number): number[] {
  const octaves = Math.log2((to + 0.5) / (from - 0.5))
  const room = length / octaves
  const parts = room > 260 ? 8 : room > 130 ? 4 : room > 84 ? 2 : 1
  const every = parts > 1 ? 1 : Math.ceil(32 / room)
  const ticks = new Set<number>()
  for (let power = Math.floor(Math.log2(from)); 2 ** power <= to; power++) {
    if (power % every !== 0) continue
    for (let part = 0; part < parts; part++) ticks.add(2 ** power * (1 + part / parts))
  }
  const inside = [...ticks].filter((tick) => readable(tick) && tick >= from && tick <= to)
  return inside.length > 1 ? inside : linearTicks({ from, to, scale: 'linear' }, length)
}

/** Whole, and above 1024 whole thousands, as people write them. */
const readable = (tick: number) => Number.isInteger(tick) && (tick <= 1024 || tick % 1024 === 0)

/** Multiples of a power of two, because tokens come in those; few enough to read. */
function linearTicks({ from, to }: Range, length: number): number[] {
  const most = Math.max(2, Math.floor(length / 64))
  let step = 1
  while ((to - from) / step > most) step *= 2
  const ticks: number[] = []
  for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) ticks.push(tick)
  return ticks
}

/** The whole number whose cell a pixel is in. */
export const cellAt = (scale: AxisScale, pixel: number) =>
  Math.min(Math.ceil(scale.range.to), Math.max(Math.floor(scale.range.from), Math.round(scale.value(pixel)) || 1, 1))

/**
 * One whole number per device pixel, from the first to the last. Of several in a pixel the roundest is shown: powers of two and their multiples, which
 * people ask for, so that a runtime that allocates in blocks does not show at 1k what it needs at 1025.
 */
export function cells(scale: AxisScale, count: number, ratio: number): Uint32Array {
  const shown = new Uint32Array(count)
  let end = scale.value(0)
  for (let i = 0; i < count; i++) {
    const start = end
    end = scale.value((i + 1) / ratio)
    const low = Math.max(1, Math.ceil(Math.min(start, end)))
    const high = Math.ceil(Math.max(start, end)) - 1
    shown[i] = high > low ? roundest(low, high) : cellAt(scale, (i + 0.5) / ratio)
  }
  return shown
}

/** The number from `low` to `high` that the highest power of two divides. */
function roundest(low: number, high: number): number {
  let number = high
  while ((number & (number - 1)) >= low) number &= number - 1
  return number
}

/** Zooms by a factor around a value, or moves by a share of the axis, within the domain of the model. */
export function zoomed({ range }: AxisScale, around: number, factor: number, most: number): Range {
  const log = range.scale === 'log2'
  const to = (value: number) => (log ? Math.log2(value) : value)
  const back = (value: number) => (log ? 2 ** value : value)
  const centre = to(around)
  const low = back(centre + (to(range.from) - centre) * factor)
  const high = back(centre + (to(range.to) - centre) * factor)
  return within({ from: low, to: high, scale: range.scale }, most)
}

export function moved({ range }: AxisScale, share: number, most: number): Range {
  if (range.scale === 'log2') {
    const by = Math.min(most / range.to, Math.max(1 / range.from, (range.to / range.from) ** share))
    return { ...range, from: range.from * by, to: range.to * by }
  }
  const by = Math.min(most - range.to, Math.max(1 - range.from, (range.to - range.from) * share))
  return { ...range, from: range.from + by, to: range.to + by }
}

/** Moved no further than it takes to show a value, with a tenth of the axis beyond it. */
export function showing(axis: AxisScale, value: number, most: number): Range {
  const { from, to, scale } = axis.range
  if (value >= from && value <= to) return axis.range
  const flat = (n: number) => (scale === 'log2' ? Math.log2(n) : n)
  const [edge, margin] = value > to ? [to, 0.1] : [from, -0.1]
  return whole(moved(axis, (flat(value) - flat(edge)) / (flat(to) - flat(from)) + margin, most))
}

/** The least number of cells an axis shows. */
const FEWEST = 8

function within({ from, to, scale }: Range, most: number): Range {
  const low = Math.max(1, from)
  const high = Math.min(most, to)
  if (high - low >= FEWEST - 1) return { from: low, to: high, scale }
  const start = Math.max(1, Math.min(most - FEWEST + 1, Math.round((low + high - FEWEST + 1) / 2)))
  return { from: start, to: start + FEWEST - 1, scale }
}

/** Ends on whole numbers, as links hold them. */
export const whole = ({ from, to, scale }: Range): Range => ({ from: Math.round(from), to: Math.round(to), scale })

export const mostOf = { x: limits.sequence, y: limits.batch } as const
