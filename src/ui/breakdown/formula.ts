/** A number opened: its formula, the same with the values in it, its source, and the steps it is made of, each to be opened in turn. */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { type Explanation, explainReduced } from '../../formula/explain.ts'
import type { Expression } from '../../formula/expression.ts'
import { tensors } from '../../memory/quantities.ts'
import { limits } from '../../scenario/schema.ts'
import { formatBytes, formatInteger, formatParameters } from '../../units.ts'
import { page } from '../state/document.ts'
import { shared } from '../styles/shared.ts'
import type { Cell } from './cell.ts'
import { storedIn } from './stored.ts'

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
      table {
        width: 100%;
        margin: 4px 0;
        border-collapse: collapse;
      }
      th {
        padding: 2px 0;
        font-weight: 550;
        text-align: left;
      }
      th::first-letter {
        text-transform: uppercase;
      }
      td {
        padding: 2px 0 2px 8px;
        color: var(--ink-2);
        text-align: right;
        white-space: nowrap;
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
      .step > button > b {
        text-decoration: underline dotted var(--edge) 1px;
        text-underline-offset: 3px;
      }
      .step > button .won {
        display: inline-block;
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
      .step.wins {
        border-left-color: var(--accent);
      }
      .won {
        margin-left: 4px;
        padding: 0 5px;
        border-radius: 3px;
        background: var(--accent-ground);
        color: var(--accent);
        font-size: var(--tiny);
        font-style: normal;
        font-weight: 500;
        white-space: nowrap;
      }
    `,
  ]

  override render() {
    const { cell, name } = this
    if (!cell) return nothing
    if (name === 'headroom') return this.headroom(cell)
    const output = cell.structure.outputs[name]
    return output ? this.explained(this.explain(output, cell), name) : nothing
  }

  private explain(output: Expression, { inputs, batch, sequence }: Cell): Explanation {
    return explainReduced(output, inputs, batch, sequence)
  }

  /** What is left, and what decides whether that is enough: both made of numbers that open. */
  private headroom(cell: Cell): TemplateResult {
    const { capacity, total, safeCapacity } = cell
    const { outputs } = cell.structure
    const parts = ['capacity', 'total', 'safeCapacity'].map((name) => this.explain(outputs[name], cell))
    return html`<p class="formula">capacity − total</p>
      <p class="formula values">= ${formatInteger(capacity)} − ${formatInteger(total)}</p>
      <p class="formula values">= <b>${formatInteger(capacity - total)}</b> B</p>
      <p class="source">tight above ${formatInteger(safeCapacity)} B, the capacity less the safety margin</p>
      ${parts.map((part) => this.step(part, `headroom/${part.name}`))}`
  }

  private explained(explanation: Explanation, path: string): TemplateResult {
    const { value, unit, source } = explanation
    const choice = explanation.choice()
    if (!choice) return html`${this.formula(explanation)} ${this.steps(explanation, path)}`
    return html`<p class="formula">the ${choice.of} of</p>
      ${choice.options.map(({ option, wins }, i) => this.step({ ...option, unit: option.unit || unit }, `${path}/${i}`, wins ? choice.of : ''))}
      <p class="formula values">= <b>${formatInteger(value)}</b> ${unit}</p>
      ${source ? html`<p class="source">${source}</p>` : nothing}`
  }

  /** What has how many bits, under the sum over all tensors. */
  private stored(formula: string): TemplateResult | typeof nothing {
    const stored = this.cell && formula.includes(tensors.about) ? storedIn(this.cell) : []
    if (stored.length < 2) return nothing
    return html`<table>
      ${stored.map(
        ({ what, parameters, bits, bytes }) => html`<tr>
          <th scope="row">${what}</th>
          <td>${formatParameters(parameters)} × ${bits} bit</td>
          <td>${formatBytes(bytes, page.value.view.units)}</td>
        </tr>`,
      )}
    </table>`
  }

  private formula({ formula, substituted, source, value, unit, quantities }: Explanation): TemplateResult {
    return html`<p class="formula">${formula.replaceAll('_', ' ')}</p>
      ${substituted === formula ? nothing : html`<p class="formula values">= ${this.inWords(substituted, quantities)}</p>`}
      <p class="formula values">= <b>${formatInteger(value)}</b> ${unit}</p>
      ${this.stored(formula)} ${source ? html`<p class="source">${source}</p>` : nothing}`
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

  /** @param won what it is of the alternatives, when it decides */
  private step(part: Explanation, path: string, won: '' | 'largest' | 'smallest' = ''): TemplateResult {
    const open = this.open.has(path)
    const number = html`<span>${formatInteger(part.value)} <span class="unit">${part.unit}</span></span>`
    const mark = won ? html` <i class="won">${won}</i>` : nothing
    // A bare number or quantity opens to nothing.
    if (!part.name && part.parts.length + part.quantities.length === 0)
      return html`<div class="step" data-leaf><p><span>${part.formula}${mark}</span>${number}</p></div>`
    return html`<div class="step ${won ? 'wins' : ''}">
      <button aria-expanded=${open ? 'true' : 'false'} @click=${() => this.toggle(path)}>
        <b>${part.name.replaceAll('_', ' ') || html`<span class="formula">${part.formula.replaceAll('_', ' ')}</span>`}${mark}</b>${number}
      </button>
      ${open ? this.explained(part, path) : nothing}
    </div>`
  }

  private toggle(path: string) {
    const open = new Set(this.open)
    if (!open.delete(path)) open.add(path)
    this.open = open
  }
}
