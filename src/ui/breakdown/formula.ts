/** A number opened: its formula, the same with the values in it, its source, and the steps it is made of, each to be opened in turn. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { type Explanation, explain } from '../../formula/explain.ts'
import { limits } from '../../scenario/schema.ts'
import { formatInteger } from '../../units.ts'
import { shared } from '../styles/shared.ts'
import type { Cell } from './cell.ts'

const NO_WINDOW = 'no window'
const unwindowed = (name: string, value: number) => /window/.test(name) && value >= limits.sequence

@customElement('oom-formula')
export class OomFormula extends LitElement {
  @property({ attribute: false }) cell: Cell | null = null
  /** An output of the model. */
  @property() name = ''
  @state() private open = new Set<string>()

  static override styles = [
    shared,
    css`
      :host {
        display: block;
        padding: 0 0 var(--gap-3) 20px;
        font-size: var(--small);
      }
      .formula {
        font-family: var(--mono);
        font-size: var(--tiny);
        line-height: 1.6;
        color: var(--ink);
        overflow-wrap: anywhere;
      }
      .values {
        color: var(--ink-2);
      }
      .source {
        color: var(--ink-3);
        margin: 3px 0 6px;
        overflow-wrap: anywhere;
      }
      .step {
        border-left: 2px solid var(--line);
        padding-left: 10px;
        margin-top: 4px;
      }
      .step > button {
        display: flex;
        justify-content: space-between;
        gap: var(--gap-2);
        width: 100%;
        min-height: 26px;
        padding: 2px 0;
        border: 0;
        background: none;
        text-align: left;
      }
      .step > button:hover {
        background: var(--sunken);
      }
      .step b {
        font-weight: 550;
      }
      .step[data-leaf] > p {
        display: flex;
        justify-content: space-between;
        gap: var(--gap-2);
        min-height: 24px;
        align-items: center;
      }
      .step > button > span,
      .step p > span:last-child {
        white-space: nowrap;
      }
      .unit {
        color: var(--ink-3);
      }
    `,
  ]

  override render() {
    const { cell, name } = this
    const output = cell?.structure.outputs[name]
    if (!cell || !output) return nothing
    const explanation = explain(output, cell.inputs, cell.batch, cell.sequence)
    return html`${this.formula(explanation)} ${this.steps(explanation, name)}`
  }

  private formula({ formula, substituted, source, value, unit, quantities }: Explanation): TemplateResult {
    return html`<p class="formula">${formula.replaceAll('_', ' ')}</p>
      ${substituted === formula ? nothing : html`<p class="formula values">= ${this.inWords(substituted, quantities)}</p>`}
      <p class="formula values">= <b>${formatInteger(value)}</b> ${unit}</p>
      ${source ? html`<p class="source">${source}</p>` : nothing}`
  }

  /** Layers that attend to everything have a window as long as any sequence: it is called what it is. */
  private inWords(substituted: string, quantities: readonly Explanation[]): string {
    const none = quantities.some(({ name, value }) => unwindowed(name, value))
    return none && this.cell && this.cell.sequence < limits.sequence
      ? substituted.replaceAll(formatInteger(limits.sequence), NO_WINDOW)
      : substituted
  }

  private steps({ parts, quantities }: Explanation, path: string): TemplateResult {
    return html`${parts.map((part) => this.step(part, `${path}/${part.name}`))}
    ${quantities.map(
      ({ name, value, unit, source }) => html`<div class="step" data-leaf>
        <p title=${source}><span>${name.replaceAll('_', ' ')}</span><span>${unwindowed(name, value) ? NO_WINDOW : html`${formatInteger(value)} <span class="unit">${unit}</span>`}</span></p>
      </div>`,
    )}`
  }

  private step(part: Explanation, path: string): TemplateResult {
    const open = this.open.has(path)
    return html`<div class="step">
      <button aria-expanded=${open ? 'true' : 'false'} @click=${() => this.toggle(path)}>
        <b>${part.name}</b><span>${formatInteger(part.value)} <span class="unit">${part.unit}</span></span>
      </button>
      ${open ? html`${this.formula(part)} ${this.steps(part, path)}` : nothing}
    </div>`
  }

  private toggle(path: string) {
    const open = new Set(this.open)
    if (!open.delete(path)) open.add(path)
    this.open = open
  }
}
