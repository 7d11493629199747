/** Which GPU, and how many: every GPU on which the scenario can run × count, ranked by how little is needed, each cell the most that fits. */
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { withGpu } from '../../memory/fewest.ts'
import { fp16Changes, obstacleTo } from '../../memory/runnable.ts'
import { formatHeadroom, formatInteger, formatRoom } from '../../units.ts'
import { gpuChanges } from '../answer/fewest.ts'
import { edit, page } from '../state/document.ts'
import { outcome } from '../state/outcome.ts'
import { Watching } from '../state/signal.ts'
import { theme } from '../state/theme.ts'
import { besideField, gpuName } from '../words.ts'
import { atlasStyles } from './atlas-styles.ts'
import { countOf, gpuFilter, listedGpus, standsFor } from './filter.ts'
import type { ListedGpu } from './fold.ts'
import { leftOut } from './left-out.ts'
import { goal, goals, legend } from './legend.ts'
import { exists, firstOrder, type Order, ordered, type Ranked, rank, smallestAt } from './ranking.ts'
import { briefly, cellInWords, shadeOf } from './scale.ts'
import { Sweep } from './sweep.ts'
import { type Place, walked } from './walk.ts'
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
  @state() private order: Order = firstOrder('needs')
  /** Pixels across. */
  @state() private width = 0
  private readonly observer = new ResizeObserver(() => {
    this.width = this.clientWidth
  })
  /** As last shown whole; rows do not jump about while a sweep grows. */
  private rows: Ranked[] = []
  private left: ListedGpu[] = []

  constructor() {
    super()
    new Watching(this, page, outcome, sweep, gpuFilter, goal, theme)
  }

  static override styles = atlasStyles

  override connectedCallback() {
    super.connectedCallback()
    this.observer.observe(this)
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    this.observer.disconnect()
  }

  private get counts(): number[] {
    const { own } = this
    return eight.includes(own) ? eight : [...eight, own]
  }

  private get own(): number {
    return Number(page.value.input.hardware?.count ?? 1)
  }

  /** The numbers of GPUs that have a column, by their place among all: those over which at least one GPU of the list can share the model. */
  private get columns(): number[] {
    const all = this.counts.map((_, i) => i)
    if (!this.rows.some(({ cells }) => cells)) return all
    return all.filter((i) => this.counts[i] === this.own || this.rows.some(({ cells }) => cells && exists(cells[i])))
  }

  protected override willUpdate() {
    const answer = outcome.value.answer
    if (!answer) return
    const { shown, left } = listedGpus(answer, obstacleTo)
    const gpus = shown.map(({ value }) => value)
    this.left = left
    const { all } = gpuFilter.value
    sweep.ask({ input: answer.input, goal: goal.value, models: null, gpus, counts: this.counts, anyway: all })
    const { rows, done } = sweep.value
    if (done === gpus.length || this.rows.length !== gpus.length) this.rows = rank(shown, rows, this.counts)
    const { columns } = this
    if (typeof this.order.by === 'number' && !columns.includes(this.order.by)) this.order = firstOrder('needs')
    if (this.active.column >= columns.length) this.active = { ...this.active, column: columns.length - 1 }
  }

  /** Whether every column has room for its numbers in full; else they are shortened, and said in full on demand. */
  private get roomy(): boolean {
    const longest = Math.max(
      0,
      ...this.rows
        .flatMap(({ cells }) => cells ?? [])
        .filter(exists)
        .map(({ most }) => most),
    )
    return 360 + this.columns.length * (8 * formatInteger(longest).length + 11) < this.width
  }

  /** As seen: filtered and in the order chosen. */
  private get seen(): Ranked[] {
    return ordered(this.fitting ? this.rows.filter(({ needs }) => needs) : this.rows, this.order)
  }

  override render() {
    const { error, done, engine } = sweep.value
    const shown = this.seen
    const { roomy } = this
    const runtime = outcome.value.answer?.resolved.scenario.runtime ?? 'guide'
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
      <div class="said">
        <p class="sum" aria-live="polite" data-engine=${engine ?? nothing}>${error ?? (done === this.rows.length ? this.inWords() : 'Sweeping all GPUs …')}</p>
        <p class="left">${this.orderInWords()} ${this.missing()}</p>
        ${leftOut(this.left, runtime)}
      </div>
      <div class="scroll" tabindex="-1">
        <table class=${this.columns.length > 4 ? 'many' : ''} role="grid" aria-label="GPUs by number of GPUs, ranked" aria-rowcount=${shown.length + 1} @keydown=${this.key} @click=${this.choose}>
          <thead>
            <tr @keydown=${this.headKey}>
              ${this.head('name', 'GPU')} ${this.head('memory', 'Memory')} ${this.head('needs', 'Needs')}
              ${this.columns.map((i) => this.head(i, html`${this.counts[i]}<span class="hidden"> ${this.counts[i] === 1 ? 'GPU' : 'GPUs'}</span>`))}
            </tr>
          </thead>
          <tbody>
            ${shown.map((row, index) => this.row(row, index, roomy))}
          </tbody>
        </table>
        ${shown.length ? nothing : html`<p class="none">${this.left.length ? 'The scenario cannot run on any GPU that passes the filter.' : 'No GPU passes the filter.'}</p>`}
      </div>
      ${legend()}`
  }

  private head(by: Order['by'], text: unknown) {
    const chosen = this.order.by === by
    const { descending } = this.order
    return html`<th scope="col" class=${by === 'name' ? '' : `number ${by}`} aria-sort=${chosen ? (descending ? 'descending' : 'ascending') : nothing}>
      <button class="sort" tabindex=${chosen ? 0 : -1} @click=${() => this.sort(by)}>${text}<span class="way" aria-hidden="true">${chosen ? (descending ? '↓' : '↑') : ''}</span></button>
    </th>`
  }

  private sort(by: Order['by']) {
    this.order = this.order.by === by ? { by, descending: !this.order.descending } : firstOrder(by)
    this.active = { row: 0, column: this.active.column }
  }

  private orderInWords(): string {
    const { by, descending } = this.order
    if (by === 'needs' && !descending) {
      return 'Least total memory first; of equals fewer GPUs, then data-centre cards, then newer ones.'
    }
    if (by === 'name') return descending ? 'By name, from Z to A.' : 'By name, from A to Z.'
    if (by === 'memory') return descending ? 'Most memory first.' : 'Least memory first.'
    if (by === 'needs') return 'Most total memory first.'
    const what = goal.value === 'sequence' ? 'sequence' : 'batch'
    const which = descending
      ? what === 'sequence'
        ? 'Longest'
        : 'Largest'
      : what === 'sequence'
        ? 'Shortest'
        : 'Smallest'
    const count = this.counts[by]
    return `${which} ${what} on ${count === 1 ? 'one GPU' : `${count} GPUs`} first.`
  }

  /** Which numbers of GPUs have no column, and why the first of them has none. */
  private missing(): TemplateResult | string {
    const gone = this.counts.map((_, i) => i).filter((i) => !this.columns.includes(i))
    const reason = this.rows.find(({ cells }) => cells)?.cells?.[gone[0]]
    if (!gone.length || typeof reason !== 'string') return ''
    const numbers = gone.map((i) => this.counts[i]).join(', ')
    return html`<span title=${besideField(reason)}>${numbers.replace(/, (\d+)$/, ' and $1')} GPUs cannot share the model.</span>`
  }

  /** The first of the ranking, and how many there are. */
  private inWords(): TemplateResult | string {
    const [best] = this.rows
    if (!best) return ''
    const alone = countOf(this.rows.filter(({ needs }) => needs?.count === 1))
    const together = countOf(this.rows.filter(({ needs }) => needs))
    const numbers = `${alone} of ${countOf(this.rows)} hold it alone, ${together} with up to ${Math.max(...this.counts)}.`
    if (!best.needs)
      return best.obstacle ? 'None of these can run it.' : 'None of these holds it, not even eight together.'
    const { own } = this
    const smallest = smallestAt(this.rows, this.counts.indexOf(own))
    const known = smallest === undefined || (smallest === best && best.needs.count === own)
    const also = known
      ? ''
      : html` Smallest card ${own === 1 ? 'that holds it alone' : `of which ${own} hold it`}: <b>${smallest.name}</b>.`
    return html`Least memory that fits: <b>${best.needs.count} × ${best.name}</b>.${also} ${numbers}`
  }

  private row(listed: Ranked, index: number, roomy: boolean) {
    const { name, gpu, ids, chips, obstacle, cells, needs } = listed
    const answer = outcome.value.answer
    const own = standsFor(listed, answer?.resolved.gpu.id)
    const { units } = page.value.view
    const usable = formatRoom((gpu.memoryMiB - gpu.reserveMiB) * 2 ** 20, units)
    const fp16 = answer && !obstacle && fp16Changes(withGpu(answer.resolved, gpu)).length > 0
    return html`<tr class=${own ? 'own' : ''} aria-rowindex=${index + 2}>
      <th scope="row" title=${ids ? ids.map(gpuName).join(', ') : nothing}>
        <span class="name">${name}</span>
        <span class="detail">${usable}${fp16 ? ', in FP16' : ''}${chips ? `, ${chips}` : ''}</span>
      </th>
      <td class="number memory" role="gridcell" title=${`${usable} for programs`}>${Math.round(gpu.marketedGiB)}<span class="detail">GB</span></td>
      <td class="needs number" role="gridcell">
        ${needs ? html`<b>${needs.count}</b><span class="detail ${needs.cell.verdict}">${formatHeadroom(needs.cell.capacity - needs.cell.total, units)}</span>` : html`<span class="detail" title=${obstacle?.message ?? nothing}>${obstacle ? 'cannot run' : cells ? this.tooFew(cells) : '…'}</span>`}
      </td>
      ${this.columns.map((i, column) => this.cell(cells?.[i], { row: index, column }, own && this.counts[i] === this.own, roomy))}
    </tr>`
  }

  /** More than are looked at, or more than there can be. */
  private tooFew(cells: readonly Found[]): string {
    const most = this.counts.filter((_, i) => exists(cells[i])).at(-1)
    return most === 1 ? 'more than 1' : `> ${Math.max(...this.counts)}`
  }

  private cell(found: Found | undefined, { row, column }: Place, own: boolean, roomy: boolean) {
    const count = this.counts[this.columns[column]]
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
      ${exists(found) ? (roomy ? formatInteger(found.most) : briefly(found.most)) : '×'}
    </td>`
  }

  private choose(event: Event) {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('td[data-row]')
    if (cell) this.open(Number(cell.dataset.row), Number(cell.dataset.column))
  }

  private open(row: number, column: number) {
    this.active = { row, column }
    const answer = outcome.value.answer
    if (!answer) return
    const { value, gpu } = this.seen[row]
    const place = typeof value === 'string' ? gpuChanges(answer.resolved, gpu) : [{ path: 'hardware.gpu', value }]
    const free = ['tensor', 'pipeline', 'data'].map((degree) => ({ path: `parallelism.${degree}`, value: null }))
    const count = this.counts[this.columns[column]]
    const changes = count === this.own ? [] : free
    edit([...place, { path: 'hardware.count', value: count }, ...changes])
  }

  private async key(event: KeyboardEvent) {
    const { row, column } = this.active
    const next = walked(event, this.active, this.renderRoot.querySelectorAll('tbody tr').length, this.columns.length)
    if (!next && event.key !== 'Enter' && event.key !== ' ') return
    event.preventDefault()
    if (!next) return this.open(row, column)
    this.active = next
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>('td[tabindex="0"]')?.focus()
  }

  /** Along the headings; down into the cells. */
  private headKey(event: KeyboardEvent) {
    if (event.key === 'Enter' || event.key === ' ') return event.stopPropagation()
    const buttons = [...this.renderRoot.querySelectorAll<HTMLElement>('button.sort')]
    const at = buttons.indexOf(event.target as HTMLElement)
    const next = walked(event, { row: 0, column: at }, 2, buttons.length)
    if (!next) return
    event.preventDefault()
    event.stopPropagation()
    const stop = next.row > 0 ? this.renderRoot.querySelector<HTMLElement>('td[tabindex="0"]') : buttons[next.column]
    stop?.focus()
  }
}
