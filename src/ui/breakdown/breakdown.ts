/** What fills the memory of one GPU: the hovered cell's components, or the pinned one's, to the byte. */
import { css, html, LitElement, nothing } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { type ComponentName, componentNames } from '../../memory/model.ts'
import { lowered } from '../../sweep/plan.ts'
import { formatBytes, formatHeadroom, formatInteger, formatTokens } from '../../units.ts'
import { cursor } from '../state/cursor.ts'
import { page } from '../state/document.ts'
import { type Answer, outcome } from '../state/outcome.ts'
import { Watching } from '../state/signal.ts'
import { shared } from '../styles/shared.ts'
import { icon } from '../widgets/icons.ts'
import { verdictNames } from '../words.ts'
import { type Cell, cellOf } from './cell.ts'

export const componentLabels: Record<ComponentName, string> = {
  weights: 'Weights',
  gradients: 'Gradients',
  optimizer: 'Optimizer',
  masterWeights: 'Master weights',
  adapters: 'Adapters',
  kvCache: 'KV cache',
  activations: 'Activations',
  communication: 'Communication',
  overhead: 'Overhead',
}

@customElement('oom-breakdown')
export class OomBreakdown extends LitElement {
  @state() private open: string | null = null
  @state() private table = false
  private pinned: { answer: Answer; cell: Cell } | null = null

  constructor() {
    super()
    new Watching(this, page as never, outcome as never, cursor as never)
  }

  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: var(--gap-3);
        align-content: start;
      }
      header {
        display: flex;
        justify-content: space-between;
        align-items: baseline;
        gap: var(--gap-2);
      }
      header span {
        color: var(--ink-2);
        font-size: var(--small);
      }
      .bar {
        position: relative;
        height: 26px;
        background: var(--sunken);
        border-radius: 4px;
      }
      .bar i {
        position: absolute;
        top: 0;
        bottom: 0;
        border-right: 1px solid var(--surface);
      }
      .bar .limit {
        width: 2px;
        top: -4px;
        bottom: -4px;
        border: 0;
        background: var(--ink);
      }
      .bar .margin {
        background: repeating-linear-gradient(135deg, var(--edge) 0 1px, transparent 1px 4px);
        opacity: 0.6;
        border: 0;
      }
      .scale {
        display: flex;
        justify-content: space-between;
        color: var(--ink-3);
        font-size: var(--tiny);
        margin-top: 5px;
      }
      ul {
        border-top: 1px solid var(--line);
      }
      li {
        border-bottom: 1px solid var(--line);
      }
      .row {
        display: grid;
        grid-template-columns: 12px 1fr auto 16px;
        gap: 2px 8px;
        align-items: center;
        width: 100%;
        min-height: 40px;
        padding: 4px 0;
        border: 0;
        background: none;
        text-align: left;
      }
      .row:hover {
        background: var(--sunken);
      }
      .row .icon {
        color: var(--ink-3);
      }
      .row[aria-expanded='true'] .icon {
        transform: rotate(180deg);
      }
      .swatch {
        width: 10px;
        height: 10px;
        border-radius: 2px;
      }
      .value {
        text-align: right;
        font-weight: 600;
      }
      .exact {
        display: block;
        color: var(--ink-3);
        font-size: var(--tiny);
        font-weight: 400;
      }
      summary {
        min-height: 28px;
        padding: 4px 0;
        color: var(--accent);
        font-weight: 550;
        cursor: pointer;
      }
      .sum {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 3px var(--gap-2);
      }
      .sum dd {
        text-align: right;
      }
      .sum .strong {
        font-weight: 650;
      }
      .sum dt {
        color: var(--ink-2);
      }
      .sum svg {
        vertical-align: -3px;
      }
      .fits {
        color: var(--fits);
      }
      .tight {
        color: var(--tight);
      }
      .oom {
        color: var(--oom);
      }
      @media (forced-colors: active) {
        .bar i,
        .swatch {
          forced-color-adjust: none;
        }
      }
    `,
  ]

  override render() {
    const cell = this.cell()
    if (!cell) return nothing
    const { units } = page.value.view
    const { total, capacity, safeCapacity } = cell
    const shown = componentNames.filter((name) => cell.perGpu[name] > 0)
    const whole = Math.max(total, capacity)
    const percent = (bytes: number) => `${((bytes / whole) * 100).toFixed(3)}%`
    let left = 0
    return html`<header>
        <h2>Memory per GPU</h2>
        <span>${cursor.value ? 'Cell' : 'Pinned'} ${formatInteger(cell.batch)} × ${formatTokens(cell.sequence)}</span>
      </header>
      <div>
        <div class="bar" role="img" aria-label="${formatBytes(total, units)} of ${formatBytes(capacity, units)} used">
          ${shown.map((name) => {
            const style = `left:${percent(left)};width:${percent(cell.perGpu[name])};background:var(--c-${name})`
            left += cell.perGpu[name]
            return html`<i .style=${style}></i>`
          })}
          <i class="margin" .style=${`left:${percent(safeCapacity)};width:${percent(capacity - safeCapacity)}`}></i>
          <i class="limit" .style=${`left:calc(${percent(capacity)} - 2px)`}></i>
        </div>
        <div class="scale"><span>0</span><span>${total > capacity ? 'needed' : 'capacity'} ${formatBytes(whole, units)}</span></div>
      </div>
      <dl class="sum">
        <dt class="strong">Total</dt>
        <dd class="strong">${formatBytes(total, units)}</dd>
        <dt>Capacity</dt>
        <dd>${formatBytes(capacity, units)}</dd>
        <dt>Headroom</dt>
        <dd class=${cell.verdict}>${icon(cell.verdict)} ${verdictNames[cell.verdict]} ${formatHeadroom(capacity - total, units)}</dd>
      </dl>
      <ul>
        ${shown.map((name) => this.row(name, cell))}
      </ul>
      <details @toggle=${this.loadTable}>
        <summary>Boundary as a table</summary>
        ${this.table ? html`<oom-frontier></oom-frontier>` : nothing}
      </details>`
  }

  private row(name: ComponentName, cell: Cell) {
    const { units } = page.value.view
    const open = this.open === name
    return html`<li>
      <button class="row" aria-expanded=${open ? 'true' : 'false'} @click=${() => this.toggle(name)}>
        <span class="swatch" .style=${`background:var(--c-${name})`}></span>
        <span>${componentLabels[name]}</span>
        <span class="value"
          >${formatBytes(cell.perGpu[name], units)}<span class="exact">${formatInteger(cell.perGpu[name])} B</span></span
        >
        ${icon('chevron')}
      </button>
      ${open ? html`<oom-formula .cell=${cell} .name=${name}></oom-formula>` : nothing}
    </li>`
  }

  private async loadTable(event: Event) {
    if (!(event.target as HTMLDetailsElement).open) return
    await import('./frontier.ts')
    this.table = true
  }

  private async toggle(name: string) {
    if (this.open === name) this.open = null
    else {
      await import('./formula.ts')
      this.open = name
    }
  }

  /** The cell under the cursor, else the pinned one. */
  private cell(): Cell | null {
    const at = cursor.value
    if (at?.slice.structure) return cellOf(at.slice.structure, at.slice.ranks, at.batch, at.sequence)
    const { answer } = outcome.value
    if (!answer) return null
    if (this.pinned?.answer !== answer) {
      const { ranks, structure } = lowered(answer.resolved)
      const { batch, sequence } = answer.resolved.scenario
      this.pinned = { answer, cell: cellOf(structure, ranks, batch, sequence) }
    }
    return this.pinned.cell
  }
}
