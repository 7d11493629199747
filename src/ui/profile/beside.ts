/** Where a label of the profile stands so that no upright line runs through it, and no other label stands there. */

/** About how wide a label in bold is, in pixels. */
export const textWidth = (text: string) => text.length * 7

export interface Spot {
  x: number
  anchor: 'start' | 'end'
}

/** From where to where, in pixels of the axis. */
export type Span = readonly [from: number, to: number]

const ROOM = 6
/** From the ends of the axis. */
const INSET = 8

export const spanOf = ({ x, anchor }: Spot, width: number): Span =>
  anchor === 'start' ? [x, x + width] : [x - width, x]

function free(spot: Spot, width: number, lines: readonly number[], most: number): boolean {
  const [left, right] = spanOf(spot, width)
  return left >= 4 && right <= most - 4 && lines.every((line) => line <= left - 3 || line >= right + 3)
}

const besideLines = (lines: readonly number[]): Spot[] =>
  lines.flatMap((line): Spot[] => [
    { x: line + ROOM, anchor: 'start' },
    { x: line - ROOM, anchor: 'end' },
  ])

/**
 * A label where it is wanted; on its other side, or just past the line, where the line would run through it; null where there is no room.
 * @param wanted where it begins or, anchored at its end, ends
 * @param line the upright line, a pixel of the axis
 */
export function beside(width: number, wanted: Spot, line: number, most: number): Spot | null {
  const { x, anchor } = wanted
  const other: Spot = anchor === 'start' ? { x: x - 20, anchor: 'end' } : { x: x + 20, anchor: 'start' }
  const [past, before] = besideLines([line])
  const choices = x > 20 ? [wanted, other, before, past] : [wanted, past, before]
  return choices.find((spot) => free(spot, width, [line], most)) ?? null
}

/** A label at the left end of the axis, else at the right, else beside a line; null where there is no room. */
export function atAnEnd(width: number, lines: readonly number[], most: number, taken: Span | null = null): Spot | null {
  const ends: Spot[] = [
    { x: INSET, anchor: 'start' },
    { x: most - INSET, anchor: 'end' },
  ]
  return (
    [...ends, ...besideLines(lines)].find((spot) => {
      const [left, right] = spanOf(spot, width)
      const met = taken && left < taken[1] + ROOM && right > taken[0] - ROOM
      return !met && free(spot, width, lines, most)
    }) ?? null
  )
}
