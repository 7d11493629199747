/** The geometry of a profile: stacked areas over the map's axis, bytes upwards, and where their names stand. No elements, no colours. */
import type { ComponentName } from '../../memory/model.ts'
import type { Profile } from '../../sweep/profile.ts'
import type { AxisScale } from '../map/scales.ts'

export interface Box {
  left: number
  top: number
  width: number
  height: number
}

export interface Band {
  name: ComponentName
  path: string
  /** Where its name stands in the right margin, and where it touches the band; null when no part of it reaches the right edge. */
  label: { y: number; at: number } | null
}

export interface Chart {
  box: Box
  x: AxisScale
  /** The largest number of bytes shown. */
  most: number
  y(bytes: number): number
  bands: Band[]
}

/** Pixels between the names of bands. */
const LINE = 15

/**
 * What is beyond the capacity and the pinned cell by half is as good as infinitely far; a scenario that stays below is shown whole. Both are always
 * inside, so that a dot at the height of a number means that number.
 */
function mostOf({ values, points }: Profile, pinned: number): number {
  const largest = values.total[points.length - 1]
  const capacity = values.capacity[0]
  return Math.max(capacity * 1.12, pinned * 1.08, Math.min(largest * 1.04, Math.max(capacity, pinned) * 1.5))
}

/** @param pinned bytes of the pinned cell */
export function chart(profile: Profile, x: AxisScale, box: Box, pinned: number): Chart {
  const { points, values, order } = profile
  const most = mostOf(profile, pinned)
  const y = (bytes: number) => box.height * (1 - Math.min(bytes, most) / most)
  const across = Array.from(points, (point) => x.position(point).toFixed(1))
  const floor = new Float64Array(points.length)
  const bands = order.map((name): Band => {
    const bottom = floor.map(y)
    for (let i = 0; i < floor.length; i++) floor[i] += values[name][i]
    const top = floor.map(y)
    const last = points.length - 1
    const visible = bottom[last] - top[last] > 0.2
    return {
      name,
      // The first and the last number reach to the edges, as the map's cells do.
      path: `M0 ${top[0]}L${line(across, top)}H${box.width}V${bottom[last]}L${line(across, bottom, true)}H0Z`,
      label: visible ? { y: 0, at: (bottom[last] + top[last]) / 2 } : null,
    }
  })
  spread(
    bands.flatMap(({ label }) => label ?? []),
    box.height,
  )
  return { box, x, most, y, bands }
}

function line(across: readonly string[], heights: Float64Array, backwards = false): string {
  const points = across.map((at, i) => `${at} ${heights[i].toFixed(1)}`)
  return (backwards ? points.reverse() : points).join('L')
}

/** Moves labels apart, each as near to its place as the others allow. They come from the bottom upwards. */
function spread(labels: { y: number; at: number }[], height: number): void {
  let below = height + LINE / 2
  for (const label of labels) {
    label.y = Math.min(label.at, below - LINE)
    below = label.y
  }
  let above = LINE / 2 - LINE
  for (const label of [...labels].reverse()) {
    label.y = Math.max(label.y, above + LINE)
    above = label.y
  }
}

/** Round numbers of bytes up to the top, a few of them. */
export function byteTicks(most: number, unit: number, count: number): number[] {
  const rough = most / unit / count
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5].find((n) => n * power >= rough) ?? 10) * power
  return Array.from({ length: Math.floor(most / unit / step) + 1 }, (_, i) => i * step * unit)
}

/** Every whole number at most once, at most `count` of them over the axis. */
export function pointsOf({ range }: AxisScale, count: number): Uint32Array {
  const { from, to, scale } = range
  const share = (i: number) => i / Math.max(1, count - 1)
  const at = (i: number) => (scale === 'log2' ? from * (to / from) ** share(i) : from + (to - from) * share(i))
  const wanted = Math.min(count, Math.round(to - from) + 1)
  const all =
    wanted < count ? Array.from({ length: wanted }, (_, i) => from + i) : Array.from({ length: count }, (_, i) => at(i))
  return Uint32Array.from(new Set(all.map(Math.round)))
}
