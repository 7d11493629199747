/** Takes the visible sweep away as a file: every cell as CSV or Parquet, or the boundary. Streamed from a worker, with progress and cancel. */
import { html, LitElement, nothing } from 'lit'
import { customElement, query, state } from 'lit/decorators.js'
import { saveBlob } from '../../export/save.ts'
import { ScenarioError } from '../../scenario/parse.ts'
import { expandAxis } from '../../sweep/axis.ts'
import { formatInteger, formatTokens } from '../../units.ts'
import { wantedEngine } from '../engine/engines.ts'
import { page } from '../state/document.ts'
import { Watching } from '../state/signal.ts'
import { fileName } from '../takeaway/file-name.ts'
import type { Changed } from '../widgets/events.ts'
import { asksForFile, chooseFile, discard } from './destination.ts'
import { dialogStyles, wayOut } from './dialog-styles.ts'
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
/** What can be taken away; all but the data is fetched when it is wanted. */
const parts = {
  data: { label: 'Data', load: async () => nothing },
  figure: {
    label: 'Figure',
    load: () => import('../takeaway/take-figure.ts').then(() => html`<oom-take-figure></oom-take-figure>`),
  },
  command: {
    label: 'Command',
    load: () => import('../takeaway/take-command.ts').then(() => html`<oom-take-command></oom-take-command>`),
  },
  json: {
    label: 'JSON',
    load: () => import('../takeaway/take-json.ts').then(() => html`<oom-take-json></oom-take-json>`),
  },
}
type Part = keyof typeof parts

const finenesses = [1, 2, 4, 8, 16, 64, 256].map((n) => ({
  value: String(n),
  label: n === 1 ? 'powers of two' : `${n} per doubling`,
}))

@customElement('oom-export')
export class OomExport extends LitElement {
  @state() private section: Part = 'data'
  @state() private other: unknown = nothing
  @state() private kind: FileKind = 'csv'
  @state() private grid: Grid = { perDoubling: 8, batches: 'all' }
  @state() private share: number | null = null
  @state() private said = ''
  @query('dialog') private dialog!: HTMLDialogElement
  private abort: AbortController | null = null

  constructor() {
    super()
    new Watching(this, page)
  }

  static override styles = dialogStyles

  async show() {
    await this.updateComplete
    this.said = ''
    this.dialog.showModal()
  }

  override render() {
    const running = this.share !== null
    return html`<dialog aria-labelledby="title" @close=${this.closed}>
      <div class="body">
        <h2 id="title">Export</h2>
        <oom-segmented
          quiet
          label="What"
          .options=${Object.entries(parts).map(([value, { label }]) => ({ value, label }))}
          .value=${this.section}
          @oom-change=${({ detail }: CustomEvent<Changed<Part>>) => this.choose(detail.value)}
        ></oom-segmented>
        ${this.section === 'data' ? this.data(running) : this.other}
        <p role="status" class=${this.said.startsWith('Failed') ? 'bad' : 'good'}>${this.said}</p>
        ${
          this.section === 'data'
            ? html`<div class="foot">
                ${running ? html`<button class="button" @click=${this.cancel}>Cancel</button>` : nothing}
                <button class="button primary" ?disabled=${running || typeof this.rows() !== 'number'} @click=${this.save}>Export</button>
              </div>`
            : nothing
        }
      </div>
      ${wayOut()}
    </dialog>`
  }

  private async choose(part: Part) {
    this.section = part
    this.other = nothing
    this.said = ''
    try {
      const content = await parts[part].load()
      if (part === this.section) this.other = content
    } catch {
      this.said = 'Failed: it could not be loaded. Check the connection and choose it again.'
    }
  }

  /** What was shown is taken off, so that it is made anew when the dialog opens again. */
  private closed() {
    this.cancel()
    this.section = 'data'
    this.other = nothing
  }

  private data(running: boolean) {
    const { x, y } = visibleRanges(page.value)
    const rows = this.rows()
    return html`<oom-segmented
          label="The visible sweep as"
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
          ${typeof rows === 'number' ? html`${formatInteger(rows)} rows${asksForFile(rows) ? ', written to a file of your choice as they come' : ''}. Zoom the map or choose panels to export another part.` : rows}
        </p>
        ${running ? html`<progress max="1" .value=${this.share ?? 0} aria-label="Export"></progress>` : nothing}`
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
    const name = fileName(input, kind === 'frontier' ? 'boundary' : 'cells', kind === 'parquet' ? 'parquet' : 'csv')
    this.abort = new AbortController()
    const { signal } = this.abort
    let file: FileSystemFileHandle | null = null
    this.said = ''
    try {
      if (asksForFile(Number(this.rows()))) {
        file = await chooseFile(name)
        if (!file) return
      }
      this.share = 0
      const job = { kind, input, axes: visibleAxes(page.value, grid), engine: wantedEngine(), ...(file && { file }) }
      const { gathered, size } = await runJob(job, this.progress, signal)
      if (!file) saveBlob(gathered, name)
      this.said = `Saved, ${formatInteger(Math.ceil(size / 1024))} KiB.`
    } catch (error) {
      this.said = signal.aborted ? 'Cancelled.' : `Failed: ${error instanceof Error ? error.message : error}`
      if (file) void discard(file)
    } finally {
      this.share = null
      this.abort = null
    }
  }

  private readonly progress = (share: number) => {
    this.share = share
  }

  private cancel() {
    this.abort?.abort()
  }
}
