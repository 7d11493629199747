/** Three sentences for a first visit, one after the other. They go when they are followed or closed, and never come back. */
import { css, html, LitElement, nothing } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { page, steps } from '../state/document.ts'
import { Watching } from '../state/signal.ts'
import { shared } from '../styles/shared.ts'
import { icon } from '../widgets/icons.ts'
import { HINTS, hintsSeen, rememberHints } from './hints-left.ts'

/** One line each, for where there is but a row: what a mouse does, and what a finger does. */
const hints: { mouse: string; finger: string }[] = [
  { mouse: 'Click the map to pin a cell: every number follows.', finger: 'Tap the map to pin a cell.' },
  { mouse: 'Drag to zoom in; double-click to see everything.', finger: 'Pinch to zoom, tap twice for all.' },
  { mouse: 'Above the map: compare precisions, GPU counts, GPUs.', finger: 'Panels above the map compare.' },
]

@customElement('oom-hints')
export class OomHints extends LitElement {
  @state() private step = hintsSeen()

  constructor() {
    super()
    new Watching(this, page)
    // A reader who acts has understood.
    steps.watch(() => this.next())
  }

  static override styles = [
    shared,
    css`
      /* In place of the row below the map: they hide no part of it, and nothing moves when they go. */
      :host {
        position: absolute;
        inset: auto var(--gap-4) 7px;
      }
      aside {
        display: flex;
        align-items: center;
        gap: var(--gap-2);
        height: 34px;
        padding: 2px 4px 2px var(--gap-3);
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
        height: 26px;
      }
      span {
        color: var(--ink-2);
        white-space: nowrap;
      }
      .finger {
        display: none;
      }
      @media (min-width: 900px) and (max-width: 1199px) and (max-height: 799px) {
        span {
          display: none;
        }
      }
      /* A card, in the empty end of the controls' column. */
      @media (min-width: 900px) and (min-height: 800px) {
        :host {
          position: fixed;
          inset: auto auto var(--gap-4) var(--gap-4);
          width: 224px;
        }
        aside {
          flex-wrap: wrap;
          height: auto;
          padding: var(--gap-2) 4px 4px var(--gap-3);
        }
        p {
          flex: 1 0 100%;
          padding-right: var(--gap-2);
          white-space: normal;
        }
        span {
          flex: 1;
        }
      }
      @media (min-width: 1200px) and (min-height: 800px) {
        :host {
          width: 256px;
        }
      }
      @media (max-width: 899px) {
        :host {
          inset: auto var(--gap-2) 0;
        }
        aside {
          height: 32px;
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
    if (this.step >= HINTS) return nothing
    return html`<aside aria-label="Hint">
      <p class="mouse">${hints[this.step].mouse}</p>
      <p class="finger">${hints[this.step].finger}</p>
      <span>${this.step + 1} of ${HINTS}</span>
      <button class="button" @click=${() => this.next()}>${this.step + 1 < HINTS ? 'Next' : 'Done'}</button>
      <button class="button quiet" aria-label="No more hints" @click=${() => this.next(HINTS)}>${icon('close')}</button>
    </aside>`
  }

  private next(step = this.step + 1) {
    if (this.step >= HINTS) return
    this.step = step
    rememberHints(step)
  }
}
