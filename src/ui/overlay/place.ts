/** Where lines' names stand: on the line, each where it meets the fewest other names and lines. */

/** A line in pixels, left to right; NaN heights are outside the plot. */
export interface Path {
  label: string
  x: readonly number[]
  y: readonly number[]
}

export interface Spot {
  x: number
  y: number
  anchor: 'start' | 'end'
}

interface Rectangle {
  left: number
  top: number
  right: number
  bottom: number
}

const HEIGHT = 15
const widthOf = (label: string) => label.length * 6.6 + 6

const overlap = (a: Rectangle, b: Rectangle) =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top))

/** One spot per line, null for a line that is nowhere in the plot. */
export function place(paths: readonly Path[], plot: { width: number; height: number }): (Spot | null)[] {
  const taken: Rectangle[] = []
  return paths.map((path) => {
    const candidates = candidatesOf(path, plot)
    if (candidates.length === 0) return null
    const cost = ({ box, at }: Candidate) =>
      taken.reduce((sum, other) => sum + 12 * overlap(box, other), 0) +
      paths.reduce((sum, other) => sum + (other === path ? 0 : crossings(other, box)), 0) * 150 +
      // Where nothing is in the way, a little right of the middle, where lines part.
      Math.abs(at / plot.width - 0.55) * 30
    const best = candidates.reduce((a, b) => (cost(b) < cost(a) ? b : a))
    taken.push(best.box)
    return best.spot
  })
}

interface Candidate {
  at: number
  spot: Spot
  box: Rectangle
}

/** Above the line to its right, or below it to its left, every few pixels. */
function candidatesOf({ label, x, y }: Path, plot: { width: number; height: number }): Candidate[] {
  const wide = widthOf(label)
  const found: Candidate[] = []
  for (let i = 0; i < x.length; i += 6) {
    if (!(y[i] >= 0 && y[i] <= plot.height)) continue
    for (const anchor of ['start', 'end'] as const) {
      const spot = anchor === 'start' ? { x: x[i] + 7, y: y[i] - 5, anchor } : { x: x[i] - 7, y: y[i] + 13, anchor }
      const left = anchor === 'start' ? spot.x : spot.x - wide
      const box = { left, right: left + wide, top: spot.y - HEIGHT + 3, bottom: spot.y + 3 }
      if (box.left >= 2 && box.right <= plot.width - 2 && box.top >= 2 && box.bottom <= plot.height - 2) {
        found.push({ at: x[i], spot, box })
      }
    }
  }
  return found
}

/** How many points of a line are in a rectangle. */
function crossings({ x, y }: Path, box: Rectangle): number {
  let count = 0
  for (let i = 0; i < x.length; i += 3) {
    if (x[i] >= box.left && x[i] <= box.right && y[i] >= box.top - 2 && y[i] <= box.bottom + 2) count++
  }
  return count
}
