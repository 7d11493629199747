/** The question and its answer in one sentence, what would change it, and the three answers people come for. */
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { formatInteger, formatTokens } from '../../units.ts'
import { type Change, edit, page } from '../state/document.ts'
import { type Answer, outcome } from '../state/outcome.ts'
import { Watching } from '../state/signal.ts'
import { shared } from '../styles/shared.ts'
import { icon } from '../widgets/icons.ts'
import { gpuName, questionInWords, spare, verdictInWords } from '../words.ts'
import { fewestGpus, withCount } from './fewest.ts'
import { type Fix, fixes } from './fixes.ts'

@customElement('oom-answer')
export class OomAnswer extends LitElement {
  @state() private fixes: readonly Fix[] = []
  @state() private fewest: number | null | undefined
  private worked: Answer | null = null
  private work = 0

  constructor() {
    super()
    new Watching(this, outcome as never, page as never)
  }

  static override styles = [
    shared,
    css`
      :host {
        display: block;
      }
      h1 {
        font-size: var(--huge);
        line-height: 1.32;
        font-weight: 450;
        letter-spacing: -0.012em;
        text-wrap: pretty;
        max-width: 76ch;
      }
      .verdict {
        display: inline;
        font-weight: 640;
        white-space: normal;
      }
      .verdict svg {
        width: 0.95em;
        height: 0.95em;
        vertical-align: -0.09em;
        stroke-width: 2;
        margin-right: 0.1em;
      }
      .fits {
        color: var(--fits);
      }
      .tight {
        color: var(--tight);
      }
      .oom {
        color: var(--oom);
      }
      .stale {
        opacity: 0.55;
      }
      .refusal {
        display: flex;
        gap: var(--gap-2);
        margin-bottom: var(--gap-2);
        padding: var(--gap-2) var(--gap-3);
        border-radius: var(--radius);
        background: var(--oom-ground);
        color: var(--oom);
      }
      .below {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--gap-2) var(--gap-5);
        margin-top: var(--gap-3);
        min-height: 44px;
      }
      dl {
        display: flex;
        gap: var(--gap-5);
      }
      dt {
        color: var(--ink-3);
        font-size: var(--small);
      }
      dd {
        font-size: var(--large);
        font-weight: 600;
        white-space: nowrap;
      }
      dd button {
        padding: 0;
        border: 0;
        background: none;
        font-weight: inherit;
        text-decoration: underline dotted var(--edge) 1px;
        text-underline-offset: 3px;
      }
      dd button:hover {
        color: var(--accent);
      }
      .fixes {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        align-items: center;
      }
      .fixes li {
        display: flex;
      }
      .fixes .lead {
        color: var(--ink-3);
        font-size: var(--small);
        margin-right: 2px;
      }
      .fix {
        height: 28px;
        border-radius: 14px;
        background: var(--surface);
        border-color: var(--line);
      }
      .fix b {
        font-weight: 600;
      }
      .fix span {
        color: var(--ink-3);
        font-size: var(--small);
      }
      @media (max-width: 899px) {
        h1 {
          font-size: var(--large);
        }
        .below {
          gap: var(--gap-2);
          margin-top: var(--gap-2);
        }
        dl {
          justify-content: space-between;
          width: 100%;
          gap: var(--gap-2);
        }
        .fixes {
          flex-wrap: nowrap;
          overflow-x: auto;
          max-width: 100%;
          scrollbar-width: none;
          padding: 2px;
        }
      }
    `,
  ]

  override render() {
    const { answer, refusal, loading } = outcome.value
    if (!answer) {
      return refusal
        ? this.refused(refusal.message)
        : html`<h1>${loading ? 'Loading the catalogue of models …' : ''}</h1>`
    }
    const { units } = page.value.view
    const { estimate, resolved } = answer
    const { verdict, perGpu, capacity } = estimate
    return html`${refusal ? this.refused(refusal.message) : nothing}
      <h1 class=${refusal ? 'stale' : ''}>
        ${questionInWords(resolved)}:
        <span class="verdict ${verdict}">${icon(verdict)} ${verdictInWords(verdict, capacity - perGpu.total, units)}.</span>
      </h1>
      <div class="below">
        <dl>
          ${this.limit('Largest batch here', formatInteger(estimate.maxBatch), estimate.maxBatch > 0 && [{ path: 'batch', value: estimate.maxBatch }])}
          ${this.limit('Longest sequence here', formatTokens(estimate.maxSequence), estimate.maxSequence > 0 && [{ path: 'sequence', value: estimate.maxSequence }])}
          ${this.limit(
            `Fewest ${gpuName(resolved.scenario.hardware.gpu)}`,
            this.fewest === undefined ? '…' : this.fewest === null ? 'none will do' : formatInteger(this.fewest),
            typeof this.fewest === 'number' && withCount(this.fewest),
          )}
        </dl>
        ${this.fixes.length ? this.chips(verdict === 'oom' ? 'Make it fit' : 'More room') : nothing}
      </div>`
  }

  private refused(message: string) {
    return html`<p class="refusal" role="alert">${icon('oom')} <span>${message}. The last good answer is shown.</span></p>`
  }

  private limit(name: string, value: string, changes: Change[] | false) {
    return html`<div>
      <dt>${name}</dt>
      <dd>${changes ? html`<button title="Set it" @click=${() => edit(changes)}>${value}</button>` : value}</dd>
    </div>`
  }

  private chips(lead: string) {
    const { units } = page.value.view
    return html`<ul class="fixes" aria-label="Changes that make it fit">
      <li class="lead" aria-hidden="true">${lead}</li>
      ${this.fixes.map(({ label, changes, estimate }) => {
        const left = spare(estimate.capacity - estimate.perGpu.total, units)
        return html`<li>
          <button class="button fix" @click=${() => edit(changes)}>
            <b>${label}</b><span>${estimate.verdict === 'tight' ? 'tight' : 'fits'}, ${left} to spare</span>
          </button>
        </li>`
      })}
    </ul>`
  }

  protected override updated(_: PropertyValues) {
    const { answer } = outcome.value
    if (!answer || answer === this.worked) return
    this.worked = answer
    clearTimeout(this.work)
    // After the answer itself is painted, a little at a time, so that dragging stays smooth.
    this.work = window.setTimeout(() => void this.workOut(answer), 30)
  }

  private async workOut(answer: Answer) {
    const found: Fix[] = []
    for (const fix of fixes(answer)) {
      found.push(fix)
      await new Promise((done) => setTimeout(done))
      if (answer !== this.worked) return
    }
    this.fixes = found
    this.fewest = fewestGpus(answer)
  }
}
