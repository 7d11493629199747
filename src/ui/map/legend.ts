/** The colour scale in words and numbers, and what the patterns mean. */
import { css, html, LitElement } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { formatRoom } from '../../units.ts'
import { mapColours, usedColour } from '../engine/palette.ts'
import { page } from '../state/document.ts'
import { outcome } from '../state/outcome.ts'
import { Watching } from '../state/signal.ts'
import { type Theme, theme } from '../state/theme.ts'
import { shared } from '../styles/shared.ts'

const ramp = (theme: Theme, from: number) =>
  `linear-gradient(90deg, ${Array.from({ length: 33 }, (_, i) => usedColour(from + (1 - from) * (i / 32), theme, from)).join(', ')})`

const percent = (share: number) => `${Math.round(share * 100)} %`

@customElement('oom-legend')
export class OomLegend extends LitElement {
  /** Used ÷ capacity at which the colours begin. */
  @property({ type: Number }) from = 0

  constructor() {
    super()
    new Watching(this, page, outcome, theme)
  }

  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        align-items: start;
        gap: 10px;
        color: var(--ink-2);
        font-size: var(--tiny);
        line-height: 12px;
        white-space: nowrap;
      }
      .ramp {
        width: clamp(104px, 7.6vw, 240px);
        height: 10px;
        border-radius: 2px;
      }
      ol {
        display: flex;
        justify-content: space-between;
        margin-top: 2px;
      }
      .key {
        display: inline-flex;
        gap: 5px;
        align-items: center;
      }
      .ramp,
      .swatch {
        forced-color-adjust: none;
        print-color-adjust: exact;
      }
      .swatch {
        width: 18px;
        height: 10px;
        border-radius: 2px;
      }
      @media (max-width: 899px) {
        :host {
          width: 100%;
          gap: var(--gap-4);
        }
        .ramp {
          width: min(160px, 34vw);
        }
      }
    `,
  ]

  override render() {
    const capacity = outcome.value.answer?.estimate.capacity
    const { oom, hatch, tight } = mapColours[theme.value]
    const stripes = (ground: string, stripe: string, every: number) =>
      `background:repeating-linear-gradient(135deg, ${stripe} 0 1.5px, ${ground} 1.5px ${every}px)`
    const { from } = this
    const { units } = page.value.view
    const { by } = page.value.view
    // GPUs beside each other have a capacity each.
    const full = capacity === undefined || by.includes('hardware.gpu') ? '100 %' : formatRoom(capacity, units)
    return html`<div role="img" aria-label="Colour scale of used ÷ capacity, from ${percent(from)} to ${full}">
        <div class="ramp" .style=${`background:${ramp(theme.value, from)}`}></div>
        <ol aria-hidden="true"><li>${percent(from)}</li><li>${full}</li></ol>
      </div>
      <span class="key"><span class="swatch" .style=${stripes(usedColour(0.97, theme.value, from), tight, 4.5)}></span>tight</span>
      <span class="key"><span class="swatch" .style=${stripes(oom, hatch, 5.5)}></span>out of memory</span>`
  }
}
