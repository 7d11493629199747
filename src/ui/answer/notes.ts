/** What a reader should know beside the numbers of the pinned scenario: the estimate's notes, the most important at once, the rest on demand. */
import { css, html, LitElement, nothing } from 'lit'
import { customElement } from 'lit/decorators.js'
import { notesOf } from '../../memory/notes.ts'
import { inPageWords, remedyOf } from '../controls/labels.ts'
import { edit } from '../state/document.ts'
import { outcome } from '../state/outcome.ts'
import { Watching } from '../state/signal.ts'
import { shared } from '../styles/shared.ts'
import { icon } from '../widgets/icons.ts'

/** A custom model can bring many assumptions: that many are said at once. */
const AT_ONCE = 2

@customElement('oom-notes')
export class OomNotes extends LitElement {
  constructor() {
    super()
    new Watching(this, outcome)
  }

  static override styles = [
    shared,
    css`
      li {
        display: grid;
        grid-template-columns: 16px 1fr;
        gap: 6px;
        padding: 2px 0;
        color: var(--ink-2);
        font-size: var(--small);
        line-height: 1.4;
        overflow-wrap: anywhere;
      }
      svg {
        margin-top: 2px;
        color: var(--ink-3);
      }
      li button {
        padding: 0;
        border: 0;
        background: none;
        color: var(--accent);
        text-align: left;
        text-decoration: underline;
        text-underline-offset: 2px;
      }
      summary {
        min-height: 24px;
        padding: 2px 0 2px 22px;
        color: var(--accent);
        font-size: var(--small);
        cursor: pointer;
      }
    `,
  ]

  private notes: string[] = []

  protected override willUpdate() {
    const { answer } = outcome.value
    this.notes = answer ? notesOf(answer.resolved) : []
    this.hidden = this.notes.length === 0
  }

  override render() {
    const { notes } = this
    const rest = notes.slice(AT_ONCE)
    return html`<ul aria-label="Notes">
        ${notes.slice(0, AT_ONCE).map(item)}
      </ul>
      ${
        rest.length > 0
          ? html`<details>
            <summary>${rest.length === 1 ? '1 more note' : `${rest.length} more notes`}</summary>
            <ul aria-label="More notes">
              ${rest.map(item)}
            </ul>
          </details>`
          : nothing
      }`
  }
}

function item(note: string) {
  const remedy = remedyOf(note)
  const said = remedy
    ? html`${remedy.before}<button @click=${() => edit(remedy.changes)}>${remedy.words}</button>${remedy.after}`
    : inPageWords(note)
  return html`<li>${icon('note')}<span>${said}</span></li>`
}
