/**
 * Changes worth making, as chips in one line. What has no room in it waits behind a button and opens over the map, so that nothing moves;
 * on a phone the line is swiped. Fetched after the answer is painted.
 */
import { css, html, LitElement, nothing } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { ByteUnit } from '../../units.ts'
import { framePainted } from '../idle.ts'
import type { Change } from '../state/document.ts'
import { shared } from '../styles/shared.ts'
import { icon } from '../widgets/icons.ts'
import { leftInWords } from '../words.ts'
import type { Fix } from './fixes.ts'

/** @fires oom-apply with the changes of the chip that was chosen */
@customElement('oom-suggestions')
export class OomSuggestions extends LitElement {
  @property() lead = ''
  @property({ attribute: false }) fixes: readonly Fix[] = []
  /** They belong to a former scenario and cannot be chosen. */
  @property({ type: Boolean }) stale = false
  @property() units: ByteUnit = 'GiB'
  @state() private open = false
  /** How many have no room in the line. */
  @state() private over = 0
  @query('ul') private list!: HTMLElement | null
  private readonly observer = new ResizeObserver(() => this.measure())

  static override styles = [
    shared,
    css`
      :host {
        position: relative;
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        height: 34px;
        margin: 0 -3px;
      }
      ul {
        grid-column: 1;
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        height: 34px;
        padding: 3px;
        overflow: hidden;
      }
      ul.open {
        position: absolute;
        inset: -5px -8px auto -8px;
        z-index: 2;
        height: auto;
        padding: 8px 100px 8px 11px;
        border-radius: var(--radius);
        background: var(--surface);
        box-shadow: var(--shadow);
      }
      .over {
        visibility: hidden;
      }
      .lead {
        margin-right: 2px;
        color: var(--ink-3);
        font-size: var(--small);
        line-height: 28px;
        white-space: nowrap;
      }
      .fix {
        height: 28px;
        border-radius: 14px;
      }
      .fix:hover {
        border-color: var(--accent);
      }
      .fix[aria-disabled='true'] {
        color: var(--ink-3);
      }
      .fix b {
        font-weight: 600;
      }
      .fix span {
        color: var(--ink-3);
        font-size: var(--small);
      }
      .more {
        grid-column: 2;
        z-index: 3;
        height: 28px;
        margin: 3px 0;
        padding: 0 4px 0 8px;
        color: var(--accent);
        font-size: var(--small);
        border: 0;
        background: none;
      }
      .more[aria-expanded='true'] .icon {
        transform: rotate(180deg);
      }
      @media (max-width: 899px) {
        ul {
          flex-wrap: nowrap;
          padding-right: 24px;
          overflow-x: auto;
          scrollbar-width: none;
          mask-image: linear-gradient(90deg, #000 calc(100% - 28px), transparent);
        }
        .over {
          visibility: visible;
        }
        .more {
          display: none;
        }
      }
    `,
  ]

  override connectedCallback() {
    super.connectedCallback()
    this.addEventListener('keydown', this.key)
    this.addEventListener('focusout', this.left)
    this.observer.observe(this)
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    this.observer.disconnect()
  }

  override render() {
    const { open, over, fixes, lead, units } = this
    const first = fixes.length - over
    return html`<ul class=${open ? 'open' : ''} aria-label=${lead}>
        <li class="lead" aria-hidden="true">${lead}</li>
        ${fixes.map(({ label, changes, estimate }, i) => {
          return html`<li class=${i < first || open ? '' : 'over'}>
            <button class="button fix" aria-disabled=${this.stale ? 'true' : 'false'} @click=${() => this.choose(changes)}>
              <b>${label}</b><span>${leftInWords(estimate.verdict, estimate.capacity - estimate.perGpu.total, units)} left</span>
            </button>
          </li>`
        })}
      </ul>
      ${
        over > 0
          ? html`<button class="button more" aria-expanded=${open ? 'true' : 'false'} @click=${() => this.show(!open)}>${open ? 'fewer' : `${over} more`} ${icon('chevron')}</button>`
          : nothing
      }`
  }

  protected override updated(changed: Map<PropertyKey, unknown>) {
    // Once the frame is made: measuring before would lay the page out twice.
    if (changed.has('fixes') || changed.has('units') || changed.has('open')) {
      void framePainted().then(() => this.measure())
    }
  }

  private measure() {
    if (this.open || !this.list) return
    const items = [...this.list.children] as HTMLElement[]
    this.over = items.filter(({ offsetTop }) => offsetTop > items[0].offsetTop + 14).length
  }

  /** Shows what had no room, and goes there. */
  private async show(open: boolean) {
    const first = this.fixes.length - this.over
    this.open = open
    await this.updateComplete
    if (open) this.list?.querySelectorAll<HTMLElement>('.fix')[first]?.focus()
  }

  private choose(changes: Change[]) {
    if (this.stale) return
    this.open = false
    this.dispatchEvent(new CustomEvent('oom-apply', { detail: changes }))
  }

  private readonly key = ({ key }: KeyboardEvent) => {
    if (key !== 'Escape' || !this.open) return
    this.open = false
    this.renderRoot.querySelector<HTMLElement>('.more')?.focus()
  }

  /** What moves within is not told here. */
  private readonly left = () => {
    this.open = false
  }
}
