/** Where text may stand on a panel: clear of the boundary, of its values, and of the names of both sides. */
import { boundaryLabels, heightAt } from './axes.ts'
import { labelWidth } from './labels.ts'
import type { Panel, Picture } from './picture.ts'

export interface Spot {
  x: number
  /** Of the base line. */
  y: number
  anchor: 'start' | 'end'
}

/** Left, top, right and bottom in pixels of a plot. */
type Box = readonly [left: number, top: number, right: number, bottom: number]

const boxOf = ({ x, y, anchor }: Spot, width: number): Box => {
  const left = anchor === 'start' ? x : x - width
  return [left, y - 12, left + width, y + 4]
}

/** The first of some spots where text of a width is free; undefined where there is none. */
export function freePlace(
  picture: Picture,
  panel: Panel,
  frontier: Uint32Array,
  width: number,
  spots: readonly Spot[],
): Spot | undefined {
  const { plot } = picture
  const taken: Box[] = boundaryLabels(picture, panel, frontier).map(({ x, y, batch }) => {
    return [x - 4, y - 18, x + 8 + labelWidth(String(batch)), y + 4]
  })
  if (plot.width >= 200) taken.push([plot.width - 110, 4, plot.width, 26], [0, plot.height - 28, 48, plot.height])
  return spots.find((spot) => {
    const [left, top, right, bottom] = boxOf(spot, width)
    const inside = left > 2 && top > 0 && right < plot.width - 2 && bottom < plot.height
    // The boundary only falls: text is clear of it when it is all above its start or all below its end.
    const clear = bottom < heightAt(picture, frontier, left) - 3 || top > heightAt(picture, frontier, right) + 3
    return inside && clear && !taken.some((box) => left < box[2] && box[0] < right && top < box[3] && box[1] < bottom)
  })
}
