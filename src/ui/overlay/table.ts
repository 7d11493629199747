/** Boundaries as a table: lengths down, lines across. */
import { html, type TemplateResult } from 'lit'
import type { Scenario } from '../../scenario/schema.ts'
import { formatInteger, formatTokens } from '../../units.ts'
import type { PlottedLine } from './plot.ts'

export function overlayTable(
  lines: readonly PlottedLine[],
  points: Uint32Array,
  { sequence }: Scenario,
): TemplateResult {
  const rows = Array.from(points, (tokens, index) => ({ tokens, index })).filter(
    ({ tokens }) => tokens === sequence || Number.isInteger(Math.log2(tokens)),
  )
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Table of the boundaries">
    <table>
      <caption class="hidden">Largest batch by tokens per sequence</caption>
      <thead>
        <tr>
          <th scope="col">Tokens</th>
          ${lines.map(({ label }) => html`<th scope="col">${label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ tokens, index }) => html`<tr class=${tokens === sequence ? 'pinned' : ''}>
            <th scope="row">${formatTokens(tokens)}</th>
            ${lines.map(({ frontier, refusal }) => html`<td title=${refusal ?? ''}>${frontier ? formatInteger(frontier[index]) : 'impossible'}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
