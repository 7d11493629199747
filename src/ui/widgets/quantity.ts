/**
 * A count as a slider and a field. The field reads `32k`, `128K`, `1M`; arrows step, with Shift far and with Alt by one. What cannot be read
 * stays in the field with the reason under it, and the value is again what it was before the typing: `1e300` does not leave a 1 behind.
 */
import { css, html, LitElement, nothing } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { formatTokens, parseQuantity } from '../../units.ts'
import { shared } from '../styles/shared.ts'
import { changedEvent } from './events.ts'
import { atPosition, positionOf, stepped } from './steps.ts'

const STEPS = 1000

/** @fires oom-change */
@customElement('oom-quantity')
export class OomQuantity extends LitElement {
  @property() label = ''
  @property({ type: Number }) value = 1
  @property({ type: Number }) min = 1
  /** Where the slider begins; the field goes down to `min`. */
  @property({ type: Number }) start = 1
  @property({ type: Number }) max = 65_536
  /** Where the slider ends; the field goes on to `max`. */
  @property({ type: Number }) reach = 1024
  /** A refusal of the value by the scenario. */
  @property() error = ''
  /** What the field holds while it cannot be read. */
  @state() private typed: string | null = null
  @state() private unread = ''
  /** The value before the typing. */
  private begun = 1

  static override styles = [
    shared,
    css`
      .row {
        display: grid;
        grid-template-columns: 1fr 84px;
        gap: var(--gap-3);
        align-items: center;
      }
      .field {
        text-align: right;
      }
      input[type='range'] {
        width: 100%;
        height: 24px;
        margin: 0;
        background: none;
        accent-color: var(--accent);
      }
      @media (max-width: 899px) {
        .row {
          grid-template-columns: 1fr 60px;
          gap: var(--gap-2);
        }
      }
    `,
  ]

  override render() {
    const error = this.unread || this.error
    const shown = this.typed ?? formatTokens(this.value)
    return html`<label class="label" for="field">${this.label}</label>
      <div class="row">
        <input
          type="range"
          min="0"
          max=${STEPS}
          .value=${String(Math.round(positionOf(this.value, this.start, this.reach) * STEPS))}
          aria-label="${this.label}, slider"
          aria-valuetext=${formatTokens(this.value)}
          @input=${(e: InputEvent) => this.slide(e, false)}
          @change=${(e: InputEvent) => this.slide(e, true)}
          @keydown=${this.key}
          @keyup=${this.keyEnd}
        />
        <input
          id="field"
          class="field"
          inputmode="text"
          autocomplete="off"
          spellcheck="false"
          .value=${shown}
          aria-invalid=${error ? 'true' : 'false'}
          aria-describedby=${error ? 'error' : nothing}
          @input=${(e: InputEvent) => this.read((e.target as HTMLInputElement).value, false)}
          @change=${(e: InputEvent) => this.read((e.target as HTMLInputElement).value, true)}
          @focus=${(e: FocusEvent) => (e.target as HTMLInputElement).select()}
          @keydown=${this.key}
          @keyup=${this.keyEnd}
        />
      </div>
      ${error ? html`<p class="error" id="error" role="alert">${error}</p>` : nothing}`
  }

  /** Last before the frame: a browser lays the page out when the text of the field in use changes, and once is enough. */
  protected override async scheduleUpdate() {
    if (this.hasUpdated) await new Promise(requestAnimationFrame)
    super.scheduleUpdate()
  }

  private slide({ target }: InputEvent, last: boolean) {
    this.give(atPosition(Number((target as HTMLInputElement).value) / STEPS, this.start, this.reach), last)
  }

  private read(text: string, last: boolean) {
    if (this.typed === null) this.begun = this.value
    this.typed = text
    try {
      const value = parseQuantity(text)
      if (value < this.min || value > this.max) {
        throw new RangeError()
      }
      this.unread = ''
      if (last) this.typed = null
      this.send(value, last)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      const read = text.trim() ? `“${text.slice(0, 24)}” is not` : 'needs'
      this.unread = `${this.label}: ${read} a whole number from ${this.min} to ${formatTokens(this.max)}, such as 8 or 32k.`
      if (this.value !== this.begun) this.send(this.begun, true)
    }
  }

  private key(event: KeyboardEvent) {
    const direction = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1 }[event.key] as 1 | -1 | undefined
    const inField = (event.target as HTMLElement).id === 'field'
    if (!direction || event.ctrlKey || event.metaKey || (inField && /Left|Right/.test(event.key))) return
    event.preventDefault()
    const size = event.shiftKey ? 'coarse' : event.altKey ? 'fine' : 'step'
    this.give(stepped(this.value, direction, size, this.min, this.max), false)
  }

  private keyEnd({ key }: KeyboardEvent) {
    if (key.startsWith('Arrow') && this.typed === null) this.send(this.value, true)
  }

  private give(value: number, last: boolean) {
    this.typed = null
    this.unread = ''
    this.send(value, last)
  }

  private send(value: number, last: boolean) {
    this.value = value
    this.dispatchEvent(changedEvent(value, last))
  }
}
