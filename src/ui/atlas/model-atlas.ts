/** Every model on every GPU, at the scenario's settings: a matrix to look over, and a table of the models the scenario's GPU holds. */
import { html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, query, state } from 'lit/decorators.js'
import { bySize } from '../../memory/fewest.ts'
import { placeObstacle } from '../../memory/runnable.ts'
import { gpuChanges } from '../answer/fewest.ts'
import { edit, page } from '../state/document.ts'
import { outcome } from '../state/outcome.ts'
import { Watching } from '../state/signal.ts'
import { theme } from '../state/theme.ts'
import type { Changed } from '../widgets/events.ts'
import { search } from '../widgets/search.ts'
import { gpusInWords, modelName } from '../words.ts'
import { countOf, gpuFilter, listedGpus, standsFor } from './filter.ts'
import type { ListedGpu } from './fold.ts'
import { leftOut } from './left-out.ts'
import { goal, goals, legend } from './legend.ts'
import { drawMatrix, type Grid, gridOf, overview, placeAt, scrollInto } from './matrix.ts'
import { modelStyles } from './model-styles.ts'
import { modelTable } from './model-table.ts'
import { cellInWords } from './scale.ts'
import { askSizes, Sweep, sizedModels } from './sweep.ts'
import { type Place, walked } from './walk.ts'
import type { SizedModel } from './worker.ts'

const sweep = new Sweep()

type Shown = 'overview' | 'matrix' | 'table'

@customElement('oom-model-atlas')
export class OomModelAtlas extends LitElement {
  @state() private words = ''
  @state() private shown: Shown = 'matrix'
  @state() private at: Place | null = null
  @state() private spoken = ''
  @query('.scroll') private scroller!: HTMLElement | null
  @query('canvas') private canvas!: HTMLCanvasElement | null
  private models: readonly SizedModel[] = []
  private gpus: ListedGpu[] = []
  private left: ListedGpu[] = []
  private grid: Grid = overview(0, 0, { width: 600, height: 400 })
  private frame = 0
  /** The scenario's own cell was brought into sight. */
  private centred = false
  private readonly observer = new ResizeObserver(() => this.requestUpdate())

  constructor() {
    super()
    for (const signal of [page, outcome, sweep, gpuFilter, goal, theme, sizedModels]) new Watching(this, signal)
    askSizes()
  }

  static override styles = modelStyles

  override disconnectedCallback() {
    super.disconnectedCallback()
    this.observer.disconnect()
    cancelAnimationFrame(this.frame)
    this.frame = 0
  }

  protected override firstUpdated() {
    this.observer.observe(this)
  }

  protected override willUpdate() {
    const { answer } = outcome.value
    if (!answer || sizedModels.value.length === 0) return
    const wanted = search(
      sizedModels.value.map((model) => ({ value: model.id, label: modelName(model.id), model })),
      this.words,
    )
    const chosen = new Set(wanted.map(({ value }) => value))
    this.models = sizedModels.value.filter(({ id }) => chosen.has(id))
    const { shown, left } = listedGpus(answer, placeObstacle)
    this.gpus = shown.filter(({ value }) => typeof value === 'string').sort((a, b) => bySize(a.gpu, b.gpu))
    this.left = left
    const [rowCount, columnCount] = [this.models.length, this.gpus.length]
    const space = { width: this.scroller?.clientWidth ?? 600, height: this.scroller?.clientHeight ?? 400 }
    this.grid =
      this.shown === 'overview'
        ? overview(rowCount, columnCount, space)
        : gridOf(
            this.models.map(({ id }) => modelName(id)),
            this.gpus.map(({ name }) => name),
            space,
            this.fontFamily,
          )
    const models = this.models.map(({ id }) => id)
    const gpus = this.gpus.map(({ value }) => value)
    if (!models.length || !gpus.length) return
    // The scenario's own model is no part of the question.
    const input = { ...answer.input, model: models[0] }
    sweep.ask({ input, goal: goal.value, models, gpus, counts: [this.count], anyway: gpuFilter.value.all })
  }

  override render() {
    const { error, done, engine } = sweep.value
    const all = this.models.length
    const empty = sizedModels.value.length > 0 && (all === 0 || this.gpus.length === 0)
    return html`<div class="bar">
        ${goals()}
        <input
          class="field"
          type="search"
          placeholder="Find models"
          aria-label="Find models"
          .value=${this.words}
          @input=${(event: InputEvent) => {
            this.words = (event.target as HTMLInputElement).value
            this.at = null
          }}
        />
        <oom-gpu-filter></oom-gpu-filter>
        <oom-segmented
          quiet
          label="Shown as"
          .options=${[
            { value: 'overview', label: 'Overview' },
            { value: 'matrix', label: 'Matrix' },
            { value: 'table', label: 'Table' },
          ]}
          .value=${this.shown}
          @oom-change=${({ detail }: CustomEvent<Changed<Shown>>) => {
            this.shown = detail.value
            this.centred = false
          }}
        ></oom-segmented>
      </div>
      <div class="said">
        <p class="sum" data-engine=${engine ?? nothing}>${error ?? (empty ? 'Nothing passes the filter.' : this.at ? this.reading(this.at) : this.about())}</p>
        ${leftOut(this.left, outcome.value.answer?.resolved.scenario.runtime ?? 'guide')}
      </div>
      ${all && done < all ? html`<progress max=${all} .value=${done} aria-label="Sweep"></progress>` : nothing}
      ${
        this.shown === 'table'
          ? this.asTable()
          : html`<div
              class="scroll"
              role="application"
              tabindex="0"
              aria-roledescription="matrix"
              aria-label="Models by GPUs. Arrow keys walk the cells, Enter opens one. The table holds the same for one GPU."
              @scroll=${this.schedule}
              @pointermove=${this.point}
              @pointerleave=${() => {
                this.at = null
              }}
              @click=${this.choose}
              @keydown=${this.key}
            >
              <div class="space" .style=${`width:${this.grid.left + this.grid.columns * this.grid.width}px;height:${this.grid.top + this.grid.rows * this.grid.height}px`}>
                <canvas></canvas>
              </div>
            </div>`
      }
      ${this.shown === 'table' ? nothing : legend()}
      <p class="hidden" aria-live="polite">${this.spoken}</p>`
  }

  private get own(): Place | null {
    const { answer } = outcome.value
    const row = this.models.findIndex(({ id }) => id === answer?.resolved.architecture.id)
    const column = this.gpus.findIndex((listed) => standsFor(listed, answer?.resolved.gpu.id))
    return row < 0 || column < 0 ? null : { row, column }
  }

  private get fontFamily() {
    return getComputedStyle(this).fontFamily
  }

  private get count() {
    return Number(page.value.input.hardware?.count ?? 1)
  }

  /** The column of the scenario's GPU; the first where that is filtered away. */
  private asTable() {
    const index = Math.max(
      0,
      this.gpus.findIndex((listed) => standsFor(listed, outcome.value.answer?.resolved.gpu.id)),
    )
    const listed = this.gpus[index]
    if (!listed) return html`<div></div>`
    const column = { index, hardware: { gpu: listed.gpu.id, count: this.count } }
    return modelTable(this.models, column, sweep.value.rows, goal.value, page.value.view.units)
  }

  private about(): string {
    if (sizedModels.value.length === 0) return 'Loading the catalogue …'
    return `${this.models.length} models × ${countOf(this.gpus)} GPUs, ${this.count === 1 ? 'one' : this.count} of each. Larger models are further down, larger GPUs further right.`
  }

  private reading({ row, column }: Place): string {
    if (!this.models[row] || !this.gpus[column]) return this.about()
    const { gpu, name, chips } = this.gpus[column]
    const where = chips ? `${name} (${chips})` : gpusInWords({ gpu: gpu.id, count: this.count })
    const cell = `${modelName(this.models[row].id)} on ${where}`
    return cellInWords(cell, sweep.value.rows[row]?.[column], goal.value, page.value.view.units)
  }

  protected override updated(_: PropertyValues) {
    const { own } = this
    if (!this.centred && own && this.scroller && this.shown !== 'table') {
      this.centred = true
      scrollInto(this.scroller, this.grid, {
        row: Math.min(this.grid.rows - 1, own.row + 6),
        column: Math.min(this.grid.columns - 1, own.column + 8),
      })
      scrollInto(this.scroller, this.grid, own)
    }
    this.schedule()
  }

  private readonly schedule = () => {
    // An update may still be on its way when the view is left.
    if (!this.isConnected) return
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0
      if (!this.canvas || !this.scroller) return
      const { clientWidth: width, clientHeight: height, scrollLeft: x, scrollTop: y } = this.scroller
      if (width < 1 || height < 1) return
      const matrix = {
        grid: this.grid,
        rowNames: this.models.map(({ id }) => modelName(id)),
        columnNames: this.gpus.map(({ name }) => name),
        found: (row: number, column: number) => sweep.value.rows[row]?.[column],
        own: this.own,
        at: this.at,
        goal: goal.value,
        theme: theme.value,
      }
      drawMatrix(this.canvas, matrix, { x, y }, { width, height })
    })
  }

  private place(event: MouseEvent): Place | null {
    if (!this.scroller) return null
    const { left, top } = this.scroller.getBoundingClientRect()
    const { scrollLeft: x, scrollTop: y } = this.scroller
    return placeAt(this.grid, event.clientX - left, event.clientY - top, { x, y })
  }

  private point(event: PointerEvent) {
    this.at = this.place(event)
  }

  private choose(event: MouseEvent) {
    const place = this.place(event)
    if (place) this.open(place)
  }

  private open({ row, column }: Place) {
    const { answer } = outcome.value
    if (!answer || !this.models[row] || !this.gpus[column]) return
    edit([{ path: 'model', value: this.models[row].id }, ...gpuChanges(answer.resolved, this.gpus[column].gpu)])
  }

  private key(event: KeyboardEvent) {
    const here = this.at ?? this.own ?? { row: 0, column: 0 }
    const next = walked(event, here, this.grid.rows, this.grid.columns)
    if (next) {
      this.at = next
      this.spoken = this.reading(next)
      if (this.scroller) scrollInto(this.scroller, this.grid, next)
    } else if (event.key === 'Enter') this.open(here)
    else if (event.key === 'Escape') this.at = null
    else return
    event.preventDefault()
  }
}
