/** Which GPU, and how many: every GPU × count for the scenario, ranked by how little is needed, each cell the most that fits. */
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { formatBytes, formatHeadroom } from '../../units.ts'
import { edit, page } from '../state/document.ts'
import { outcome } from '../state/outcome.ts'
import { Watching } from '../state/signal.ts'
import { theme } from '../state/theme.ts'
import { gpuName } from '../words.ts'
import { atlasStyles } from './atlas-styles.ts'
import { gpuFilter, listedGpus } from './filter.ts'
import { goal, goals, legend } from './legend.ts'
import { exists, type Ranked, rank, smallestAt } from './ranking.ts'
import { cellInWords, shadeOf, shortly } from './scale.ts'
import { Sweep } from './sweep.ts'
import { walked } from './walk.ts'
import type { Found } from './worker.ts'
import '../widgets/segmented.ts'

const sweep = new Sweep()
const eight = [1, 2, 3, 4, 5, 6, 7, 8]

@customElement('oom-gpu-atlas')
export class OomGpuAtlas extends LitElement {
  /** The cell of the one tab stop: row and column. */
  @state() private active = { row: 0, column: 0 }
  /** Only GPUs that hold the scenario with at most 8. */
  @state() private fitting = false
  /** As last shown whole; rows do not jump about while a sweep grows. */
  private rows: Ranked[] = []

  constructor() {
    super()
    new Watching(this, page, outcome, sweep, gpuFilter, goal, theme)
  }

  static override styles = atlasStyles

  private get counts(): number[] {
    const own = Number(page.value.input.hardware?.count ?? 1)
    return eight.includes(own) ? eight : [...eight, own]
  }

  protected override willUpdate() {
    const answer = outcome.value.answer
    if (!answer) return
    const listed = listedGpus(answer.input)
    const gpus = listed.map(({ value }) => value)
    sweep.ask({ input: answer.input, goal: goal.value, models: null, gpus, counts: this.counts })
    const { rows, done } = sweep.value
    if (done === gpus.length || this.rows.length !== gpus.length) this.rows = rank(listed, rows, this.counts)
  }

  override render() {
    const { error, done, engine } = sweep.value
    const shown = this.fitting ? this.rows.filter(({ needs }) => needs) : this.rows
    return html`<div class="bar">
        ${goals()}
        <oom-gpu-filter></oom-gpu-filter>
        <label class="check"
          ><input
            type="checkbox"
            .checked=${this.fitting}
            @change=${(event: Event) => {
              this.fitting = (event.target as HTMLInputElement).checked
            }}
          />Only what fits</label
        >
      </div>
      <p class="sum" aria-live="polite" data-engine=${engine ?? nothing}>${error ?? (done === this.rows.length ? this.inWords() : 'Sweeping all GPUs …')}</p>
      <div class="scroll" tabindex="-1">
        <table role="grid" aria-label="GPUs by number of GPUs, ranked" aria-rowcount=${shown.length + 1} @keydown=${this.key} @click=${this.choose}>
          <thead>
            <tr>
              <th scope="col">GPU</th>
              <th scope="col" class="number">Needs</th>
              ${this.counts.map((count) => html`<th scope="col" class="number">${count}<span class="hidden"> GPUs</span></th>`)}
            </tr>
          </thead>
          <tbody>
            ${shown.map((row, index) => this.row(row, index))}
          </tbody>
        </table>
        ${shown.length ? nothing : html`<p class="none">No GPU passes the filter.</p>`}
      </div>
      ${legend()}`
  }

  /** The first of the ranking, and how many there are. */
  private inWords(): TemplateResult | string {
    const [best] = this.rows
    if (!best) return ''
    const alone = this.rows.filter(({ needs }) => needs?.count === 1).length
    const together = this.rows.filter(({ needs }) => needs).length
    const numbers = `${alone} of ${this.rows.length} hold it alone, ${together} with up to ${Math.max(...this.counts)}.`
    if (!best.needs) return 'None of these holds it, not even eight together.'
    const own = Number(page.value.input.hardware?.count ?? 1)
    const smallest = smallestAt(this.rows, this.counts.indexOf(own))
    const known = smallest === undefined || (smallest === best && best.needs.count === own)
    const also = known
      ? ''
      : html` Smallest card ${own === 1 ? 'that holds it alone' : `of which ${own} hold it`}: <b>${gpuName(smallest.value)}</b>.`
    return html`Least memory that fits: <b>${best.needs.count} × ${gpuName(best.value)}</b>.${also} ${numbers}`
  }

  private row({ value, gpu, cells, needs }: Ranked, index: number) {
    const { hardware } = page.value.input
    const own = outcome.value.answer?.resolved.gpu.id === gpu.id
    const { units } = page.value.view
    return html`<tr class=${own ? 'own' : ''} aria-rowindex=${index + 2}>
      <th scope="row">
        <span class="name">${gpuName(value)}</span>
        <span class="detail">${formatBytes((gpu.memoryMiB - gpu.reserveMiB) * 2 ** 20, units)}</span>
      </th>
      <td class="needs number" role="gridcell">
        ${needs ? html`<b>${needs.count}</b><span class="detail ${needs.cell.verdict}">${formatHeadroom(needs.cell.capacity - needs.cell.total, units)}</span>` : html`<span class="detail">${cells ? '> 8' : '…'}</span>`}
      </td>
      ${this.counts.map((count, column) => this.cell(cells?.[column], index, column, own && count === Number(hardware?.count ?? 1)))}
    </tr>`
  }

  private cell(found: Found | undefined, row: number, column: number, own: boolean) {
    const count = this.counts[column]
    const stop = row === this.active.row && column === this.active.column
    if (found === undefined) return html`<td role="gridcell" class="cell number" tabindex=${stop ? 0 : -1}></td>`
    const fits = exists(found) && found.verdict !== 'oom' && found.most > 0
    const words = cellInWords(count === 1 ? '1 GPU' : `${count} GPUs`, found, goal.value, page.value.view.units)
    const shade = fits ? shadeOf(found.most, goal.value, theme.value) : null
    return html`<td
      role="gridcell"
      class="cell number ${own ? 'pinned' : ''} ${exists(found) ? found.verdict : 'impossible'}"
      tabindex=${stop ? 0 : -1}
      data-row=${row}
      data-column=${column}
      aria-label=${words}
      title=${words}
      .style=${shade ? `background-color:${shade.ground};color:${shade.ink}` : ''}
    >
      ${exists(found) ? (found.most > 0 ? shortly(found.most) : '0') : '×'}
    </td>`
  }

  private choose(event: Event) {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('td[data-row]')
    if (cell) this.open(Number(cell.dataset.row), Number(cell.dataset.column))
  }

  private open(row: number, column: number) {
    const shown = this.fitting ? this.rows.filter(({ needs }) => needs) : this.rows
    this.active = { row, column }
    const free = ['tensor', 'pipeline', 'data'].map((degree) => ({ path: `parallelism.${degree}`, value: null }))
    const count = this.counts[column]
    const changes = count === Number(page.value.input.hardware?.count ?? 1) ? [] : free
    edit([{ path: 'hardware.gpu', value: shown[row].value }, { path: 'hardware.count', value: count }, ...changes])
  }

  private async key(event: KeyboardEvent) {
    const { row, column } = this.active
    const next = walked(event, this.active, this.renderRoot.querySelectorAll('tbody tr').length, this.counts.length)
    if (!next && event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    if (!next) return this.open(row, column)
    this.active = next
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>('td[tabindex="0"]')?.focus()
  }
}
