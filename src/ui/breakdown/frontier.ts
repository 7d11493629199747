/** The boundary as a table: for sequence lengths across the map the largest batch that fits, and that fits with the safety margin. */
import { css, html, LitElement, nothing } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { limits } from '../../scenario/schema.ts'
import { CpuEvaluator } from '../../sweep/cpu-evaluator.ts'
import { plan } from '../../sweep/plan.ts'
import { boundary } from '../../sweep/run.ts'
import { formatInteger, formatTokens } from '../../units.ts'
import { visibleRanges } from '../jobs/sweep-axes.ts'
import { edit, page } from '../state/document.ts'
import { architectureOf } from '../state/models.ts'
import { type Answer, outcome } from '../state/outcome.ts'
import { shared } from '../styles/shared.ts'

interface Row {
  sequence: number
  most: number
  safe: number
}

/** Milliseconds of rest before the table follows: a drag pays nothing for it. */
const REST = 120

@customElement('oom-frontier')
export class OomFrontier extends LitElement {
  @state() private rows: readonly Row[] = []
  @state() private said = ''
  /** The sequence length that is pinned, among the rows. */
  private pinned = 0
  private of = ''
  private rest = 0
  private stop: (() => void)[] = []

  override connectedCallback() {
    super.connectedCallback()
    this.stop = [page, outcome].map((signal) => signal.watch(() => this.follow(REST)))
    this.follow(0)
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    for (const stop of this.stop) stop()
    clearTimeout(this.rest)
  }

  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: var(--gap-2);
      }
      /* Where rows are cut, there is a shadow; the covers, which move with the rows, hide it where none are. */
      .scroll {
        --cover: linear-gradient(var(--surface), var(--surface));
        --shade: linear-gradient(to top, light-dark(rgb(0 0 0 / 22%), rgb(0 0 0 / 75%)), transparent);
        min-height: 0;
        overflow-y: auto;
        scrollbar-width: thin;
        background: var(--cover) bottom / 100% 24px local no-repeat, var(--shade) bottom / 100% 12px no-repeat;
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      caption {
        text-align: left;
        color: var(--ink-2);
        font-size: var(--small);
        padding-bottom: var(--gap-1);
      }
      th,
      td {
        height: 27px;
        padding: 0 6px;
        border-bottom: 1px solid var(--line);
        text-align: right;
        font-weight: 400;
      }
      thead th {
        position: sticky;
        top: 0;
        background: var(--surface);
        color: var(--ink-3);
        font-size: var(--tiny);
        vertical-align: middle;
      }
      th:first-child {
        text-align: left;
      }
      .pinned > * {
        background: var(--accent-ground);
        font-weight: 650;
      }
      .pinned th {
        box-shadow: inset 3px 0 var(--accent);
      }
      .copy {
        display: flex;
        flex: none;
        gap: var(--gap-2);
        align-items: center;
        color: var(--ink-2);
        font-size: var(--small);
      }
      .copy .button {
        height: 28px;
      }
      td button {
        min-height: 24px;
        padding: 0;
        font-weight: inherit;
        border: 0;
        background: none;
        text-decoration: underline dotted var(--edge) 1px;
        text-underline-offset: 3px;
      }
      @media print {
        th,
        td {
          height: 22px;
        }
        .scroll {
          overflow: visible;
        }
        .copy {
          display: none;
        }
        td button {
          min-height: 0;
        }
      }
    `,
  ]

  override render() {
    if (this.rows.length === 0) return nothing
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Boundary as a table"><table>
        <caption>Largest batch at each sequence length</caption>
        <thead>
          <tr><th scope="col">Tokens</th><th scope="col">fits</th><th scope="col">fits with the margin</th></tr>
        </thead>
        <tbody>
          ${this.rows.map(({ sequence, most, safe }) => {
            const set = () =>
              edit([
                { path: 'sequence', value: sequence },
                { path: 'batch', value: Math.max(1, most) },
              ])
            const pinned = sequence === this.pinned
            return html`<tr class=${pinned ? 'pinned' : ''} aria-current=${pinned ? 'true' : nothing}>
              <th scope="row">${formatTokens(sequence)}${pinned ? html`<span class="hidden">, pinned</span>` : nothing}</th>
              <td>${most > 0 ? html`<button title="Pin this cell" @click=${set}>${formatInteger(most)}</button>` : 0}</td>
              <td>${formatInteger(safe)}</td>
            </tr>`
          })}
        </tbody>
      </table></div>
      <p class="copy"><button class="button" @click=${this.copy}>Copy the table</button> <span role="status">${this.said}</span></p>`
  }

  private follow(after: number) {
    clearTimeout(this.rest)
    this.rest = window.setTimeout(() => {
      const { answer, refusal } = outcome.value
      if (!answer || refusal) return
      const { batch: _, ...rest } = answer.input
      const { x } = visibleRanges(page.value)
      const key = JSON.stringify([rest, x.from, x.to])
      if (key === this.of) return
      this.of = key
      void this.find(answer, x, key)
    }, after)
  }

  private async find({ input, resolved }: Answer, { from, to }: { from: number; to: number }, key: string) {
    const octaves = Math.log2(to / from)
    const points = Math.round(octaves * (octaves > 5 ? 1 : 4)) + 1
    const { slices, sequences } = plan(input, [{ field: 'sequence', from, to, scale: 'log2', points }], architectureOf)
    const { sequence } = resolved.scenario
    const shown = Uint32Array.from(new Set([...sequences, sequence])).sort()
    const engine = new CpuEvaluator()
    const [most, safe] = await Promise.all([
      boundary(slices[0], shown, limits.batch, 'capacity', engine),
      boundary(slices[0], shown, limits.batch, 'safeCapacity', engine),
    ])
    if (key !== this.of) return
    this.pinned = sequence
    this.rows = Array.from(shown, (sequence, i) => ({ sequence, most: most[i], safe: safe[i] }))
  }

  private async copy() {
    const lines = this.rows.map(({ sequence, most, safe }) => `${sequence}\t${most}\t${safe}`)
    try {
      await navigator.clipboard.writeText(['tokens\tlargest batch\tlargest batch with the margin', ...lines].join('\n'))
      this.said = 'Copied'
    } catch {
      this.said = 'The browser did not allow it'
    }
    setTimeout(() => {
      this.said = ''
    }, 2500)
  }
}
