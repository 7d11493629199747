/** Boundaries of several GPUs, models, precisions or GPU counts on one plot: who runs out of memory where. */
import { html, LitElement, nothing } from 'lit'
import { customElement, query, state } from 'lit/decorators.js'
import type { Scenario } from '../../scenario/schema.ts'
import type { AxisValue } from '../../sweep/axis.ts'
import { formatInteger, formatTokens } from '../../units.ts'
import { inPageWords } from '../controls/labels.ts'
import { rangesOf } from '../map/ranges.ts'
import { axisScale } from '../map/scales.ts'
import { pointsOf } from '../profile/chart.ts'
import { changeView, edit, type Over, page } from '../state/document.ts'
import { type Answer, outcome } from '../state/outcome.ts'
import { Watching } from '../state/signal.ts'
import { tokensInWords } from '../words.ts'
import { askLines, lines } from './lines.ts'
import { overLabel, overValues } from './over.ts'
import { overlayStyles } from './overlay-styles.ts'
import { overlayPlot, type PlottedLine } from './plot.ts'
import { overlayTable } from './table.ts'
import './choice.ts'
import '../widgets/segmented.ts'
import type { Changed } from '../widgets/events.ts'

const usual: Over = { field: 'hardware.gpu', values: null }

/** A value of a scenario by its path. */
const fieldOf = (scenario: Scenario, path: string) =>
  path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], scenario)

@customElement('oom-overlay')
export class OomOverlay extends LitElement {
  @state() private table = false
  /** Index into the points of what is pointed at or walked to; null for the pinned cell. */
  @state() private at: number | null = null
  @state() private emphasised: number | null = null
  @state() private size = { width: 0, height: 0 }
  @query('.stage') private stage!: HTMLElement
  private readonly observer = new ResizeObserver(() => {
    this.size = { width: this.stage.clientWidth, height: this.stage.clientHeight }
  })

  constructor() {
    super()
    for (const signal of [page, outcome, lines]) new Watching(this, signal)
  }

  static override styles = overlayStyles

  override disconnectedCallback() {
    super.disconnectedCallback()
    this.observer.disconnect()
  }

  protected override firstUpdated() {
    this.observer.observe(this.stage)
  }

  /** The scenario with its model by the name the catalogue lists it under, so that no line is there twice. */
  private get scenario(): Scenario {
    const { scenario, architecture } = (outcome.value.answer as Answer).resolved
    return typeof scenario.model === 'string' ? { ...scenario, model: architecture.id } : scenario
  }

  private get box() {
    const narrow = this.size.width < 560
    const { width, height } = this.size
    return {
      left: 46,
      top: 24,
      width: Math.max(60, width - 62),
      height: Math.max(60, height - 24 - (narrow ? 40 : 42)),
    }
  }

  private scales() {
    const { width, height } = this.box
    const ranges = rangesOf(page.value)
    return { x: axisScale(ranges.x, width), y: axisScale(ranges.y, -height) }
  }

  /** One length per pixel, all powers of two and the pinned one: every number that is read is exact. */
  private points(): Uint32Array {
    const { x } = this.scales()
    const { from, to } = x.range
    const all = new Set(pointsOf(x, Math.ceil(this.box.width)))
    for (let power = 1; power <= to; power *= 2) if (power >= from) all.add(power)
    all.add(this.scenario.sequence)
    return Uint32Array.from(all).sort()
  }

  protected override willUpdate() {
    const { answer } = outcome.value
    if (!answer || this.size.width === 0) return
    const over = page.value.view.over ?? usual
    askLines(answer.input, over.field, overValues(over, this.scenario), this.points())
  }

  override render() {
    if (!outcome.value.answer) return nothing
    const over = page.value.view.over ?? usual
    const { scenario } = this
    const plotted = this.plotted(over, scenario)
    return html`<div class="bar">
        <oom-over-choice .over=${over} .values=${overValues(over, scenario)} .scenario=${scenario}
          @oom-change=${({ detail }: CustomEvent<Changed<Over>>) => changeView({ over: detail.value })}></oom-over-choice>
        <oom-segmented
          quiet
          label="Shown as"
          .options=${[{ value: 'plot', label: 'Plot' }, { value: 'table', label: 'Table' }]}
          .value=${this.table ? 'table' : 'plot'}
          @oom-change=${({ detail }: CustomEvent<Changed<string>>) => {
            this.table = detail.value === 'table'
          }}
        ></oom-segmented>
      </div>
      <div class="both">
        <div class="stage">
          ${plotted && this.size.width > 0 ? (this.table ? overlayTable(plotted, lines.value?.points ?? new Uint32Array(), scenario) : this.plot(plotted, scenario)) : nothing}
        </div>
        ${plotted && !this.table ? this.readings(plotted, scenario) : nothing}
      </div>`
  }

  /** The lines as they were found, once they belong to what is asked. */
  private plotted({ field, values }: Over, scenario: Scenario): PlottedLine[] | null {
    const found = lines.value
    if (!found) return null
    const wanted = overValues({ field, values }, scenario)
    if (JSON.stringify(found.values) !== JSON.stringify(wanted)) return null
    const own = fieldOf(scenario, field)
    return found.lines.map((line, i) => ({
      label: overLabel(field, wanted[i], scenario),
      own: own === wanted[i],
      frontier: typeof line === 'string' ? null : line,
      refusal: typeof line === 'string' ? inPageWords(line) : null,
    }))
  }

  /** Index of the point that is read. */
  private get here(): number {
    const points = lines.value?.points ?? new Uint32Array()
    return this.at ?? Math.max(0, points.indexOf(this.scenario.sequence))
  }

  private plot(plotted: PlottedLine[], { batch, sequence }: Scenario) {
    const points = lines.value?.points ?? new Uint32Array()
    const tokens = points[this.here] ?? sequence
    const inWords = plotted.map(
      ({ label, frontier }) => `${label} ${frontier ? formatInteger(frontier[this.here]) : 'impossible'}`,
    )
    return html`<div
      class="target"
      role="slider"
      tabindex="0"
      aria-label="Tokens per sequence; Enter pins them"
      aria-orientation="horizontal"
      aria-valuemin=${points[0]}
      aria-valuemax=${points[points.length - 1]}
      aria-valuenow=${tokens}
      aria-valuetext="${tokensInWords(tokens)}: largest batch ${inWords.join(', ')}"
      @pointermove=${this.point}
      @pointerleave=${this.leave}
      @blur=${this.leave}
      @click=${() => this.pin(tokens)}
      @keydown=${this.key}
    >
      ${overlayPlot({
        lines: plotted,
        points,
        ...this.scales(),
        box: this.box,
        pinned: { batch, sequence },
        here: this.here,
        emphasised: this.emphasised,
        axes: { x: 'Tokens per sequence', y: 'Batch' },
      })}
    </div>`
  }

  /** The largest batch of every line at one length, largest first. */
  private readings(plotted: PlottedLine[], { sequence }: Scenario) {
    const tokens = lines.value?.points[this.here] ?? sequence
    const rows = plotted
      .map((line, i) => ({ ...line, i, batch: line.frontier?.[this.here] ?? -1 }))
      .sort((a, b) => b.batch - a.batch)
    return html`<div class="readings">
      <h2>Largest batch at ${formatTokens(tokens)} tokens</h2>
      <ul>
        ${rows.map(
          ({ label, own, batch, i, refusal }) =>
            html`<li
              class=${own ? 'own' : ''}
              title=${refusal ?? ''}
              @pointerenter=${() => {
                this.emphasised = i
              }}
              @pointerleave=${() => {
                this.emphasised = null
              }}
            >
              <svg width="18" height="10" aria-hidden="true"><path class="line l${i} ${own ? 'own' : ''}" d="M0 5h18" /></svg>
              <span>${label}</span><b>${refusal ? 'impossible' : formatInteger(batch)}</b>
            </li>`,
        )}
      </ul>
    </div>`
  }

  private readonly leave = () => {
    this.at = null
  }

  private point(event: PointerEvent) {
    const { left } = (event.currentTarget as HTMLElement).getBoundingClientRect()
    const tokens = this.scales().x.value(event.clientX - left - this.box.left)
    const points = lines.value?.points
    if (!points) return
    const next = points.findIndex((point) => point >= tokens)
    this.at = next < 0 ? points.length - 1 : next
  }

  private key(event: KeyboardEvent) {
    const points = lines.value?.points
    const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key]
    if (!points || event.ctrlKey || event.metaKey) return
    if (direction) {
      const far = event.shiftKey ? 64 : event.altKey ? 1 : 8
      this.at = Math.max(0, Math.min(points.length - 1, this.here + direction * far))
    } else if (event.key === 'Enter') this.pin(points[this.here])
    else if (event.key === 'Escape') this.at = null
    else return
    event.preventDefault()
  }

  private pin(sequence: AxisValue) {
    edit([{ path: 'sequence', value: sequence }])
    this.at = null
  }
}
