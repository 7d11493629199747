/** The question and its answer in one sentence, the answers people come for, and the changes that would make it fit. */
import { html, LitElement, nothing } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { until } from 'lit/directives/until.js'
import { rank } from '../../memory/figures.ts'
import { inversesAt } from '../../memory/inverses.ts'
import type { ScenarioError } from '../../scenario/parse.ts'
import { formatInteger, formatTokens } from '../../units.ts'
import { mapPainted } from '../map-painted.ts'
import { type Change, edit, page } from '../state/document.ts'
import { type Answer, outcome } from '../state/outcome.ts'
import { Watching } from '../state/signal.ts'
import { icon } from '../widgets/icons.ts'
import { leftInWords, questionInWords, verdictInWords } from '../words.ts'
import { answerStyles } from './answer-styles.ts'
import type { Hint } from './fewest.ts'
import type { Further } from './further.ts'

/** A refusal in the words of the page, which are fetched. */
const inWords = (refusal: ScenarioError, after = '') =>
  until(
    import('./refusal.ts').then(
      ({ refusalInWords }) => refusalInWords(page.value.input, refusal, after),
      () => `${refusal.message}.`,
    ),
  )

const leads = { oom: 'Make it fit', tight: 'More room', fits: 'Less would do' } as const

/** Not worked out yet. */
const unknown: Hint = { text: '…', title: '', changes: [] }

/** Milliseconds: longer than between two repetitions of a held key. */
const REST = 80

@customElement('oom-answer')
export class OomAnswer extends LitElement {
  @state() private further: Further | null = null
  /** What is fetched after the answer is painted. */
  @state() private more: typeof import('./further.ts') | null = null
  private worked: Answer | null = null
  private work = 0

  constructor() {
    super()
    new Watching(this, outcome, page)
  }

  static override styles = answerStyles

  override render() {
    const { answer, refusal, loading } = outcome.value
    if (!answer) {
      const text = refusal ? html`There is no answer: ${inWords(refusal)}` : loading ? 'Loading …' : ''
      return html`<h1><span role=${refusal ? 'alert' : nothing}>${text}</span></h1>`
    }
    const { units } = page.value.view
    const { estimate, resolved } = answer
    const { verdict, perGpu, capacity } = estimate
    const obstacle = this.more?.obstacleTo(resolved)?.message
    const fares = verdictInWords(verdict, capacity - perGpu.total, units)
    const context = resolved.architecture.maxPositionEmbeddings ?? Number.POSITIVE_INFINITY
    return html`${refusal ? this.refused(refusal) : nothing}
      <h1 class=${refusal ? 'stale' : ''}>
        ${questionInWords(resolved)}:
        ${
          obstacle
            ? html`<span class="verdict oom" title=${obstacle}>${icon('oom')} it does not run there.</span> By memory: ${fares}.`
            : html`<span class="verdict ${verdict}">${icon(verdict)} ${fares}.</span>`
        }
        ${resolved.scenario.sequence > context ? html`<span class="tight">Beyond its ${formatTokens(context)} context.</span>` : nothing}
      </h1>
      <dl>
        ${this.limits(answer)}
      </dl>
      <div class="changes">${this.chips(obstacle ? 'Runs with' : leads[verdict])}</div>`
  }

  /** What is shown belongs to a former scenario; the present one's is being worked out. */
  private get stale(): boolean {
    return this.further?.of !== outcome.value.answer
  }

  private apply(changes: Change[]) {
    if (!this.stale) edit(changes)
  }

  private refused(refusal: ScenarioError) {
    return html`<p class="refusal" role="alert">${icon('oom')} ${inWords(refusal, 'The last good answer is shown.')}</p>`
  }

  private limits(answer: Answer) {
    const { maxBatch, maxSequence } = answer.estimate
    const { batch, sequence, hardware } = answer.resolved.scenario
    const safe = inversesAt(rank(answer.resolved).ranks, batch, sequence, 'safeCapacity').maxBatch
    const margin =
      safe < maxBatch
        ? html`${safe > 0 ? formatInteger(safe) : 'none'} with<span class="more"> the</span> margin`
        : nothing
    const { further } = this
    const most = (path: string, value: number, text: string): Hint => ({
      text,
      title: 'Set it',
      changes: value > 0 ? [{ path, value }] : [],
    })
    // Memory may hold more than the model can use.
    const usable = Math.min(maxSequence, answer.resolved.architecture.maxPositionEmbeddings ?? maxSequence)
    const held =
      maxSequence > usable
        ? html`<span class="more">memory would hold</span><span class="less">memory:</span> ${formatInteger(maxSequence)}`
        : nothing
    return [
      this.limit('Largest batch', ' here', most('batch', maxBatch, formatInteger(maxBatch)), margin),
      this.limit('Longest sequence', ' here', most('sequence', usable, formatInteger(usable)), held),
      this.limit('Fewest GPUs', '', further?.fewest),
      this.limit(hardware.count === 1 ? 'Smallest card' : 'Smallest cards', '', further?.smallest),
    ]
  }

  /** @param more of the name, where there is room for it; @param hint of the answer itself, or worked out later; @param below said under it */
  private limit(name: string, more: string, hint: Hint = unknown, below: unknown = nothing) {
    const { text, title, changes, needs, there } = hint
    const stale = this.stale && (hint === this.further?.fewest || hint === this.further?.smallest)
    return html`<div title=${title}>
      <dt>${name}<span class="more">${more}</span></dt>
      <dd>
        ${
          changes.length > 0
            ? html`<button aria-disabled=${stale ? 'true' : 'false'} @click=${() => stale || edit(changes)}>${text}</button>`
            : html`<span>${text}</span>`
        }
        <small class=${there?.verdict ?? ''}>${needs ?? (there ? html`${leftInWords(there.verdict, there.headroom, page.value.view.units)}<span class="more"> left</span>` : below)}</small>
      </dd>
    </div>`
  }

  private chips(lead: string) {
    const found = this.further?.fixes ?? []
    if (found.length === 0) return nothing
    return html`<oom-suggestions .lead=${lead} .fixes=${found} .units=${page.value.view.units} ?stale=${this.stale}
      @oom-apply=${({ detail }: CustomEvent<Change[]>) => this.apply(detail)}></oom-suggestions>`
  }

  protected override updated() {
    const { answer } = outcome.value
    if (!answer || answer === this.worked) return
    this.worked = answer
    clearTimeout(this.work)
    // A little at a time, and once a drag or a held key rests, so that both stay smooth.
    this.work = window.setTimeout(() => void this.workOut(answer), REST)
  }

  private async workOut(answer: Answer) {
    await mapPainted
    this.more ??= await import('./further.ts')
    const found = await this.more.workOut(answer, () => answer === this.worked)
    if (found && answer === this.worked) this.further = found
  }
}
