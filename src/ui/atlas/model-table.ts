/** The models one GPU holds, largest first: one column of the matrix as a table. */
import { html, type TemplateResult } from 'lit'
import type { AtlasCell, Goal } from '../../sweep/atlas.ts'
import { type ByteUnit, formatBytes, formatHeadroom, formatParameters } from '../../units.ts'
import { edit } from '../state/document.ts'
import { gpusInWords, modelName, verdictNames } from '../words.ts'
import { exists } from './ranking.ts'
import { inWords } from './scale.ts'
import type { Found, SizedModel } from './worker.ts'

interface Column {
  index: number
  hardware: { gpu: string; count: number }
}

export function modelTable(
  models: readonly SizedModel[],
  column: Column,
  rows: readonly (readonly Found[] | null)[],
  goal: Goal,
  units: ByteUnit,
): TemplateResult {
  const listed = models
    .map((model, row) => ({ model, found: rows[row]?.[column.index] }))
    .filter(({ found }) => found !== undefined) as { model: SizedModel; found: Found }[]
  listed.sort((a, b) => Number(holds(b.found)) - Number(holds(a.found)) || b.model.parameters - a.model.parameters)
  const where = gpusInWords(column.hardware)
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Models on ${where}">
    <table>
      <caption class="hidden">Models on ${where}, those that fit first, largest first</caption>
      <thead>
        <tr>
          <th scope="col">Model on ${where}</th>
          <th scope="col" class="number">Parameters</th>
          <th scope="col" class="number">${goal === 'sequence' ? 'Longest in memory' : 'Largest batch'}</th>
          <th scope="col">This scenario</th>
          <th scope="col" class="number">Used</th>
          <th scope="col" class="number">Headroom</th>
        </tr>
      </thead>
      <tbody>
        ${listed.map(({ model, found }) => line(model, found, column.hardware.gpu, goal, units))}
      </tbody>
    </table>
  </div>`
}

const holds = (found: Found): found is AtlasCell => exists(found) && found.verdict !== 'oom'

function line({ id, parameters }: SizedModel, found: Found, gpu: string, goal: Goal, units: ByteUnit) {
  const open = () =>
    edit([
      { path: 'model', value: id },
      { path: 'hardware.gpu', value: gpu },
    ])
  const name = html`<th scope="row"><button class="open" @click=${open}>${modelName(id)}</button></th>
    <td class="number">${formatParameters(parameters)}</td>`
  if (!exists(found)) return html`<tr>${name}<td></td><td colspan="3" class="detail">Impossible. ${found}</td></tr>`
  const { most, verdict, total, capacity } = found
  return html`<tr>
    ${name}
    <td class="number">${most > 0 ? inWords(most, goal) : '0'}</td>
    <td class="detail ${verdict}">${verdictNames[verdict]}</td>
    <td class="number">${formatBytes(total, units)}</td>
    <td class="number">${formatHeadroom(capacity - total, units)}</td>
  </tr>`
}
