/** The boundary as a table: for sequence lengths across the map the largest batch that fits, and that fits with the safety margin. */
import { css, html, LitElement, nothing } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { limits, type ScenarioInput } from '../../scenario/schema.ts'
import { CpuEvaluator } from '../../sweep/cpu-evaluator.ts'
import { plan } from '../../sweep/plan.ts'
import { boundary } from '../../sweep/run.ts'
import { formatInteger, formatTokens } from '../../units.ts'
import { visibleRanges } from '../jobs/sweep-axes.ts'
import { edit, page } from '../state/document.ts'
import { architectureOf } from '../state/models.ts'
import { outcome } from '../state/outcome.ts'
import { Watching } from '../state/signal.ts'
import { shared } from '../styles/shared.ts'

interface Row {
  sequence: number
  most: number
  safe: number
}

@customElement('oom-frontier')
export class OomFrontier extends LitElement {
  @state() private rows: readonly Row[] = []
  @state() private said = ''
  private of = ''

  constructor() {
    super()
    new Watching(this, page, outcome)
  }

  static override styles = [
    shared,
    css`
      table {
        width: 100%;
        margin: var(--gap-2) 0;
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
        padding: 3px 0;
        border-bottom: 1px solid var(--line);
        text-align: right;
        font-weight: 400;
      }
      thead th {
        color: var(--ink-3);
        font-size: var(--tiny);
        vertical-align: bottom;
      }
      th:first-child {
        text-align: left;
      }
      td button {
        min-height: 24px;
        padding: 0 2px;
        border: 0;
        background: none;
        text-decoration: underline dotted var(--edge) 1px;
        text-underline-offset: 3px;
      }
    `,
  ]

  override render() {
    if (this.rows.length === 0) return nothing
    return html`<table>
        <caption>Largest batch at each sequence length</caption>
        <thead>
          <tr><th scope="col">Tokens</th><th scope="col">that fits</th><th scope="col">with the margin</th></tr>
        </thead>
        <tbody>
          ${this.rows.map(({ sequence, most, safe }) => {
            const set = () =>
              edit([
                { path: 'sequence', value: sequence },
                { path: 'batch', value: Math.max(1, most) },
              ])
            return html`<tr>
              <th scope="row">${formatTokens(sequence)}</th>
              <td>${most > 0 ? html`<button title="Pin this cell" @click=${set}>${formatInteger(most)}</button>` : 'none'}</td>
              <td>${safe > 0 ? formatInteger(safe) : 'none'}</td>
            </tr>`
          })}
        </tbody>
      </table>
      <button class="button" @click=${this.copy}>Copy the table</button> <span role="status">${this.said}</span>`
  }

  protected override willUpdate() {
    const { answer, refusal } = outcome.value
    if (!answer || refusal) return
    const { batch: _b, sequence: _s, ...rest } = answer.input
    const { x } = visibleRanges(page.value)
    const key = JSON.stringify([rest, x.from, x.to])
    if (key === this.of) return
    this.of = key
    void this.find(answer.input, x, key)
  }

  private async find(input: ScenarioInput, { from, to }: { from: number; to: number }, key: string) {
    const octaves = Math.log2(to / from)
    const points = Math.round(octaves * (octaves > 5 ? 1 : 4)) + 1
    const { slices, sequences } = plan(input, [{ field: 'sequence', from, to, scale: 'log2', points }], architectureOf)
    const engine = new CpuEvaluator()
    const [most, safe] = await Promise.all([
      boundary(slices[0], sequences, limits.batch, 'capacity', engine),
      boundary(slices[0], sequences, limits.batch, 'safeCapacity', engine),
    ])
    if (key === this.of)
      this.rows = Array.from(sequences, (sequence, i) => ({ sequence, most: most[i], safe: safe[i] }))
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
