/** Names of an overlay's lines, checked by hand: straight lines and rectangles whose crossings are plain to see. */
import { expect, test } from 'vitest'
import { place, type Rectangle } from '../../../src/ui/overlay/place.ts'
import { namesOf } from '../../../src/ui/overlay/plot.ts'

const plot = { width: 400, height: 300 }
const across = Array.from({ length: 401 }, (_, i) => i)
const line = (label: string, height: (x: number) => number) => ({ label, x: across, y: across.map(height) })

test('a name stands beside its line, away from the others and from marks', () => {
  const falling = (top: number) => (x: number) => top + x / 2
  const marks: Rectangle[] = [{ left: 150, right: 300, top: 0, bottom: 300 }]
  const spots = place([line('A100', falling(20)), line('H100', falling(60))], plot, marks)
  for (const spot of spots) {
    const [left, right] = spot?.anchor === 'start' ? [spot.x, spot.x + 25] : [(spot?.x ?? 0) - 25, spot?.x ?? 0]
    expect(right <= 150 || left >= 300).toBe(true)
  }
})

test('a name without room is left away', () => {
  // Lines 8 pixels apart all over the plot: nothing 15 pixels high stands between them.
  const many = Array.from({ length: 38 }, (_, i) => line('L40S', () => i * 8))
  expect(place(many, plot)).toEqual(many.map(() => null))
})

test('names that have no room beside their lines stand along them, a pair of one course above and below', () => {
  // Two lines a pixel apart, falling at 45°, between two others 40 pixels off: a level name of 100 pixels would cross one.
  const falling = (label: string, top: number) => line(label, (x) => top + x)
  const spots = place([falling('A', -40), falling('A100 SXM 80GB', 0), falling('H100 SXM 80GB', 1), falling('B', 41)], {
    width: 300,
    height: 300,
  })
  for (const spot of spots.slice(1, 3)) expect(spot?.angle).toBeCloseTo(45, 0)
  // Distance of the baselines' beginnings from the lines, upwards: y = x and y = x + 1.
  const [upper, lower] = spots.slice(1, 3).map((spot) => (spot!.x - spot!.y) / Math.SQRT2)
  expect(upper).toBeGreaterThan(3)
  expect(lower).toBeLessThan(-8)
})

test('names on one course keep apart: their ends and beginnings are not read as one name', () => {
  const spots = place(
    [-60, 0, 1, 2, 60].map((top, i) => line(`A100 SXM 8${i}GB`, (x) => top + x)),
    { width: 400, height: 400 },
  )
  // Along the lines, y = x: a name of 13 letters is 13 · 7.2 + 6 pixels long.
  const along = spots
    .slice(1, 4)
    .flatMap((spot) => (spot?.angle ? [{ from: (spot.x + spot.y) / Math.SQRT2, above: spot.x > spot.y }] : []))
  expect(along.length).toBeGreaterThan(2)
  for (const [i, a] of along.entries()) {
    for (const b of along.slice(i + 1)) {
      if (a.above === b.above) expect(Math.abs(a.from - b.from)).toBeGreaterThan(13 * 7.2 + 6 + 10)
    }
  }
})

test('lines that are one have one name, of all of them', () => {
  const at = (...batches: number[]) => Uint32Array.from(batches)
  const lines = [
    { label: 'A', frontier: at(4, 2) },
    { label: 'B', frontier: at(4, 1) },
    { label: 'C', frontier: at(4, 2) },
    { label: 'D', frontier: null },
    { label: 'E', frontier: null },
  ]
  expect(namesOf(lines)).toEqual(['A = C', 'B', '', 'D', 'E'])
})

test('an upright step is a line too', () => {
  const steps = line('L4', (x) => (x < 100 ? 20 : x < 200 ? 150 : 280))
  const [spot] = place([steps], plot)
  expect(spot).not.toBeNull()
  const [left, right] = spot?.anchor === 'start' ? [spot.x, spot.x + 13] : [(spot?.x ?? 0) - 13, spot?.x ?? 0]
  for (const x of [100, 200]) {
    const beside = right < x || left > x
    const [top, bottom] = x === 100 ? [20, 150] : [150, 280]
    expect(beside || (spot?.y ?? 0) < top || (spot?.y ?? 0) - 15 > bottom).toBe(true)
  }
})
