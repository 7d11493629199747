/** Where a label of the profile stands so that no upright line runs through it. */

/** About how wide a label in bold is, in pixels. */
export const textWidth = (text: string) => text.length * 7

const ROOM = 6

/**
 * A label where it is wanted; on its other side, or just past the line, where the line would run through it; null where there is no room.
 * @param from where it begins or, anchored at its end, ends
 * @param line the upright line, a pixel of the axis
 */
export function beside(
  width: number,
  from: number,
  anchor: 'start' | 'end',
  line: number,
  most: number,
): { x: number; anchor: 'start' | 'end' } | null {
  const wanted = { x: from, anchor }
  const other =
    anchor === 'start' ? { x: from - 20, anchor: 'end' as const } : { x: from + 20, anchor: 'start' as const }
  const past = { x: line + ROOM, anchor: 'start' as const }
  const before = { x: line - ROOM, anchor: 'end' as const }
  const free = ({ x, anchor }: { x: number; anchor: 'start' | 'end' }) => {
    const left = anchor === 'start' ? x : x - width
    return left >= 4 && left + width <= most - 4 && (line <= left - 3 || line >= left + width + 3)
  }
  const choices = from > 20 ? [wanted, other, before, past] : [wanted, past, before]
  return choices.find(free) ?? null
}
