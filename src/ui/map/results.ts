/** The answers of several panels at one cell, as SVG over them. */
import { nothing, svg, type TemplateResult } from 'lit'
import { type ByteUnit, formatHeadroom } from '../../units.ts'
import { cellOf } from '../breakdown/cell.ts'
import { labelWidth } from './labels.ts'
import type { Picture } from './picture.ts'

/** What a cell leaves in each of several panels, beside its cross: `+11.23 GiB`; the panel pointed at says it at length. */
export function results(
  { panels, plot, x, y }: Picture,
  { batch, sequence, panel: pointed }: { batch: number; sequence: number; panel?: number },
  units: ByteUnit,
): TemplateResult | typeof nothing {
  const at = { x: x.position(sequence), y: y.position(batch) }
  if (panels.length < 2 || !(at.x >= 0 && at.x <= plot.width && at.y >= 0 && at.y <= plot.height)) return nothing
  return svg`${panels.map(({ slice, ...panel }, index) => {
    if (!slice.structure || index === pointed) return nothing
    const { capacity, total, verdict } = cellOf(slice.structure, slice.ranks, batch, sequence)
    const text = `${verdict === 'tight' ? 'tight ' : ''}${formatHeadroom(capacity - total, units)}`
    const wide = labelWidth(text) + 9
    // To the right of the cross, else to its left, else over it.
    const [along, anchor] =
      at.x + wide < plot.width ? [at.x + 9, 'start'] : at.x > wide ? [at.x - 9, 'end'] : [plot.width / 2, 'middle']
    return svg`<text class="marktext ${verdict}" x=${panel.x + along} y=${panel.y + Math.max(16, at.y - 9)} text-anchor=${anchor}>${text}</text>`
  })}`
}
