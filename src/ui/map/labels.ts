/** Which ticks of an axis are labelled: as many as do not touch, round numbers first. */

/** Pixels between two labels. */
const GAP = 6

/** About how wide a label of an axis is, in pixels. */
export const labelWidth = (text: string) => text.length * 6.7

/** How round a number is: 1 for powers of two, a third for three times one, and so on. */
const roundness = (n: number) => (n & -n) / n

/**
 * @param ticks whole numbers
 * @param boxOf where a tick's label begins and ends along the axis, in pixels
 */
export function labelled(ticks: readonly number[], boxOf: (tick: number) => readonly [number, number]): Set<number> {
  const taken: (readonly [number, number])[] = []
  const kept = new Set<number>()
  for (const tick of [...ticks].sort((a, b) => roundness(b) - roundness(a) || a - b)) {
    const [from, to] = boxOf(tick)
    if (taken.some(([left, right]) => from < right + GAP && left < to + GAP)) continue
    taken.push([from, to])
    kept.add(tick)
  }
  return kept
}

/** Labels in the middle below their ticks. */
export const labelledBelow = (
  { ticks, position }: { ticks: readonly number[]; position(tick: number): number },
  format: (tick: number) => string,
) =>
  labelled(ticks, (tick) => {
    const half = labelWidth(format(tick)) / 2
    return [position(tick) - half, position(tick) + half]
  })

/** Labels beside their ticks, one above the other. */
export const labelledBeside = ({ ticks, position }: { ticks: readonly number[]; position(tick: number): number }) =>
  labelled(ticks, (tick) => [position(tick) - 5, position(tick) + 5])
