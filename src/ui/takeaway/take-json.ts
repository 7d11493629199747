/** Scenario and estimate as JSON, and the link to both. */
import { html, LitElement, nothing } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { estimateJson } from '../../export/json.ts'
import { annotated } from '../../memory/estimate.ts'
import { dialogStyles } from '../jobs/dialog-styles.ts'
import { page } from '../state/document.ts'
import { outcome } from '../state/outcome.ts'
import { fileName } from './file-name.ts'
import { address } from './shown.ts'
import { takeStyles } from './take-styles.ts'
import './take-text.ts'

@customElement('oom-take-json')
export class OomTakeJson extends LitElement {
  @state() private link = ''

  static override styles = [...dialogStyles, takeStyles]

  override async connectedCallback() {
    super.connectedCallback()
    this.link = await address()
  }

  override render() {
    const { answer } = outcome.value
    if (!answer || !this.link) return nothing
    const { input, resolved, estimate } = answer
    return html`<p class="note">The command line takes it as it stands: <code>oomscape estimate -</code></p>
      <oom-take-text
        .text=${estimateJson(input, annotated(resolved, estimate), this.link)}
        .name=${fileName(page.value.input, 'estimate', 'json')}
        label="Scenario and estimate"
      ></oom-take-text>
      <h3>Link</h3>
      <oom-take-text .text=${this.link} name="" label="Link"></oom-take-text>`
  }
}
