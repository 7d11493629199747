/** The plot as a figure to save: SVG, or PNG at twice its size. */
import { html, LitElement, nothing } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import type { Figure } from '../../export/figure.ts'
import { figurePng } from '../../export/image.ts'
import { saveBlob } from '../../export/save.ts'
import { dialogStyles } from '../jobs/dialog-styles.ts'
import { page } from '../state/document.ts'
import { outcome } from '../state/outcome.ts'
import { fileName } from './file-name.ts'
import { figureOf } from './shown.ts'
import { takeStyles } from './take-styles.ts'

@customElement('oom-take-figure')
export class OomTakeFigure extends LitElement {
  @state() private made: { figure: Figure; svg: string; preview: string } | null = null
  @state() private said = 'Drawing …'

  static override styles = [...dialogStyles, takeStyles]

  override connectedCallback() {
    super.connectedCallback()
    void this.make()
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    if (this.made) URL.revokeObjectURL(this.made.preview)
    this.made = null
  }

  private async make() {
    const { answer } = outcome.value
    try {
      const found = answer && (await figureOf(answer))
      if (!found) {
        this.said = 'A figure is made of what is shown: open the map, the profile or the overlay first.'
        return
      }
      const preview = URL.createObjectURL(new Blob([found.svg], { type: 'image/svg+xml' }))
      this.made = { ...found, preview }
      this.said = ''
    } catch (error) {
      this.said = `The figure could not be made: ${error instanceof Error ? error.message : error}`
    }
  }

  override render() {
    const { made } = this
    return html`${made ? html`<img src=${made.preview} alt="Preview of the figure: ${made.figure.title}" />` : nothing}
      <p class="note" role="status">${this.said}</p>
      <div class="row">
        <button class="button primary" ?disabled=${!made} @click=${() => this.save('png')}>Save PNG</button>
        <button class="button" ?disabled=${!made} @click=${() => this.save('svg')}>Save SVG</button>
      </div>`
  }

  private async save(kind: 'png' | 'svg') {
    if (!this.made) return
    const { figure, svg } = this.made
    try {
      const blob = kind === 'svg' ? new Blob([svg], { type: 'image/svg+xml' }) : await figurePng(figure, svg)
      saveBlob(blob, fileName(page.value.input, page.value.view.show, kind))
      this.said = 'Saved.'
    } catch (error) {
      this.said = `It could not be saved: ${error instanceof Error ? error.message : error}`
    }
  }
}
