/** Three sentences for a first visit, one after the other. They go when they are followed or closed, and never come back. */
import { css, html, LitElement, nothing } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { page, steps } from '../state/document.ts'
import { Watching } from '../state/signal.ts'
import { shared } from '../styles/shared.ts'
import { icon } from '../widgets/icons.ts'
import { HINTS, hintsSeen, rememberHints } from './hints-left.ts'

/** What a mouse does, with room to say it; and in one line what a finger does. */
const hints: { long: string; short: string }[] = [
  {
    long: 'Every point of the map is a batch and a sequence length. Click one to pin it: the sentence above and the bytes beside are about that cell.',
    short: 'Tap the map to pin a cell.',
  },
  {
    long: 'Drag a rectangle to zoom in, use the wheel to zoom at the pointer, double-click to see everything again.',
    short: 'Pinch to zoom, tap twice for all.',
  },
  {
    long: 'Choose panels above the map to compare precisions, GPU counts or GPUs. The address always holds what you see.',
    short: 'Panels above the map compare.',
  },
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
      aside {
        display: flex;
        align-items: center;
        gap: var(--gap-3);
        padding: 6px 6px 6px var(--gap-3);
        border-radius: var(--radius);
        border: 1px solid var(--accent);
        background: var(--accent-ground);
        color: var(--ink);
        font-size: var(--small);
        box-shadow: var(--shadow);
      }
      p {
        flex: 1;
      }
      .button {
        height: 26px;
      }
      span {
        color: var(--ink-2);
        white-space: nowrap;
      }
      .short {
        display: none;
      }
      @media (max-width: 899px) {
        aside {
          gap: var(--gap-2);
          padding-block: 2px;
          box-shadow: none;
        }
        .long {
          display: none;
        }
        .short {
          display: block;
        }
      }
    `,
  ]

  override render() {
    if (this.step >= HINTS) return nothing
    return html`<aside aria-label="Hint">
      <p class="long">${hints[this.step].long}</p>
      <p class="short">${hints[this.step].short}</p>
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
