/** A small labelled text field whose value is read by a function; what cannot be read stays in it, with the reason. Empty means "as usual". */
import { css, html, LitElement, nothing } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { shared } from '../styles/shared.ts'
import { changedEvent } from './events.ts'

/** @fires oom-change with what was read, or undefined when the field was emptied */
@customElement('oom-entry')
export class OomEntry extends LitElement {
  @property() label = ''
  @property() about = ''
  /** The value as text; empty for none. */
  @property() shown = ''
  /** Said in the empty field. */
  @property() usual = 'auto'
  @property() error = ''
  /** @throws {RangeError} with a sentence for people */
  @property({ attribute: false }) read: (text: string) => unknown = (text) => text
  @state() private typed: string | null = null
  @state() private unread = ''

  static override styles = [
    shared,
    css`
      .field::placeholder {
        color: var(--ink-3);
        opacity: 1;
      }
    `,
  ]

  override render() {
    const error = this.unread || this.error
    return html`<label class="label" for="field">${this.label}</label>
      <input
        id="field"
        class="field"
        autocomplete="off"
        spellcheck="false"
        placeholder=${this.usual}
        .value=${this.typed ?? this.shown}
        aria-invalid=${error ? 'true' : 'false'}
        aria-describedby=${error ? 'error' : this.about ? 'about' : nothing}
        @input=${(e: Event) => this.take((e.target as HTMLInputElement).value, false)}
        @change=${(e: Event) => this.take((e.target as HTMLInputElement).value, true)}
      />
      ${this.about ? html`<span class="hidden" id="about">${this.about}</span>` : nothing}
      ${error ? html`<p class="error" id="error" role="alert">${error}</p>` : nothing}`
  }

  private take(text: string, last: boolean) {
    this.typed = text
    try {
      const value = text.trim() === '' ? undefined : this.read(text.trim())
      this.unread = ''
      if (last) this.typed = null
      this.dispatchEvent(changedEvent(value, last))
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.unread = error.message
    }
  }
}
