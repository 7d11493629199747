/** Three sentences for a first visit, one after the other. They go when they are followed or closed, and never come back. */
import { css, html, LitElement, nothing } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { page, steps } from '../state/document.ts'
import { Watching } from '../state/signal.ts'
import { shared } from '../styles/shared.ts'
import { icon } from '../widgets/icons.ts'
import { HINTS, hintsSeen, rememberHints } from './hints-left.ts'

/** One line each, for where there is but a row: what a mouse does, and what a finger does. */
const hints: { mouse: string; finger: string }[] = [
  { mouse: 'Click the map to pin a cell: every number follows.', finger: 'Tap a cell to pin it.' },
  { mouse: 'Drag to zoom in; double-click to see everything.', finger: 'Pinch to zoom in or out.' },
  { mouse: 'Above the map: compare precisions, GPU counts, GPUs.', finger: 'Below: compare.' },
]

@customElement('oom-hints')
export class OomHints extends LitElement {
  @state() private step = hintsSeen()
  /** The page makes room for it (app-styles.ts). */
  @property({ type: Boolean, reflect: true }) shown = this.step < HINTS

  constructor() {
    super()
    new Watching(this, page)
    // A reader who acts has understood.
    steps.watch(() => this.next())
  }

  static override styles = [
    shared,
    css`
      /* In the row below the map, in place of what it says of the engine: nothing is hidden, and nothing moves when they go. */
      :host {
        flex: 1;
        min-width: 0;
      }
      aside {
        display: flex;
        align-items: center;
        gap: var(--gap-2);
        width: fit-content;
        max-width: 100%;
        height: 30px;
        padding: 0 2px 0 var(--gap-2);
        border-radius: var(--radius);
        border: 1px solid var(--accent);
        background: var(--accent-ground);
        color: var(--ink);
        font-size: var(--small);
      }
      p {
        flex: 1;
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .button {
        height: 24px;
      }
      span {
        color: var(--ink-2);
        white-space: nowrap;
      }
      .finger {
        display: none;
      }
      @media (max-width: 1199px) {
        span {
          display: none;
        }
      }
      @media (max-width: 899px) {
        aside {
          gap: var(--gap-1);
        }
        .button {
          padding: 0 4px;
        }
        .mouse {
          display: none;
        }
        .finger {
          display: block;
        }
      }
    `,
  ]

  override render() {
    if (!this.shown) return nothing
    return html`<aside aria-label="Hint">
      <p class="mouse">${hints[this.step].mouse}</p>
      <p class="finger">${hints[this.step].finger}</p>
      <span>${this.step + 1} of ${HINTS}</span>
      <button class="button" @click=${() => this.next()}>${this.step + 1 < HINTS ? 'Next' : 'Done'}</button>
      <button class="button quiet" aria-label="No more hints" @click=${() => this.next(HINTS)}>${icon('close')}</button>
    </aside>`
  }

  private next(step = this.step + 1) {
    if (!this.shown) return
    this.step = step
    this.shown = step < HINTS
    rememberHints(step)
  }
}
