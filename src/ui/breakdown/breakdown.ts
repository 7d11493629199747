/** What fills the memory of one GPU: the hovered cell's components, or the pinned one's, to the byte. */
import { html, LitElement, nothing } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import type { ComponentName } from '../../memory/model.ts'
import { rangeOf } from '../../memory/range.ts'
import { formatBytes, formatHeadroom, formatInteger, formatRoom, formatTokens } from '../../units.ts'
import { framePainted, whenIdle } from '../idle.ts'
import { mapPainted } from '../map-painted.ts'
import { cursor } from '../state/cursor.ts'
import { page } from '../state/document.ts'
import { type Answer, outcome } from '../state/outcome.ts'
import { Watching } from '../state/signal.ts'
import { icon } from '../widgets/icons.ts'
import { verdictNames } from '../words.ts'
import { breakdownStyles } from './breakdown-styles.ts'
import { type Cell, cellOf, pinnedCell } from './cell.ts'

export const componentLabels: Record<ComponentName, string> = {
  weights: 'Weights',
  gradients: 'Gradients',
  optimizer: 'Optimizer',
  masterWeights: 'Master weights',
  adapters: 'Adapters',
  communication: 'Communication',
  overhead: 'Overhead',
  activations: 'Activations',
  kvCache: 'KV cache',
}

/** As they are listed and stacked: what grows with the load comes last. */
export const stacked = Object.keys(componentLabels) as ComponentName[]

@customElement('oom-breakdown')
export class OomBreakdown extends LitElement {
  @state() private open: string | null = null
  @state() private table = false
  private pinned: { answer: Answer; cell: Cell } | null = null

  constructor() {
    super()
    new Watching(this, page, outcome, cursor)
  }

  static override styles = breakdownStyles

  override render() {
    const cell = this.cell()
    if (!cell) return html`<header><h2>Memory per GPU</h2></header><p>Nothing to add up yet.</p>`
    const { units } = page.value.view
    const { total, capacity, safeCapacity } = cell
    const shown = stacked.filter((name) => cell.perGpu[name] > 0)
    const margin = capacity - safeCapacity
    const range = this.range(cell)
    const whole = Math.max(total, capacity)
    const percent = (bytes: number) => `${((bytes / whole) * 100).toFixed(3)}%`
    let left = 0
    return html`<header>
        <h2>Memory per GPU</h2>
        <span>${cursor.value ? (cursor.value.label ? `${cursor.value.label}:` : 'Cell') : 'Pinned'} ${formatInteger(cell.batch)} × ${formatTokens(cell.sequence)}</span>
      </header>
      <div class="gauge">
        <div class="bar" role="img" aria-label="${formatBytes(total, units)} of ${formatRoom(capacity, units)} used">
          ${shown.map((name) => {
            const style = `left:${percent(left)};width:${percent(cell.perGpu[name])};background:var(--c-${name})`
            left += cell.perGpu[name]
            return html`<i .style=${style}></i>`
          })}
          <i class="margin" .style=${`left:${percent(safeCapacity)};width:${percent(margin)}`}></i>
          ${range ? html`<i class="range" .style=${`left:${percent(range.low)};width:${percent(Math.min(range.high, whole) - range.low)}`}></i>` : nothing}
          <i class="limit" .style=${`left:calc(${percent(capacity)} - 2px)`}></i>
        </div>
        <div class="scale"><span>0</span>${margin > 0 && total <= capacity ? html`<span><span class="hatched">hatched: </span>margin ${formatBytes(margin, units)}</span>` : nothing}<span>${total > capacity ? `needed ${formatBytes(total, units)}` : `capacity ${formatRoom(capacity, units)}`}</span></div>
      </div>
      <dl class="sum">
        ${this.sum('total', 'Total', cell, html`${formatBytes(total, units)}${range ? html`<span class="likely">${formatRoom(range.low, units)} to ${formatBytes(range.high, units)} in 9 of 10 runs</span>` : nothing}`)}
        ${this.sum('capacity', 'Capacity', cell, formatRoom(capacity, units))}
        ${this.sum('headroom', 'Headroom', cell, html`<span class=${cell.verdict}>${icon(cell.verdict)} <span>${verdictNames[cell.verdict]}</span> ${formatHeadroom(capacity - total, units)}</span>`)}
      </dl>
      <oom-notes></oom-notes>
      <ul>
        ${shown.map((name) => this.row(name, cell))}
      </ul>
      <section class=${this.table ? 'table open' : 'table'}>
        <button class="summary" aria-expanded=${this.table ? 'true' : 'false'} @click=${() => this.showTable(!this.table)}>
          Boundary as a table ${icon('chevron')}
        </button>
        ${this.table ? html`<oom-frontier></oom-frontier>` : nothing}
      </section>`
  }

  private sum(name: string, label: string, cell: Cell, value: unknown) {
    const open = this.open === name
    return html`<div class=${name}>
      <dt><button aria-expanded=${open ? 'true' : 'false'} @click=${() => this.toggle(name)}>${label}</button></dt>
      <dd>${value}</dd>
      ${open ? html`<dd class="opened"><oom-formula .cell=${cell} .name=${name}></oom-formula></dd>` : nothing}
    </div>`
  }

  private row(name: ComponentName, cell: Cell) {
    const { units } = page.value.view
    const open = this.open === name
    return html`<li>
      <button class="row" aria-expanded=${open ? 'true' : 'false'} @click=${() => this.toggle(name)}>
        <span class="swatch" .style=${`background:var(--c-${name})`}></span>
        <span>${componentLabels[name]}${name === 'activations' ? html`<oom-phase .cell=${cell}></oom-phase>` : nothing}</span>
        <span class="value"
          >${formatBytes(cell.perGpu[name], units)}<span class="exact">${formatInteger(cell.perGpu[name])} B</span></span
        >
        ${icon('chevron')}
      </button>
      ${open ? html`<oom-formula .cell=${cell} .name=${name}></oom-formula>` : nothing}
    </li>`
  }

  /** A frame after the answer, which is what a key asks for. What is pointed at is shown at once. */
  protected override async scheduleUpdate() {
    const { answer } = outcome.value
    if (this.pinned && answer && this.pinned.answer !== answer) await framePainted()
    super.scheduleUpdate()
  }

  protected override firstUpdated() {
    // Where the column has room for it, the table is there without being asked for, once the map is.
    if (!matchMedia('(min-width: 900px) and (min-height: 700px)').matches) return
    void mapPainted.then(() => whenIdle(() => void this.showTable(true).catch(() => {})))
  }

  private async showTable(shown: boolean) {
    if (shown) await import('./frontier.ts')
    this.table = shown
  }

  private async toggle(name: string) {
    if (this.open === name) this.open = null
    else {
      await import('./formula.ts')
      this.open = name
    }
  }

  /** Between which bytes nine in ten measurements of the cell's scenario would fall. */
  private range({ perGpu, total }: Cell) {
    const scenario = cursor.value ? cursor.value.slice.scenario : outcome.value.answer?.resolved.scenario
    return scenario ? rangeOf({ scenario }, perGpu, total) : null
  }

  /** The cell under the cursor, else the pinned one. */
  private cell(): Cell | null {
    const at = cursor.value
    if (at?.slice.structure) return cellOf(at.slice.structure, at.slice.ranks, at.batch, at.sequence)
    const { answer } = outcome.value
    if (!answer) return null
    if (this.pinned?.answer !== answer) this.pinned = { answer, cell: pinnedCell(answer) }
    return this.pinned.cell
  }
}
