/** The controls everybody needs, in one column. Everything acts at once; a refusal is said at the field it is about. */
import { html, LitElement, nothing } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { capacityBytes } from '../../hardware/gpu.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import { limits, type Scenario, type ScenarioInput, tasks, usualRuntime } from '../../scenario/schema.ts'
import { formatParameters, formatRoom } from '../../units.ts'
import { bring } from '../bring/open.ts'
import { ownGpus, ownModels } from '../bring/own.ts'
import { cacheOptions, type Option, runtimeNames, runtimesFor, taskNames, weightOptions } from '../options.ts'
import { type Change, edit, given, page } from '../state/document.ts'
import { catalogue, loadCatalogue } from '../state/models.ts'
import { outcome } from '../state/outcome.ts'
import { Watching } from '../state/signal.ts'
import type { OomCombobox } from '../widgets/combobox.ts'
import type { Changed } from '../widgets/events.ts'
import { icon } from '../widgets/icons.ts'
import { besideField, cacheName, gpuName, modelName, weightsName } from '../words.ts'
import { controlsStyles } from './controls-styles.ts'
import {
  gpuEntries,
  modelEntries,
  modelNamed,
  ownGpu,
  ownModel,
  recentGpus,
  recentModels,
  starredGpus,
  starredModels,
} from './entries.ts'
import '../widgets/combobox.ts'
import '../widgets/quantity.ts'
import '../widgets/segmented.ts'
import '../widgets/select.ts'

const computeOptions: Option[] = ['bf16', 'fp16', 'fp32', 'tf32'].map((value) => ({
  value,
  label: value.toUpperCase(),
}))
const counts: Option[] = [1, 2, 4, 8].map((n) => ({ value: String(n), label: String(n) }))

@customElement('oom-controls')
export class OomControls extends LitElement {
  /** Whether all settings are shown. */
  @property({ type: Boolean, reflect: true }) open = false
  /** What could be brought if its dialog had loaded. */
  @state() private unopened: 'model' | 'gpu' | null = null

  constructor() {
    super()
    for (const signal of [
      page,
      outcome,
      catalogue,
      starredModels,
      starredGpus,
      recentModels,
      recentGpus,
      ownModels,
      ownGpus,
    ]) {
      new Watching(this, signal)
    }
  }

  static override styles = controlsStyles

  override render() {
    const { input } = page.value
    const { model, hardware = {}, task = 'inference', runtime = usualRuntime(task) } = input
    const gpu = hardware.gpu ?? 'RTX-4090'
    return html`
      <oom-combobox
        class="pair"
        label="Model"
        .value=${typeof model === 'string' ? model : ''}
        .shown=${typeof model === 'string' && this.refusal('model') ? model : modelName(model)}
        .entries=${modelEntries}
        .loading=${catalogue.value === null}
        .named=${modelNamed}
        .starred=${starredModels.value}
        .error=${this.refusal('model')}
        .hint=${this.modelHint()}
        @oom-open=${() => void loadCatalogue().catch(() => {})}
        @oom-star=${(e: CustomEvent<string>) => starredModels.toggle(e.detail)}
        @oom-change=${({ detail }: CustomEvent<Changed<string>>) => {
          recentModels.use(detail.value)
          edit([{ path: 'model', value: ownModel(detail.value) }])
        }}
        >${this.own('model')}</oom-combobox
      >
      <oom-combobox
        class="pair"
        label="GPU"
        .value=${typeof gpu === 'string' ? gpu : ''}
        .shown=${gpuName(gpu)}
        .entries=${gpuEntries}
        .starred=${starredGpus.value}
        .error=${this.refusal('hardware.gpu')}
        .hint=${this.gpuHint()}
        @oom-star=${(e: CustomEvent<string>) => starredGpus.toggle(e.detail)}
        @oom-change=${({ detail }: CustomEvent<Changed<string>>) => {
          recentGpus.use(detail.value)
          edit([{ path: 'hardware.gpu', value: ownGpu(detail.value) }])
        }}
        >${this.own('gpu')}</oom-combobox
      >
      ${this.count()}
      <oom-segmented
        class="rare"
        label="Task"
        .options=${tasks.map((value) => ({ value, label: taskNames[value] }))}
        .value=${task}
        @oom-change=${({ detail }: CustomEvent<Changed<Scenario['task']>>) => edit(switched(input, { task: detail.value }))}
      ></oom-segmented>
      ${this.select('Weights', 'precision.weights', this.withUsual(weightOptions({ runtime, task }), weightsName))}
      ${
        task === 'inference'
          ? this.select('KV cache', 'precision.kvCache', this.withUsual(cacheOptions({ runtime }), cacheName))
          : this.select('Compute', 'precision.compute', computeOptions, 'bf16')
      }
      ${this.quantity('Batch', 'batch', limits.batch, 1, { from: 1, to: 1024 })}
      ${this.quantity('Tokens per sequence', 'sequence', limits.sequence, 8192, { from: 256, to: 2 ** 20 })}
      <oom-select
        class="rare"
        label="Runtime"
        .options=${runtimesFor(task).map((value) => ({ value, label: runtimeNames[value] }))}
        .value=${runtime}
        .error=${this.refusal('runtime')}
        @oom-change=${({ detail }: CustomEvent<Changed<Scenario['runtime']>>) => edit(switched(input, { runtime: detail.value }))}
      ></oom-select>
      <div class="row">
        <button class="button more" aria-expanded=${this.open ? 'true' : 'false'} @click=${this.toggle}>
          <span class="desk">${this.open ? 'Fewer settings' : 'All settings'}</span>
          <span class="phone">${this.open ? 'Fewer settings' : 'GPUs, task, runtime and all settings'}</span>
          ${icon('chevron')}
        </button>
        <button class="own examples" @click=${() => this.dispatchEvent(new Event('oom-examples'))}>Examples …</button>
      </div>
      ${this.open ? html`<oom-advanced></oom-advanced>` : nothing}
    `
  }

  /** Moves the focus to a picker. */
  focusOn(label: string) {
    const picker = [...this.renderRoot.querySelectorAll<OomCombobox>('oom-combobox')].find(
      (element) => element.label === label,
    )
    const field = picker?.renderRoot.querySelector('input')
    field?.focus()
    // It was not walked to: once something is chosen it is left, and the next letter is heard again.
    const leave = () => field?.blur()
    picker?.addEventListener('oom-change', leave, { once: true })
    field?.addEventListener('blur', () => picker?.removeEventListener('oom-change', leave), { once: true })
  }

  private count() {
    const value = Number(given('hardware.count') ?? 1)
    return html`<oom-segmented
        class="rare"
        label="GPUs"
        .options=${counts.some((option) => option.value === String(value)) ? counts : [...counts, { value: String(value), label: String(value) }]}
        .value=${String(value)}
        @oom-change=${({ detail }: CustomEvent<Changed<string>>) => edit([{ path: 'hardware.count', value: Number(detail.value) }])}
      ></oom-segmented>
      ${this.refusal('hardware.count') ? html`<p class="error" role="alert">${this.refusal('hardware.count')}</p>` : nothing}`
  }

  /** Beside a picker: what it does not list can be brought. */
  private own(what: 'model' | 'gpu') {
    const open = () =>
      bring(what).catch(() => {
        this.unopened = what
      })
    return html`<button class="own" title="Bring your own ${what === 'model' ? 'model' : 'GPU'}" @click=${open}>
      ${this.unopened === what ? 'could not be loaded' : 'your own …'}
    </button>`
  }

  private quantity(label: string, path: string, max: number, usual: number, slider: { from: number; to: number }) {
    const value = Number(given(path) ?? usual)
    return html`<oom-quantity
      class="pair"
      .label=${label}
      .value=${value}
      .max=${max}
      .start=${Math.min(slider.from, value)}
      .reach=${Math.max(slider.to, value)}
      .error=${this.refusal(path)}
      @oom-change=${({ detail }: CustomEvent<Changed<number>>) => edit([{ path, value: detail.value }], detail.last)}
    ></oom-quantity>`
  }

  private select(label: string, path: string, options: readonly Option[], usual = '') {
    return html`<oom-select
      class="half"
      .label=${label}
      .options=${options}
      .value=${String(given(path) ?? usual)}
      .error=${this.refusal(path)}
      @oom-change=${({ detail }: CustomEvent<Changed<string>>) => edit([{ path, value: detail.value || null }])}
    ></oom-select>`
  }

  /** Says what the automatic choice comes to, where it is chosen. */
  private withUsual(options: readonly Option[], name: (resolved: Resolved) => string): readonly Option[] {
    const { answer } = outcome.value
    const path = name === weightsName ? 'precision.weights' : 'precision.kvCache'
    if (!answer || given(path)) return options
    return options.map((option) =>
      option.value === '' ? { value: '', label: `${name(answer.resolved)} (auto)` } : option,
    )
  }

  private refusal(path: string): string {
    const found = outcome.value.refusal?.fields.find(({ field }) => field === path)
    return found ? besideField(found.message) : ''
  }

  private modelHint(): string {
    const { answer, loading } = outcome.value
    if (loading) return 'Loading …'
    if (!answer) return ''
    const { architecture } = answer.resolved
    return `${formatParameters(answer.estimate.parameters)} parameters, ${architecture.order.length} layers`
  }

  private gpuHint(): string {
    const { answer } = outcome.value
    return answer ? `${formatRoom(capacityBytes(answer.resolved.gpu), page.value.view.units)} for programs` : ''
  }

  private async toggle() {
    if (!this.open) await import('./advanced.ts')
    this.open = !this.open
  }
}

/** What last served, and what last trained: to come back to. */
const lastWith = new Map<boolean, Scenario['runtime']>()

/** A task or runtime, and with it the usual choice wherever the present one does not go with it. */
function switched(input: ScenarioInput, to: Partial<Pick<Scenario, 'task' | 'runtime'>>): Change[] {
  const before = input.task ?? 'inference'
  const task = to.task ?? before
  const present = input.runtime ?? usualRuntime(before)
  const [trained, trains] = [before !== 'inference', task !== 'inference']
  lastWith.set(trained, present)
  const wanted = to.runtime ?? lastWith.get(trains) ?? present
  const runtime = runtimesFor(task).includes(wanted) ? wanted : runtimesFor(task)[0]
  const changes: Change[] = [
    { path: 'task', value: task },
    { path: 'runtime', value: runtime },
  ]
  const { weights, kvCache } = input.precision ?? {}
  const offered = (options: readonly Option[], value: unknown) =>
    !value || options.some((option) => option.value === value)
  if (!offered(weightOptions({ runtime, task }), weights)) changes.push({ path: 'precision.weights', value: null })
  if (!offered(cacheOptions({ runtime }), kvCache)) changes.push({ path: 'precision.kvCache', value: null })
  return changes
}
