/** The profile as numbers: one cell of it, and the whole as a table. */
import { html, type TemplateResult } from 'lit'
import type { Resolved } from '../../scenario/resolve.ts'
import { lowered } from '../../sweep/plan.ts'
import type { Profile } from '../../sweep/profile.ts'
import { type ByteUnit, formatBytes, formatHeadroom, formatInteger, formatTokens } from '../../units.ts'
import { componentLabels } from '../breakdown/breakdown.ts'
import { type Cell, cellOf } from '../breakdown/cell.ts'

/** One cell of the line, by the reference. */
export function readAt(resolved: Resolved, along: Profile['along'], at: number): Cell {
  const { structure, ranks } = lowered(resolved)
  const { batch, sequence } = resolved.scenario
  return along === 'sequence' ? cellOf(structure, ranks, batch, at) : cellOf(structure, ranks, at, sequence)
}

/** Rows at powers of two, and those people look for: the pinned cell, the last that fits and the first that does not. */
function rowsOf({ points, values, crossing }: Profile, pinned: number): number[] {
  const wanted = new Set([pinned, ...(crossing ? [crossing.at - 1, crossing.at] : [])])
  const [from, to] = [points[0], points[points.length - 1]]
  for (let power = 1; power <= to; power *= 2) if (power >= from) wanted.add(power)
  return [...wanted].filter((n) => n >= 1 && n <= Math.max(to, pinned) && values.total.length > 0).sort((a, b) => a - b)
}

export function profileTable(profile: Profile, pinned: number, resolved: Resolved, units: ByteUnit): TemplateResult {
  const { along, order } = profile
  const format = along === 'sequence' ? formatTokens : formatInteger
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of the profile">
    <table>
      <caption class="hidden">Bytes per GPU by component along ${along}</caption>
      <thead>
        <tr>
          <th scope="col">${along === 'sequence' ? 'Tokens' : 'Batch'}</th>
          <th scope="col">Total</th>
          <th scope="col">Headroom</th>
          ${order.map((name) => html`<th scope="col">${componentLabels[name]}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rowsOf(profile, pinned).map((n) => {
          const cell = readAt(resolved, along, n)
          return html`<tr class=${n === pinned ? 'pinned' : ''}>
            <th scope="row">${format(n)}${n === pinned ? html`<span class="hidden"> (pinned)</span>` : ''}</th>
            <td>${formatBytes(cell.total, units)}</td>
            <td class=${cell.verdict}>${formatHeadroom(cell.capacity - cell.total, units)}</td>
            ${order.map((name) => html`<td>${formatBytes(cell.perGpu[name], units)}</td>`)}
          </tr>`
        })}
      </tbody>
    </table>
  </div>`
}
