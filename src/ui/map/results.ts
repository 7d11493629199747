/** The answers of several panels at one cell, as SVG over them. */
import { nothing, svg, type TemplateResult } from 'lit'
import { type ByteUnit, formatHeadroom } from '../../units.ts'
import { cellOf } from '../breakdown/cell.ts'
import type { Frontiers } from '../engine/engine.ts'
import { freePlace, type Spot } from './free-place.ts'
import { labelWidth } from './labels.ts'
import type { Picture } from './picture.ts'

/** What a cell leaves in each of several panels, beside its cross: `+11.23 GiB`; the panel pointed at says it at length. */
export function results(
  picture: Picture,
  frontiers: Frontiers,
  { batch, sequence, panel: pointed }: { batch: number; sequence: number; panel?: number },
  units: ByteUnit,
): TemplateResult | typeof nothing {
  const { panels, plot, x, y } = picture
  const at = { x: x.position(sequence), y: y.position(batch) }
  if (panels.length < 2 || !(at.x >= 0 && at.x <= plot.width && at.y >= 0 && at.y <= plot.height)) return nothing
  // The further from the cross, the later.
  const spots = [
    [9, -9],
    [9, 18],
    [9, -26],
    [28, -9],
    [9, 34],
    [28, -26],
  ].flatMap(([across, down]): Spot[] => [
    { x: at.x + across, y: at.y + down, anchor: 'start' },
    { x: at.x - across, y: at.y + down, anchor: 'end' },
  ])
  return svg`${panels.map((panel, index) => {
    const { structure, ranks } = panel.slice
    if (!structure || !panel.drawn || index === pointed) return nothing
    const { capacity, total, verdict } = cellOf(structure, ranks, batch, sequence)
    const text = `${verdict === 'tight' ? 'tight ' : ''}${formatHeadroom(capacity - total, units)}`
    const frontier = frontiers[panel.drawn.frame][panel.drawn.panel]
    const middle = { x: plot.width / 2, y: Math.max(16, at.y - 9), anchor: 'middle' }
    const spot = freePlace(picture, panel, frontier, labelWidth(text), spots) ?? middle
    return svg`<g transform="translate(${panel.x} ${panel.y})">
      ${pointed === undefined ? nothing : svg`<circle class="mark" cx=${at.x} cy=${at.y} r="3" />`}
      <text class="marktext ${verdict}" x=${spot.x} y=${spot.y} text-anchor=${spot.anchor}>${text}</text>
    </g>`
  })}`
}
