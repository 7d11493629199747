/** Which lines an overlay draws: a field, its values as chips, and one more to add. */
import { css, html, LitElement, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Scenario } from '../../scenario/schema.ts'
import type { AxisValue } from '../../sweep/axis.ts'
import { gpuEntries, modelEntries } from '../controls/entries.ts'
import { type Over, type OverField, overFields } from '../state/document.ts'
import { catalogue, loadCatalogue } from '../state/models.ts'
import { Watching } from '../state/signal.ts'
import { shared } from '../styles/shared.ts'
import { type Changed, changedEvent } from '../widgets/events.ts'
import { icon } from '../widgets/icons.ts'
import { MOST_LINES, overLabel, overNames, overOptions } from './over.ts'
import '../widgets/combobox.ts'
import '../widgets/select.ts'

/** @fires oom-change with the new choice */
@customElement('oom-over-choice')
export class OomOverChoice extends LitElement {
  @property({ attribute: false }) over!: Over
  @property({ attribute: false }) values: readonly AxisValue[] = []
  @property({ attribute: false }) scenario!: Scenario

  constructor() {
    super()
    new Watching(this, catalogue)
  }

  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px;
        --control: 30px;
      }
      oom-select {
        width: 112px;
      }
      oom-combobox {
        width: 128px;
      }
      .chip {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        height: 26px;
        padding: 0 4px 0 10px;
        border: 1px solid var(--line);
        border-radius: 13px;
        background: var(--surface);
      }
      .chip button {
        display: grid;
        place-items: center;
        width: 24px;
        height: 24px;
        padding: 0;
        border: 0;
        border-radius: 12px;
        background: none;
        color: var(--ink-3);
      }
      .chip button:hover {
        color: var(--oom);
      }
      .chip .icon {
        width: 11px;
        height: 11px;
      }
    `,
  ]

  override render() {
    const { field } = this.over
    return html`<oom-select
        quiet
        label="Lines of"
        .options=${overFields.map((value) => ({ value, label: overNames[value] }))}
        .value=${field}
        @oom-change=${({ detail }: CustomEvent<Changed<OverField>>) => this.send({ field: detail.value, values: null })}
      ></oom-select>
      ${this.values.map((value) => this.chip(value))} ${this.values.length < MOST_LINES ? this.adder(field) : nothing}`
  }

  private chip(value: AxisValue) {
    const label = overLabel(this.over.field, value, this.scenario)
    return html`<span class="chip"
      >${label}${
        this.values.length > 1
          ? html`<button
              aria-label="Remove ${label}"
              title="Remove"
              @click=${() => this.send({ ...this.over, values: this.values.filter((other) => other !== value) })}
            >
              ${icon('close')}
            </button>`
          : html`<span></span>`
      }</span
    >`
  }

  private adder(field: OverField) {
    if (field === 'hardware.gpu' || field === 'model') {
      const entries = field === 'model' ? modelEntries : gpuEntries
      return html`<oom-combobox
        quiet
        label=${field === 'model' ? 'Add a model' : 'Add a GPU'}
        value=""
        shown="Add …"
        .entries=${() => entries().filter(({ value }) => !this.values.includes(value))}
        .loading=${catalogue.value === null}
        @oom-open=${() => void loadCatalogue().catch(() => {})}
        @oom-change=${({ detail }: CustomEvent<Changed<string>>) => this.add(detail.value)}
      ></oom-combobox>`
    }
    const rest = overOptions(field, this.scenario).filter((value) => !this.values.includes(value))
    if (rest.length === 0) return nothing
    return html`<oom-select
      quiet
      label="Add a line"
      .options=${[{ value: '-', label: 'Add …' }, ...rest.map((value) => ({ value: String(value ?? ''), label: overLabel(field, value, this.scenario) }))]}
      value="-"
      @oom-change=${({ detail }: CustomEvent<Changed<string>>) => {
        const value = rest.find((option) => String(option ?? '') === detail.value)
        if (value !== undefined) this.add(value)
      }}
    ></oom-select>`
  }

  private add(value: AxisValue) {
    if (!this.values.includes(value)) this.send({ ...this.over, values: [...this.values, value] })
  }

  private send(over: Over) {
    this.dispatchEvent(changedEvent(over))
  }
}
