/** What the model and GPU pickers list, and what they remember. */
import { gpus } from '../../hardware/catalogue.ts'
import { type CustomGpu, capacityBytes } from '../../hardware/gpu.ts'
import { countParameters } from '../../model/parameters.ts'
import type { ScenarioInput } from '../../scenario/schema.ts'
import { formatParameters, formatRoom } from '../../units.ts'
import { ownGpus, ownModels } from '../bring/own.ts'
import { popularGpus } from '../options.ts'
import { architectureOf, catalogue } from '../state/models.ts'
import { Signal } from '../state/signal.ts'
import { recall, remember } from '../state/storage.ts'
import type { Entry } from '../widgets/search.ts'
import { gpuName, modelName } from '../words.ts'

/** Values kept at the top of a list, in this browser. */
class Kept extends Signal<readonly string[]> {
  private readonly key: string

  constructor(key: string) {
    const stored = recall<unknown>(key, [])
    super(Array.isArray(stored) ? stored.filter((value) => typeof value === 'string').slice(0, 100) : [])
    this.key = key
  }

  keep(values: readonly string[]) {
    this.value = values
    remember(this.key, values)
  }

  toggle(value: string) {
    this.keep(this.value.includes(value) ? this.value.filter((other) => other !== value) : [value, ...this.value])
  }

  /** Puts a value first, and forgets what was used long ago. */
  use(value: string) {
    this.keep([value, ...this.value.filter((other) => other !== value)].slice(0, 5))
  }
}

export const starredModels = new Kept('starred models')
export const starredGpus = new Kept('starred gpus')
export const recentModels = new Kept('recent models')
export const recentGpus = new Kept('recent gpus')

let models: Entry[] = []

const listedAs = (id: string, aliases?: readonly string[]): Entry => ({
  value: id,
  label: modelName(id),
  also: aliases?.join(' '),
  get detail() {
    return formatParameters(countParameters(architectureOf(id)).total)
  },
})

/** All catalogue models, in the order of a list; empty until the catalogue is there. */
export function modelEntries(): readonly Entry[] {
  const known = catalogue.value
  if (known && models.length === 0) {
    models = known.listed().map(({ id, aliases }) => listedAs(id, aliases))
  }
  return recentFirst([...ownModels.value.map(own), ...models], recentModels.value)
}

/** The model that a name means which no entry is found by: a copy in another format, an address. */
export const modelNamed = (name: string): Entry[] => catalogue.value?.named(name).map((id) => listedAs(id)) ?? []

/** How a list names what the reader brought; no id of a catalogue begins like this. */
const OWN = 'own:'
const own = ({ name }: { name: string }): Entry => ({ value: OWN + name, label: name, also: 'own', detail: 'yours' })

/** The model a chosen value stands for. */
export const ownModel = (value: string): ScenarioInput['model'] =>
  ownModels.value.find(({ name }) => OWN + name === value)?.config ?? value

/** The GPU a chosen value stands for. */
export const ownGpu = (value: string): string | CustomGpu =>
  ownGpus.value.find(({ name }) => OWN + name === value) ?? value

const cards: Entry[] = gpus.map((gpu) => ({
  value: gpu.id,
  label: gpuName(gpu.id),
  also: `${gpu.name} ${gpu.vendor}`,
  detail: formatRoom(capacityBytes(gpu)),
  usual: popularGpus.includes(gpu.id),
}))

export const gpuEntries = (): readonly Entry[] => recentFirst([...ownGpus.value.map(own), ...cards], recentGpus.value)

function recentFirst(entries: readonly Entry[], recent: readonly string[]): readonly Entry[] {
  if (recent.length === 0) return entries
  const first = recent.flatMap((value) => entries.find((entry) => entry.value === value) ?? [])
  return [...first, ...entries.filter((entry) => !first.includes(entry))]
}
