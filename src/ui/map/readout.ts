/** What the cell under the cursor is, beside it and in words. */
import { html, nothing, type TemplateResult } from 'lit'
import { formatBytes, formatInteger, formatTokens } from '../../units.ts'
import { type Cell, cellOf } from '../breakdown/cell.ts'
import { type Cursor, cursor } from '../state/cursor.ts'
import { page } from '../state/document.ts'
import { icon } from '../widgets/icons.ts'
import { besideField, sequencesInWords, spare, tokensInWords, verdictNames } from '../words.ts'
import type { Picture } from './picture.ts'

function at({ slice, batch, sequence }: Cursor) {
  return slice.structure ? cellOf(slice.structure, slice.ranks, batch, sequence) : null
}

export function readout(picture: Picture): TemplateResult | typeof nothing {
  const { value } = cursor
  const cell = value && at(value)
  const panel = value && picture.panels[value.panel]
  if (!cell || !panel) return nothing
  const { units } = page.value.view
  const x = panel.x + picture.x.position(cell.sequence)
  const y = panel.y + picture.y.position(cell.batch)
  const right = x < picture.width - 210
  const below = y < 70
  return html`<div
    class="readout ${right ? 'right' : 'left'} ${below ? 'below' : 'above'}"
    aria-hidden="true"
    .style=${`left:${x}px;top:${y}px`}
  >
    <b>${formatInteger(cell.batch)} × ${formatTokens(cell.sequence)}</b>
    <span class=${cell.verdict}>${icon(cell.verdict)} ${verdictNames[cell.verdict]}</span>
    <span>${formatBytes(cell.total, units)}, ${shareInWords(cell)}</span>
  </div>`
}

/** Used ÷ capacity to the nearest percent, but 100 % only where nothing is left over and nothing is missing. */
export function shareInWords({ total, capacity }: Pick<Cell, 'total' | 'capacity'>): string {
  const near = Math.round((total / capacity) * 100)
  const share = total < capacity ? Math.min(99, near) : total > capacity ? Math.max(101, near) : 100
  return `${formatInteger(share)} %`
}

/** `4 sequences of 8k tokens: tight, 20.29 GiB used, 1.00 GiB to spare.` */
readout.inWords = ({ panels }: Picture, value: Cursor): string => {
  const cell = at(value)
  const { units } = page.value.view
  const name = panels.length > 1 ? `${panels[value.panel].label}, ` : ''
  if (!cell) return `${name}impossible: ${besideField(value.slice.refusal ?? '')}`
  const left = spare(cell.capacity - cell.total, units)
  return `${name}${sequencesInWords(cell.batch)} of ${tokensInWords(cell.sequence)}: ${verdictNames[cell.verdict].toLowerCase()}, ${formatBytes(cell.total, units)} used, ${left} ${cell.verdict === 'oom' ? 'short' : 'to spare'}.`
}
