/** Which scale each axis has, as buttons that change it. */
import { css, html, LitElement, nothing } from 'lit'
import { customElement } from 'lit/decorators.js'
import { changeView, page } from '../state/document.ts'
import { Watching } from '../state/signal.ts'
import { shared } from '../styles/shared.ts'
import { rangesOf } from './ranges.ts'

@customElement('oom-scales')
export class OomScales extends LitElement {
  constructor() {
    super()
    new Watching(this, page)
  }

  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        gap: var(--gap-1);
      }
      .button {
        height: 24px;
        padding: 0 6px;
        color: var(--ink-2);
        font-size: var(--tiny);
      }
    `,
  ]

  override render() {
    const { view } = page.value
    return html`${this.toggle('x', 'Tokens')}${this.toggle('y', 'Batch')}
    ${
      view.x || view.y
        ? html`<button class="button quiet" @click=${() => changeView({ x: null, y: null })}>Show everything</button>`
        : nothing
    }`
  }

  private toggle(axis: 'x' | 'y', name: string) {
    const range = rangesOf(page.value)[axis]
    const log = range.scale === 'log2'
    const change = () => changeView({ [axis]: { ...range, scale: log ? 'linear' : 'log2' } })
    return html`<button class="button quiet" title="Change the scale of this axis" @click=${change}>
      ${name}: ${log ? 'log₂' : 'linear'}
    </button>`
  }
}
