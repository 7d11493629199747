/** Which GPUs an atlas lists: those on which the scenario can run, by words, vendor and memory. One choice for all views. */
import { css, html, LitElement } from 'lit'
import { customElement } from 'lit/decorators.js'
import { gpus } from '../../hardware/catalogue.ts'
import { ownGpu } from '../../hardware/find-gpu.ts'
import type { Gpu } from '../../hardware/gpu.ts'
import { withGpu } from '../../memory/fewest.ts'
import type { Obstacle } from '../../memory/runnable.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import type { Answer } from '../state/outcome.ts'
import { Signal, Watching } from '../state/signal.ts'
import { shared } from '../styles/shared.ts'
import type { Changed } from '../widgets/events.ts'
import { type Entry, search } from '../widgets/search.ts'
import { gpuName } from '../words.ts'
import { folded, type ListedGpu } from './fold.ts'
import '../widgets/select.ts'

interface GpuFilter {
  words: string
  vendor: string
  /** Least memory as marketed, GiB. */
  least: number
  /** GPUs, too, on which the scenario cannot run. */
  all: boolean
}

export const gpuFilter = new Signal<GpuFilter>({ words: '', vendor: '', least: 0, all: false })

export interface Listed {
  shown: ListedGpu[]
  /** Left out, because the scenario cannot run there. */
  left: ListedGpu[]
}

const entries = gpus.map((gpu): Entry & { gpu: Gpu } => ({
  value: gpu.id,
  label: gpu.id,
  also: `${gpu.name} ${gpu.vendor} ${gpu.arch}`,
  gpu,
}))

/**
 * The GPUs that pass, in the catalogue's order, those alike folded into one; a scenario's own custom GPU always does.
 * @param find what keeps a scenario from running: with its own model, or whatever the model
 */
export function listedGpus({ input, resolved }: Answer, find: (on: Resolved) => Obstacle | null): Listed {
  const { words, vendor, least, all } = gpuFilter.value
  const found = new Set<Entry>(search(entries, words))
  const passing = entries
    .filter((entry) => found.has(entry) && (!vendor || entry.gpu.vendor === vendor) && entry.gpu.marketedGiB >= least)
    .map(({ value, gpu }): ListedGpu => ({ value, gpu, name: gpuName(value), obstacle: find(withGpu(resolved, gpu)) }))
  const shown = all ? passing : passing.filter(({ obstacle }) => !obstacle)
  const left = passing.filter(({ obstacle }) => obstacle)
  const own = input.hardware?.gpu
  const lists = { shown: folded(shown, resolved.gpu.id), left }
  if (typeof own !== 'object' || (own.reserveMiB ?? 0) >= own.memoryMiB) return lists
  const mine = { value: own, gpu: ownGpu(own), name: gpuName(own), obstacle: null }
  return { ...lists, shown: [mine, ...lists.shown] }
}

/** How many GPUs entries stand for. */
export const countOf = (listed: readonly ListedGpu[]): number =>
  listed.reduce((sum, { ids }) => sum + (ids?.length ?? 1), 0)

/** Whether an entry of a list stands for a GPU. */
export const standsFor = ({ gpu, ids }: ListedGpu, id: string | undefined): boolean =>
  gpu.id === id || (id !== undefined && ids?.includes(id) === true)

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
        width: 9.4em;
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
        oom-select {
          min-width: 9em;
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
        @input=${(event: InputEvent) => filterBy({ words: (event.target as HTMLInputElement).value })}
      />
      <oom-select
        quiet
        label="Vendor"
        .options=${vendors}
        .value=${vendor}
        @oom-change=${({ detail }: CustomEvent<Changed<string>>) => filterBy({ vendor: detail.value })}
      ></oom-select>
      <oom-select
        quiet
        label="Least memory"
        .options=${sizes}
        .value=${String(least)}
        @oom-change=${({ detail }: CustomEvent<Changed<string>>) => filterBy({ least: Number(detail.value) })}
      ></oom-select>`
  }
}

/** Changes some of the filter. */
export const filterBy = (change: Partial<GpuFilter>) => {
  gpuFilter.value = { ...gpuFilter.value, ...change }
}
