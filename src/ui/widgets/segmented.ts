/** A few choices side by side; radio buttons underneath, so arrow keys and screen readers know them. */
import { css, html, LitElement } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Option } from '../options.ts'
import { shared } from '../styles/shared.ts'
import { changedEvent } from './events.ts'

/** @fires oom-change */
@customElement('oom-segmented')
export class OomSegmented extends LitElement {
  @property() label = ''
  @property() value = ''
  /** The label is for screen readers only. */
  @property({ type: Boolean }) quiet = false
  @property({ attribute: false }) options: readonly Option[] = []

  static override styles = [
    shared,
    css`
      fieldset {
        margin: 0;
        padding: 0;
        border: 0;
        min-width: 0;
      }
      legend {
        padding: 0;
      }
      .row {
        display: flex;
        padding: 2px;
        border-radius: var(--radius);
        background: var(--sunken);
        border: 1px solid var(--line);
      }
      label {
        flex: 1;
        position: relative;
        display: grid;
        place-items: center;
        height: calc(var(--control) - 6px);
        padding: 0 var(--segment-padding, 7px);
        border-radius: 4px;
        white-space: nowrap;
        color: var(--ink-2);
        cursor: pointer;
      }
      label:hover {
        color: var(--ink);
      }
      label:has(:checked) {
        background: var(--surface);
        color: var(--ink);
        font-weight: 550;
        box-shadow: 0 0 0 1px var(--line), 0 1px 2px rgb(0 0 0 / 8%);
      }
      label:has(:focus-visible) {
        outline: 2px solid var(--accent);
      }
      input {
        position: absolute;
        inset: 0;
        opacity: 0;
        margin: 0;
        cursor: pointer;
      }
      @media (max-width: 359px) {
        label {
          padding: 0 2px;
        }
      }
      @media (forced-colors: active) {
        label:has(:checked) {
          outline: 2px solid Highlight;
        }
      }
    `,
  ]

  override render() {
    return html`<fieldset>
      <legend class=${this.quiet ? 'hidden' : 'label'}>${this.label}</legend>
      <div class="row">
        ${this.options.map(
          ({ value, label }) =>
            html`<label
              ><input
                type="radio"
                name="choice"
                value=${value}
                .checked=${value === this.value}
                @change=${() => this.dispatchEvent(changedEvent(value))}
              />${label}</label
            >`,
        )}
      </div>
    </fieldset>`
  }
}
