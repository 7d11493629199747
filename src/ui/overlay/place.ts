/**
 * Where lines' names stand: beside the line, where they touch no line, no mark and no other name; where lines lie too close for that, along
 * the line, above or below it; else nowhere.
 */

/** A line in pixels, left to right; NaN heights are outside the plot. Without a label it is only in the way. */
export interface Path {
  label: string
  x: readonly number[]
  y: readonly number[]
}

export interface Spot {
  x: number
  y: number
  anchor: 'start' | 'end'
  /** Degrees, for a name along its line. */
  angle?: number
}

export interface Rectangle {
  left: number
  top: number
  right: number
  bottom: number
}

const HEIGHT = 15
/** So far from the next a name begins and ends, that two on one course are not read as one. */
const APART = 14
const widthOf = (label: string) => label.length * 7.2 + 6

/**
 * One spot per line, null for a line that is nowhere in the plot, or has no room for its name.
 * @param marks what names must not cover
 */
export function place(
  paths: readonly Path[],
  plot: { width: number; height: number },
  marks: readonly Rectangle[] = [],
): (Spot | null)[] {
  const taken: Corners[] = marks.map(cornersOf)
  const spots: (Spot | null)[] = paths.map(() => null)
  // The upper ones first: of a pair of one course the upper line's name stands above.
  const height = ({ y }: Path) => y[y.findIndex((_, i) => i >= y.length / 2 && y[i] >= 0)] ?? plot.height
  const order = [...paths.entries()].sort(([, a], [, b]) => height(a) - height(b))
  const placeAll = (candidates: (path: Path) => Candidate[]) => {
    order.forEach(([i, path]) => {
      if (spots[i] || !path.label) return
      // Where nothing is in the way, a little right of the middle, where lines part.
      const cost = ({ at, below }: Candidate) => Math.abs(at / plot.width - 0.55) + (below ? 0.1 : 0)
      const best = candidates(path)
        .sort((a, b) => cost(a) - cost(b))
        .find(
          ({ corners }) =>
            !taken.some((other) => overlap(corners, other)) && !paths.some((other) => crosses(other, corners)),
        )
      if (!best) return
      taken.push(longer(best.corners, APART))
      spots[i] = best.spot
    })
  }
  placeAll((path) => besides(path, plot))
  placeAll((path) => alongs(path, plot))
  return spots
}

interface Candidate {
  at: number
  /** Below the line: second choice. */
  below?: boolean
  spot: Spot
  corners: Corners
}

/** Above the line to its right, or below it to its left, every few pixels. */
function besides({ label, x, y }: Path, plot: Size): Candidate[] {
  const wide = widthOf(label)
  const found: Candidate[] = []
  for (let i = 0; i < x.length; i += 3) {
    if (!(y[i] >= 0 && y[i] <= plot.height)) continue
    for (const anchor of ['start', 'end'] as const) {
      const spot = anchor === 'start' ? { x: x[i] + 7, y: y[i] - 6, anchor } : { x: x[i] - 7, y: y[i] + 15, anchor }
      const left = anchor === 'start' ? spot.x : spot.x - wide
      const corners = cornersOf({ left, right: left + wide, top: spot.y - HEIGHT + 4, bottom: spot.y + 3 })
      if (inside(corners, plot)) found.push({ at: x[i], spot, corners })
    }
  }
  return found
}

/** Along the line, just above or just below everything of it under the name. */
function alongs({ label, x, y }: Path, plot: Size): Candidate[] {
  const wide = widthOf(label)
  const found: Candidate[] = []
  for (let i = 0; i < x.length; i += 6) {
    let j = i + 1
    while (j < x.length && !(Math.hypot(x[j] - x[i], y[j] - y[i]) >= wide)) j++
    if (j === x.length || !(y[i] >= 0 && y[j] <= plot.height)) continue
    const angle = Math.atan2(y[j] - y[i], x[j] - x[i])
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
    // How far the line strays to both sides of the straight way, with the upper ends of its steps.
    let [above, below] = [0, 0]
    for (let k = i; k <= j; k++) {
      for (const height of k > i ? [y[k], y[k - 1]] : [y[k]]) {
        const aside = (height - y[i]) * cos - (x[k] - x[i]) * sin
        if (Number.isNaN(aside)) continue
        above = Math.min(above, aside)
        below = Math.max(below, aside)
      }
    }
    if (below - above > HEIGHT) continue
    const turned = (u: number, v: number) => ({ x: x[i] + u * cos - v * sin, y: y[i] + u * sin + v * cos })
    for (const baseline of [above - 5, below + 13]) {
      const [top, bottom] = [baseline - 10, baseline + 2]
      const corners: Corners = [turned(0, top), turned(wide, top), turned(wide, bottom), turned(0, bottom)]
      const spot: Spot = { ...turned(3, baseline), anchor: 'start', angle: (angle * 180) / Math.PI }
      if (inside(corners, plot)) found.push({ at: x[i] + (wide * cos) / 2, below: baseline > 0, spot, corners })
    }
  }
  return found
}

interface Size {
  width: number
  height: number
}

interface Point {
  x: number
  y: number
}

/** A rectangle, perhaps turned, by its corners in order. */
type Corners = readonly [Point, Point, Point, Point]

const cornersOf = ({ left, right, top, bottom }: Rectangle): Corners => [
  { x: left, y: top },
  { x: right, y: top },
  { x: right, y: bottom },
  { x: left, y: bottom },
]

/** A rectangle that reaches further to both sides of the name in it. */
function longer([a, b, c, d]: Corners, by: number): Corners {
  const wide = Math.hypot(b.x - a.x, b.y - a.y)
  const [u, v] = [((b.x - a.x) / wide) * by, ((b.y - a.y) / wide) * by]
  const moved = ({ x, y }: Point, sign: 1 | -1) => ({ x: x + sign * u, y: y + sign * v })
  return [moved(a, -1), moved(b, 1), moved(c, 1), moved(d, -1)]
}

const inside = (corners: Corners, { width, height }: Size) =>
  corners.every(({ x, y }) => x >= 2 && x <= width - 2 && y >= 2 && y <= height - 2)

/** The two directions of a rectangle's sides, as long as the sides, and how far it reaches in them from its first corner. */
const sides = ([a, b, , d]: Corners): readonly Point[] => [
  { x: b.x - a.x, y: b.y - a.y },
  { x: d.x - a.x, y: d.y - a.y },
]

/** Whether two rectangles overlap: no side of either parts them. */
function overlap(a: Corners, b: Corners): boolean {
  return [...sides(a), ...sides(b)].every((side) => {
    const along = ({ x, y }: Point) => x * side.x + y * side.y
    const [p, q] = [a.map(along), b.map(along)]
    return Math.min(...p) < Math.max(...q) && Math.min(...q) < Math.max(...p)
  })
}

/**
 * Whether a line runs through a rectangle: steps have upright parts, which reach from the height before to the one after. Looked at along the
 * rectangle's sides; an upright part beside a turned one counts by the box around it, so that a name rather keeps too far away.
 */
function crosses({ x, y }: Path, corners: Corners): boolean {
  const [a, b, , d] = corners
  const wide = Math.hypot(b.x - a.x, b.y - a.y)
  const high = Math.hypot(d.x - a.x, d.y - a.y)
  const [cos, sin] = [(b.x - a.x) / wide, (b.y - a.y) / wide]
  const right = Math.max(a.x, b.x, corners[2].x, d.x)
  for (let i = firstFrom(x, Math.min(a.x, b.x, corners[2].x, d.x)); i < x.length && x[i] <= right; i++) {
    if (Number.isNaN(y[i])) continue
    const before = i > 0 && !Number.isNaN(y[i - 1]) ? y[i - 1] : y[i]
    const across = (x[i] - a.x) * cos
    const down = (x[i] - a.x) * sin
    const [u0, u1] = [across + (before - a.y) * sin, across + (y[i] - a.y) * sin]
    const [v0, v1] = [(before - a.y) * cos - down, (y[i] - a.y) * cos - down]
    const level = Math.max(u0, u1) >= 0 && Math.min(u0, u1) <= wide
    if (level && Math.max(v0, v1) >= 0 && Math.min(v0, v1) <= high) return true
  }
  return false
}

/** Index of the first of ascending numbers that is not below `least`. */
function firstFrom(x: readonly number[], least: number): number {
  let [low, high] = [0, x.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (x[middle] < least) low = middle + 1
    else high = middle
  }
  return low
}
