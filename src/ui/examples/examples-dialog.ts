/** The examples in a dialog: each says its scenario and verdict as the page would, and is one click (and one undo) away. */
import { css, html, LitElement } from 'lit'
import { customElement, query, state } from 'lit/decorators.js'
import { dialogStyles, wayOut } from '../jobs/dialog-styles.ts'
import { changeView, page, replaceInput } from '../state/document.ts'
import { loadCatalogue } from '../state/models.ts'
import '../../memory/training/index.ts'
import { type Answer, answerTo } from '../state/outcome.ts'
import { icon } from '../widgets/icons.ts'
import { questionInWords, verdictInWords } from '../words.ts'
import { type Example, examples } from './examples.ts'

@customElement('oom-examples')
export class OomExamples extends LitElement {
  /** The answers once the models are there; null when they could not be loaded. */
  @state() private answers: readonly Answer[] | null = []
  @query('dialog') private dialog!: HTMLDialogElement

  static override styles = [
    dialogStyles,
    css`
      dialog {
        width: min(600px, calc(100vw - 24px));
      }
      ul {
        display: grid;
        gap: var(--gap-2);
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .example {
        display: grid;
        gap: 2px;
        width: 100%;
        padding: var(--gap-2) var(--gap-3);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: none;
        color: var(--ink);
        text-align: start;
      }
      .example:hover {
        border-color: var(--accent);
        background: var(--accent-ground);
      }
      .example svg {
        vertical-align: -3px;
      }
      .example > span {
        color: var(--ink-2);
        font-size: var(--small);
      }
    `,
  ]

  async show() {
    await this.updateComplete
    if (!this.dialog.open) this.dialog.showModal()
    try {
      await loadCatalogue()
      this.answers = examples.map(({ input }) => answerTo(input))
    } catch {
      this.answers = null
    }
  }

  override render() {
    return html`<dialog aria-labelledby="title">
      <div class="body">
        <h2 id="title">Begin with an example</h2>
        <ul>
          ${examples.map((example, i) => html`<li>${this.example(example, this.answers?.[i])}</li>`)}
        </ul>
        ${this.answers === null ? html`<p class="bad" role="alert">The models could not be loaded: are you online?</p>` : ''}
      </div>
      ${wayOut()}
    </dialog>`
  }

  private example({ name, input }: Example, answer?: Answer) {
    return html`<button class="example" @click=${() => this.begin(input)}>
      <b>${name}</b>
      <span>${answer ? this.inWords(answer) : '…'}</span>
    </button>`
  }

  private inWords({ resolved, estimate: { verdict, capacity, perGpu } }: Answer) {
    return html`${questionInWords(resolved)}:
      <span class=${verdict}>${icon(verdict)} ${verdictInWords(verdict, capacity - perGpu.total, page.value.view.units)}</span>`
  }

  private begin(input: Example['input']) {
    changeView({ show: 'map', x: null, y: null, by: [] }, false)
    replaceInput(input)
    this.dialog.close()
  }
}
