/** Text to copy or to save. */
import { css, html, LitElement, nothing } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { saveBlob } from '../../export/save.ts'
import { shared } from '../styles/shared.ts'

@customElement('oom-take-text')
export class OomTakeText extends LitElement {
  @property() text = ''
  /** Name to save it under; empty when it is only to be copied. */
  @property() name = ''
  @property() label = ''
  @state() private said = ''

  static override styles = [
    shared,
    css`
      :host {
        display: grid;
        gap: var(--gap-2);
        min-width: 0;
      }
      pre {
        max-height: 240px;
        margin: 0;
        padding: var(--gap-3);
        overflow: auto;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--ground);
        font: var(--small) / 1.55 var(--mono);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .row {
        display: flex;
        align-items: center;
        gap: var(--gap-2);
      }
      .said {
        color: var(--ink-2);
      }
    `,
  ]

  override render() {
    return html`<pre tabindex="0" role="region" aria-label=${this.label}>${this.text}</pre>
      <div class="row">
        <button class="button" @click=${this.copy}>Copy</button>
        ${this.name ? html`<button class="button" @click=${this.save}>Save</button>` : nothing}
        <span class="said" role="status">${this.said}</span>
      </div>`
  }

  private async copy() {
    try {
      await navigator.clipboard.writeText(this.text)
      this.said = 'Copied.'
    } catch {
      this.said = 'This browser does not allow copying here: select the text.'
    }
  }

  private save() {
    saveBlob(new Blob([this.text], { type: 'text/plain' }), this.name)
    this.said = 'Saved.'
  }
}
