/** Which GPUs an atlas lists: by words, vendor and memory. One choice for all views. */
import { css, html, LitElement } from 'lit'
import { customElement } from 'lit/decorators.js'
import { gpus } from '../../hardware/catalogue.ts'
import { type CustomGpu, customGpu, type Gpu } from '../../hardware/gpu.ts'
import type { ScenarioInput } from '../../scenario/schema.ts'
import { Signal, Watching } from '../state/signal.ts'
import { shared } from '../styles/shared.ts'
import type { Changed } from '../widgets/events.ts'
import { type Entry, search } from '../widgets/search.ts'
import '../widgets/select.ts'

interface GpuFilter {
  words: string
  vendor: string
  /** Least memory as marketed, GiB. */
  least: number
}

export const gpuFilter = new Signal<GpuFilter>({ words: '', vendor: '', least: 0 })

/** A GPU, and how a scenario names it. */
export interface ListedGpu {
  value: string | CustomGpu
  gpu: Gpu
}

const entries = gpus.map((gpu): Entry & ListedGpu => ({
  value: gpu.id,
  label: gpu.id,
  also: `${gpu.name} ${gpu.vendor} ${gpu.arch}`,
  gpu,
}))

/** The GPUs that pass, in the catalogue's order; a scenario's own custom GPU always does. */
export function listedGpus(input: ScenarioInput): ListedGpu[] {
  const { words, vendor, least } = gpuFilter.value
  const found = new Set<Entry>(search(entries, words))
  const passing = entries.filter(
    (entry) => found.has(entry) && (!vendor || entry.gpu.vendor === vendor) && entry.gpu.marketedGiB >= least,
  )
  const own = input.hardware?.gpu
  if (typeof own !== 'object' || (own.reserveMiB ?? 0) >= own.memoryMiB) return passing
  return [{ value: own, gpu: customGpu(own) }, ...passing]
}

const vendors = [
  { value: '', label: 'All vendors' },
  ...[...new Set(gpus.map(({ vendor }) => vendor))].map((value) => ({ value, label: value })),
]
const sizes = [0, 12, 16, 24, 32, 40, 48, 80, 96, 128, 180].map((size) => ({
  value: String(size),
  label: size ? `≥ ${size} GB` : 'Any memory',
}))

@customElement('oom-gpu-filter')
export class OomGpuFilter extends LitElement {
  constructor() {
    super()
    new Watching(this, gpuFilter)
  }

  static override styles = [
    shared,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        gap: var(--gap-2);
        --control: 30px;
      }
      .field {
        width: 132px;
      }
      oom-select {
        width: 116px;
      }
      @media (max-width: 899px) {
        :host {
          width: 100%;
        }
        .field,
        oom-select {
          flex: 1;
          width: auto;
          min-width: 92px;
        }
      }
    `,
  ]

  override render() {
    const { words, vendor, least } = gpuFilter.value
    return html`<input
        class="field"
        type="search"
        placeholder="Find GPUs"
        aria-label="Find GPUs"
        .value=${words}
        @input=${(event: InputEvent) => set({ words: (event.target as HTMLInputElement).value })}
      />
      <oom-select
        quiet
        label="Vendor"
        .options=${vendors}
        .value=${vendor}
        @oom-change=${({ detail }: CustomEvent<Changed<string>>) => set({ vendor: detail.value })}
      ></oom-select>
      <oom-select
        quiet
        label="Least memory"
        .options=${sizes}
        .value=${String(least)}
        @oom-change=${({ detail }: CustomEvent<Changed<string>>) => set({ least: Number(detail.value) })}
      ></oom-select>`
  }
}

const set = (change: Partial<GpuFilter>) => {
  gpuFilter.value = { ...gpuFilter.value, ...change }
}
