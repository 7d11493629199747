/** Takes the visible sweep away as a file: every cell as CSV or Parquet, or the boundary. Streamed from a worker, with progress and cancel. */
import { html, LitElement, nothing } from 'lit'
import { customElement, query, state } from 'lit/decorators.js'
import { ScenarioError } from '../../scenario/parse.ts'
import { expandAxis } from '../../sweep/axis.ts'
import { formatInteger, formatTokens } from '../../units.ts'
import { wantedEngine } from '../engine/engines.ts'
import { page } from '../state/document.ts'
import { Watching } from '../state/signal.ts'
import type { Changed } from '../widgets/events.ts'
import { modelName } from '../words.ts'
import { dialogStyles } from './dialog-styles.ts'
import { type JobKind, runJob } from './job.ts'
import { type Grid, visibleAxes, visibleRanges } from './sweep-axes.ts'
import '../widgets/segmented.ts'
import '../widgets/select.ts'

type FileKind = Exclude<JobKind, 'verify'>

const kinds: { value: FileKind; label: string }[] = [
  { value: 'csv', label: 'Cells, CSV' },
  { value: 'parquet', label: 'Cells, Parquet' },
  { value: 'frontier', label: 'Boundary, CSV' },
]
const finenesses = [1, 2, 4, 8, 16, 64, 256].map((n) => ({
  value: String(n),
  label: n === 1 ? 'powers of two' : `${n} per doubling`,
}))

@customElement('oom-export')
export class OomExport extends LitElement {
  @state() private kind: FileKind = 'csv'
  @state() private grid: Grid = { perDoubling: 8, batches: 'all' }
  @state() private share: number | null = null
  @state() private said = ''
  @query('dialog') private dialog!: HTMLDialogElement
  private abort: AbortController | null = null

  constructor() {
    super()
    new Watching(this, page as never)
  }

  static override styles = dialogStyles

  async show() {
    await this.updateComplete
    this.said = ''
    this.dialog.showModal()
  }

  override render() {
    const running = this.share !== null
    const { x, y } = visibleRanges(page.value)
    const rows = this.rows()
    return html`<dialog aria-labelledby="title" @close=${this.cancel}>
      <div class="body">
        <h2 id="title">Export the visible sweep</h2>
        <oom-segmented
          label="File"
          .options=${kinds}
          .value=${this.kind}
          @oom-change=${({ detail }: CustomEvent<Changed<FileKind>>) => {
            this.kind = detail.value
          }}
        ></oom-segmented>
        <oom-select
          label="Sequence lengths, ${formatTokens(x.from)} to ${formatTokens(x.to)} tokens"
          .options=${finenesses}
          .value=${String(this.grid.perDoubling)}
          @oom-change=${({ detail }: CustomEvent<Changed<string>>) => {
            this.grid = { ...this.grid, perDoubling: Number(detail.value) }
          }}
        ></oom-select>
        ${
          this.kind === 'frontier'
            ? nothing
            : html`<oom-select
                label="Batch sizes, ${formatInteger(y.from)} to ${formatInteger(y.to)}"
                .options=${[{ value: 'all', label: 'every one' }, { value: 'doubling', label: 'powers of two' }]}
                .value=${this.grid.batches}
                @oom-change=${({ detail }: CustomEvent<Changed<Grid['batches']>>) => {
                  this.grid = { ...this.grid, batches: detail.value }
                }}
              ></oom-select>`
        }
        <p class="note">
          ${typeof rows === 'number' ? html`${formatInteger(rows)} rows. Zoom the map or choose panels to export another part.` : rows}
        </p>
        ${running ? html`<progress max="1" .value=${this.share ?? 0} aria-label="Export"></progress>` : nothing}
        <p role="status" class=${this.said.startsWith('Failed') ? 'bad' : 'good'}>${this.said}</p>
        <div class="foot">
          <button class="button" @click=${() => (running ? this.cancel() : this.dialog.close())}>${running ? 'Cancel' : 'Close'}</button>
          <button class="button primary" ?disabled=${running || typeof rows !== 'number'} @click=${this.save}>Export</button>
        </div>
      </div>
    </dialog>`
  }

  /** How many rows the file will have, or why there can be none. */
  private rows(): number | string {
    try {
      const axes = visibleAxes(page.value, this.grid).map(expandAxis)
      return axes.reduce(
        (n, { field, values }) => (this.kind === 'frontier' && field === 'batch' ? n : n * values.length),
        1,
      )
    } catch (error) {
      if (error instanceof ScenarioError) return error.message
      throw error
    }
  }

  private async save() {
    const { input } = page.value
    const { kind, grid } = this
    this.abort = new AbortController()
    this.share = 0
    this.said = ''
    try {
      const job = { kind, input, axes: visibleAxes(page.value, grid), engine: wantedEngine() }
      const { file } = await runJob(
        job,
        (share) => {
          this.share = share
        },
        this.abort.signal,
      )
      const name = `oomscape ${modelName(input.model)}${kind === 'frontier' ? ' boundary' : ''}`
        .toLowerCase()
        .replace(/[^a-z0-9.]+/g, '-')
      download(file, `${name}.${kind === 'parquet' ? 'parquet' : 'csv'}`)
      this.said = `Saved, ${formatInteger(Math.ceil(file.size / 1024))} KiB.`
    } catch (error) {
      this.said = this.abort?.signal.aborted
        ? 'Cancelled.'
        : `Failed: ${error instanceof Error ? error.message : error}`
    } finally {
      this.share = null
      this.abort = null
    }
  }

  private cancel() {
    this.abort?.abort()
  }
}

function download(file: Blob, name: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
