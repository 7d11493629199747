/** Where lines' names stand: on the line, where they touch no line, no mark and no other name; else nowhere. */

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

export interface Rectangle {
  left: number
  top: number
  right: number
  bottom: number
}

const HEIGHT = 15
const widthOf = (label: string) => label.length * 6.8 + 6

const overlap = (a: Rectangle, b: Rectangle) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom

/**
 * One spot per line, null for a line that is nowhere in the plot, or has no room for its name.
 * @param marks what names must not cover
 */
export function place(
  paths: readonly Path[],
  plot: { width: number; height: number },
  marks: readonly Rectangle[] = [],
): (Spot | null)[] {
  const taken = [...marks]
  return paths.map((path) => {
    // Where nothing is in the way, a little right of the middle, where lines part.
    const cost = ({ at }: Candidate) => Math.abs(at / plot.width - 0.55)
    const best = candidatesOf(path, plot)
      .sort((a, b) => cost(a) - cost(b))
      .find(({ box }) => !taken.some((other) => overlap(box, other)) && !paths.some((other) => crosses(other, box)))
    if (!best) return null
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
  for (let i = 0; i < x.length; i += 3) {
    if (!(y[i] >= 0 && y[i] <= plot.height)) continue
    for (const anchor of ['start', 'end'] as const) {
      const spot = anchor === 'start' ? { x: x[i] + 7, y: y[i] - 6, anchor } : { x: x[i] - 7, y: y[i] + 15, anchor }
      const left = anchor === 'start' ? spot.x : spot.x - wide
      const box = { left, right: left + wide, top: spot.y - HEIGHT + 4, bottom: spot.y + 3 }
      if (box.left >= 2 && box.right <= plot.width - 2 && box.top >= 2 && box.bottom <= plot.height - 2) {
        found.push({ at: x[i], spot, box })
      }
    }
  }
  return found
}

/** Whether a line runs through a rectangle: steps have upright parts, which reach from the height before to the one after. */
function crosses({ x, y }: Path, { left, right, top, bottom }: Rectangle): boolean {
  for (let i = 0; i < x.length; i++) {
    if (x[i] < left || x[i] > right) continue
    const before = i > 0 && !Number.isNaN(y[i - 1]) ? y[i - 1] : y[i]
    if (Math.max(before, y[i]) >= top && Math.min(before, y[i]) <= bottom) return true
  }
  return false
}
