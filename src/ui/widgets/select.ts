/** A labelled native select: the best list on a phone and for a screen reader. Values are texts; the empty one is "as usual". */
import { html, LitElement, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Option } from '../options.ts'
import { shared } from '../styles/shared.ts'
import { changedEvent } from './events.ts'

/** @fires oom-change */
@customElement('oom-select')
export class OomSelect extends LitElement {
  @property() label = ''
  @property() value = ''
  @property({ attribute: false }) options: readonly Option[] = []
  @property() error = ''
  /** What it means, for screen readers. */
  @property() about = ''
  /** The label is for screen readers only. */
  @property({ type: Boolean }) quiet = false

  static override styles = [shared]

  override render() {
    const options = this.options.some(({ value }) => value === this.value)
      ? this.options
      : [...this.options, { value: this.value, label: this.value }]
    return html`<label class=${this.quiet ? 'hidden' : 'label'} for="select">${this.label}</label>
      <select
        id="select"
        class="select"
        aria-invalid=${this.error ? 'true' : 'false'}
        aria-describedby=${this.error ? 'error' : nothing}
        aria-description=${this.about || nothing}
        @change=${(event: Event) => this.dispatchEvent(changedEvent((event.target as HTMLSelectElement).value))}
      >
        ${options.map(({ value, label }) => html`<option value=${value} .selected=${value === this.value}>${label}</option>`)}
      </select>
      ${this.error ? html`<p class="error" id="error" role="alert">${this.error}</p>` : nothing}`
  }
}
