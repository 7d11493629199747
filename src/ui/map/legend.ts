/** The colour scale in words and numbers, and what the patterns mean. */
import { css, html, LitElement } from 'lit'
import { customElement } from 'lit/decorators.js'
import { formatBytes } from '../../units.ts'
import { cividis, mapColours } from '../engine/palette.ts'
import { page } from '../state/document.ts'
import { outcome } from '../state/outcome.ts'
import { Watching } from '../state/signal.ts'
import { theme } from '../state/theme.ts'
import { shared } from '../styles/shared.ts'

const ramp = `linear-gradient(90deg, ${Array.from({ length: 17 }, (_, i) => cividis(i / 16)).join(', ')})`

@customElement('oom-legend')
export class OomLegend extends LitElement {
  constructor() {
    super()
    new Watching(this, page as never, outcome as never, theme as never)
  }

  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 2px var(--gap-3);
        color: var(--ink-2);
        font-size: var(--tiny);
        white-space: nowrap;
      }
      .scale {
        display: grid;
        grid-template-columns: auto 128px auto;
        gap: 6px;
        align-items: center;
      }
      .ramp {
        height: 10px;
        border-radius: 2px;
      }
      .key {
        display: inline-flex;
        gap: 5px;
        align-items: center;
      }
      .swatch {
        width: 18px;
        height: 10px;
        border-radius: 2px;
      }
    `,
  ]

  override render() {
    const capacity = outcome.value.answer?.estimate.capacity
    const { oom, hatch, tight } = mapColours[theme.value]
    const stripes = (ground: string, stripe: string, every: number) =>
      `background:repeating-linear-gradient(135deg, ${stripe} 0 1.5px, ${ground} 1.5px ${every}px)`
    return html`<span class="scale">
        <span>0</span><span class="ramp" .style=${`background:${ramp}`}></span>
        <span>100 %${capacity ? ` of ${formatBytes(capacity, page.value.view.units)}` : ''}</span>
      </span>
      <span class="key"><span class="swatch" .style=${stripes(cividis(0.97), tight, 4.5)}></span>tight</span>
      <span class="key"><span class="swatch" .style=${stripes(oom, hatch, 5.5)}></span>out of memory</span>`
  }
}
