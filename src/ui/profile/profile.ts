/** What fills the memory along one axis through the pinned cell: components stacked, the capacity across, the crossing named. */
import { html, LitElement, nothing, type PropertyValues } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import type { ComponentName } from '../../memory/model.ts'
import { limits } from '../../scenario/schema.ts'
import { CpuEvaluator } from '../../sweep/cpu-evaluator.ts'
import { latest } from '../../sweep/latest.ts'
import { lowered, plan } from '../../sweep/plan.ts'
import { type Profile, profile } from '../../sweep/profile.ts'
import { formatBytes, formatInteger, formatRoom, formatTokens } from '../../units.ts'
import { componentLabels, stacked } from '../breakdown/breakdown.ts'
import { rangesOf } from '../map/ranges.ts'
import { axisScale, cellAt } from '../map/scales.ts'
import { cursor } from '../state/cursor.ts'
import { edit, page } from '../state/document.ts'
import { architectureOf } from '../state/models.ts'
import { type Answer, outcome } from '../state/outcome.ts'
import { Watching } from '../state/signal.ts'
import type { Changed } from '../widgets/events.ts'
import { stepped } from '../widgets/steps.ts'
import { sequencesInWords, tokensInWords, verdictNames } from '../words.ts'
import { chart, pointsOf } from './chart.ts'
import { plot } from './plot.ts'
import { profileStyles } from './profile-styles.ts'
import { profileTable, readAt } from './table.ts'
import '../widgets/segmented.ts'

/** A profile, and the answer it belongs to. */
interface Cut {
  answer: Answer
  profile: Profile
  /** Where the pinned cell is on the axis. */
  pinned: number
}

const run = latest(
  async ({ answer, along, points }: { answer: Answer; along: Profile['along']; points: Uint32Array }) => {
    const { batch, sequence } = answer.resolved.scenario
    const most = along === 'sequence' ? answer.estimate.maxSequence : answer.estimate.maxBatch
    const first = most < limits[along] ? most + 1 : null
    const [fixed, pinned] = along === 'sequence' ? [batch, sequence] : [sequence, batch]
    const found = await profile(lowered(answer.resolved), along, points, fixed, first, new CpuEvaluator())
    const order = stacked.filter((name) => found.order.includes(name))
    return { answer, profile: { ...found, order }, pinned }
  },
)

@customElement('oom-profile')
export class OomProfile extends LitElement {
  @state() private along: Profile['along'] = 'sequence'
  @state() private table = false
  @state() private cut: Cut | null = null
  /** The number under the pointer or walked to; null for the pinned one. */
  @state() private at: number | null = null
  @state() private size = { width: 0, height: 0 }
  private readonly observer = new ResizeObserver(() => this.measure())
  private stop: (() => void)[] = []

  constructor() {
    super()
    new Watching(this, page)
  }

  static override styles = profileStyles

  override connectedCallback() {
    super.connectedCallback()
    this.stop = [page, outcome].map((signal) => signal.watch(() => void this.work()))
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    for (const stop of this.stop) stop()
    this.observer.disconnect()
    cursor.value = null
  }

  /** The breakdown has the bytes of what is pointed at or walked to. */
  protected override willUpdate(changed: PropertyValues) {
    if (!changed.has('at')) return
    const { at, cut } = this
    if (at === null || !cut) {
      cursor.value = null
      return
    }
    const [slice] = plan(cut.answer.input, [], architectureOf).slices
    const { batch, sequence } = cut.answer.resolved.scenario
    cursor.value = { batch, sequence, [cut.profile.along]: at, panel: 0, slice, label: '' }
  }

  protected override firstUpdated() {
    const stage = this.renderRoot.querySelector('.stage')
    if (stage) this.observer.observe(stage)
  }

  private measure() {
    const stage = this.renderRoot.querySelector('.stage')
    if (!stage) return
    this.size = { width: stage.clientWidth, height: stage.clientHeight }
    void this.work()
  }

  /** The axis shared with the map. */
  private scale(width: number) {
    const range = rangesOf(page.value)[this.along === 'sequence' ? 'x' : 'y']
    return axisScale(range, width)
  }

  private get box() {
    const { width, height } = this.size
    const narrow = width < 560
    const [left, right] = narrow ? [40, 108] : [62, 124]
    return { left, top: 22, width: Math.max(60, width - left - right), height: Math.max(60, height - 22 - 42) }
  }

  private async work() {
    const { answer } = outcome.value
    if (!answer || this.size.width === 0) return
    const ranks = answer.resolved.scenario.hardware.count > 1 ? 2 : 1
    const points = pointsOf(this.scale(this.box.width), Math.ceil(this.box.width / ranks))
    const cut = await run({ answer, along: this.along, points })
    if (cut) this.cut = cut
  }

  override render() {
    return html`<div class="bar">
        <oom-segmented
          label=""
          .options=${[{ value: 'sequence', label: 'Along sequence' }, { value: 'batch', label: 'Along batch' }]}
          .value=${this.along}
          @oom-change=${({ detail }: CustomEvent<Changed<Profile['along']>>) => {
            this.along = detail.value
            this.at = null
            void this.work()
          }}
        ></oom-segmented>
        <oom-segmented
          label=""
          .options=${[{ value: 'plot', label: 'Plot' }, { value: 'table', label: 'Table' }]}
          .value=${this.table ? 'table' : 'plot'}
          @oom-change=${({ detail }: CustomEvent<Changed<string>>) => {
            this.table = detail.value === 'table'
          }}
        ></oom-segmented>
      </div>
      <p class="crossing">${this.cut ? this.crossing(this.cut) : ''}</p>
      <div class="stage">${this.cut && this.size.width > 0 ? (this.table ? profileTable(this.cut.profile, this.cut.pinned, this.cut.answer.resolved, page.value.view.units) : this.plot(this.cut)) : nothing}</div>`
  }

  /** The sentence above the plot. */
  private crossing({ answer, profile: { along, crossing, values } }: Cut) {
    const { units } = page.value.view
    const { batch, sequence } = answer.resolved.scenario
    const amount = (n: number) => (along === 'sequence' ? tokensInWords(n) : sequencesInWords(n))
    const fixed = along === 'sequence' ? `with ${sequencesInWords(batch)}` : `of ${tokensInWords(sequence)}`
    const capacity = formatRoom(values.capacity[0], units)
    if (!crossing) return html`Nothing crosses the capacity of ${capacity}: even ${amount(limits[along])} ${fixed} fit.`
    const name = html`<b>${inSentence(crossing.component)}</b>`
    if (crossing.at === 1) {
      const one = along === 'sequence' ? 'token' : 'sequence'
      return html`Not even one ${one} ${fixed} fits ${capacity}: most of it is ${name}.`
    }
    return html`At ${amount(crossing.at)} ${fixed} ${name} cross${/s$/.test(componentLabels[crossing.component]) ? '' : 'es'} the capacity of ${capacity}.`
  }

  private plot(cut: Cut) {
    const { answer, profile, pinned } = cut
    const x = this.scale(this.box.width)
    const drawn = chart(profile, x, this.box, answer.estimate.perGpu.total)
    const here = this.at ?? pinned
    const { units } = page.value.view
    const reading = readAt(answer.resolved, profile.along, here)
    const inWords = `${profile.along === 'sequence' ? tokensInWords(here) : sequencesInWords(here)}: ${verdictNames[reading.verdict]}, ${formatBytes(reading.total, units)} of ${formatRoom(reading.capacity, units)}; ${profile.order
      .map((name) => `${componentLabels[name]} ${formatBytes(reading.perGpu[name], units)}`)
      .join(', ')}`
    return html`<div
      class="target"
      role="slider"
      tabindex="0"
      aria-label=${profile.along === 'sequence' ? 'Tokens per sequence; Enter pins them' : 'Batch; Enter pins it'}
      aria-orientation="horizontal"
      aria-valuemin="1"
      aria-valuemax=${limits[profile.along]}
      aria-valuenow=${here}
      aria-valuetext=${inWords}
      @pointermove=${(event: PointerEvent) => this.point(event, drawn)}
      @pointerleave=${() => {
        this.at = null
      }}
      @click=${() => this.pin(here)}
      @keydown=${(event: KeyboardEvent) => this.key(event, here)}
      @blur=${() => {
        this.at = null
      }}
    >
      ${plot({ profile, chart: drawn, pinned, here, reading, units, format: profile.along === 'sequence' ? formatTokens : formatInteger, context: profile.along === 'sequence' ? answer.resolved.architecture.maxPositionEmbeddings : null })}
    </div>`
  }

  private point(event: PointerEvent, { box, x }: ReturnType<typeof chart>) {
    const { left } = (event.currentTarget as HTMLElement).getBoundingClientRect()
    const at = event.clientX - left - box.left
    this.at = at < 0 || at > box.width ? null : cellAt(x, at)
  }

  private key(event: KeyboardEvent, here: number) {
    const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key] as 1 | -1 | undefined
    if (event.ctrlKey || event.metaKey) return
    if (direction) {
      this.at = stepped(
        here,
        direction,
        event.shiftKey ? 'coarse' : event.altKey ? 'fine' : 'step',
        1,
        limits[this.along],
      )
    } else if (event.key === 'Enter') this.pin(here)
    else if (event.key === 'Escape') this.at = null
    else return
    event.preventDefault()
  }

  private pin(value: number) {
    edit([{ path: this.along, value }])
    this.at = null
  }
}

/** `the KV cache`, `the weights` */
const inSentence = (name: ComponentName) =>
  `the ${componentLabels[name].replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())}`
