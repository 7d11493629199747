/**
 * How few GPUs, and how small ones, hold a load: the one definition of both, for page and command line. What cannot run is not tried, however much
 * memory it has. Scenarios are tried by the compiled model, which is held against the reference; a search rests after each, for those who must
 * not be kept waiting.
 */
import { compiled } from '../formula/compiled.ts'
import { gpus } from '../hardware/catalogue.ts'
import { commonGpus, popularGpus } from '../hardware/common.ts'
import { capacityBytes, type Gpu } from '../hardware/gpu.ts'
import { ScenarioError } from '../scenario/parse.ts'
import type { Resolved } from '../scenario/resolve.ts'
import { mostTogether } from '../scenario/support.ts'
import type { Verdict } from './figures.ts'
import { lowerAll } from './lower.ts'
import { obstacleTo } from './runnable.ts'
import { combinedStrategies, inForce, type Strategy, withStrategies } from './strategies.ts'
import { structureOf } from './structure.ts'

/** A search that can rest between any two steps. */
export type Search<Found> = Generator<undefined, Found>

/** What a search finds when it need not rest. */
export function finished<Found>(search: Search<Found>): Found {
  for (;;) {
    const { done, value } = search.next()
    if (done) return value
  }
}

/** Every number up to a node of 8, whole nodes beyond, up to 128 of them. */
const counts = [...Array.from({ length: 8 }, (_, i) => i + 1), ...Array.from({ length: 127 }, (_, i) => 8 * (i + 2))]

/** The most GPUs that are tried: 128 machines, or as many as can work together. */
export const mostTried = ({ scenario, gpu }: Resolved): number =>
  Math.min(counts[counts.length - 1], mostTogether(scenario.runtime, gpu))

/**
 * The scenario on the fewest of its GPUs with which it runs and is not out of memory; null when 1024 are not enough, or as many as can work
 * together. Degrees that were said are kept where they hold the load in the scenario's own number, else left to the runtime; numbers over which the
 * model cannot be laid out are passed over.
 */
function* searchFewest(resolved: Resolved, strategies: readonly Strategy[]): Search<Resolved | null> {
  if (obstacleTo(withCount(resolved, 1))) return null
  for (const count of counts) {
    if (count > mostTried(resolved)) return null
    const same = withStrategies(resolved, strategies)
    if (count === resolved.scenario.hardware.count && holds(same)) return same
    const other = withStrategies(withCount(resolved, count), strategies)
    if (holds(other)) return other
    yield
  }
  return null
}

/** The least hardware, and what a training run needs to be held by any. */
export interface Fewest {
  at: Resolved
  strategies: readonly Strategy[]
}

/**
 * As few as hold a scenario as it is. Where none do, because every data-parallel replica holds everything, or activations alone are too much: as few
 * as hold it with strategies, and as few strategies as are enough for that.
 */
export function* searchFewestWith(resolved: Resolved): Search<Fewest | null> {
  const { count } = resolved.scenario.hardware
  const on = (n: number) => (n === count ? resolved : withCount(resolved, n))
  return yield* searchLeast(resolved, {
    search: (strategies) => searchFewest(resolved, strategies),
    last: on(mostTried(resolved)),
    size: ({ scenario }) => scenario.hardware.count,
    like: ({ scenario }) => on(scenario.hardware.count),
  })
}

/** How the least of some hardware is looked for. */
interface Least {
  search: (strategies: readonly Strategy[]) => Search<Resolved | null>
  /** On the most of it: what does not hold there needs no search. */
  last: Resolved
  size: (at: Resolved) => number
  /** The scenario as it was, on what was found. */
  like: (at: Resolved) => Resolved
}

function* searchLeast(resolved: Resolved, { search, last, size, like }: Least): Search<Fewest | null> {
  const asIs = yield* search([])
  if (asIs) return { at: asIs, strategies: [] }
  const combined = combinedStrategies(resolved).slice(1)
  // All of them hold it on the least; but accumulated gradients outlive a step, so that without them it may be less.
  let found: Resolved | null = null
  for (const strategies of combined.filter((set) => set.length + 1 >= (combined.at(-1)?.length ?? 0))) {
    yield
    if (!holds(withStrategies(last, strategies))) continue
    const at = yield* search(strategies)
    if (at && (!found || size(at) < size(found))) found = at
  }
  if (!found) return null
  for (const strategies of combined) {
    yield
    const at = withStrategies(like(found), strategies)
    if (holds(at)) return { at, strategies: inForce(at, strategies) }
  }
  return null
}

export const onFewest = (resolved: Resolved): Fewest | null => finished(searchFewestWith(resolved))

/** The scenario on another number of GPUs, the degrees left to the runtime. */
export function withCount(resolved: Resolved, count: number): Resolved {
  const { scenario } = resolved
  const parallelism = { ...scenario.parallelism, tensor: null, pipeline: null, data: null }
  return { ...resolved, scenario: { ...scenario, hardware: { ...scenario.hardware, count }, parallelism } }
}

/** Data centre before workstation before GeForce, newest first, as the catalogue lists them; a custom GPU first of all. */
const places = new Map(gpus.map(({ id }, place) => [id, place]))

/** How commonly met: popular, known to many, others. */
const rarity = ({ id }: Gpu) => (popularGpus.includes(id) ? 0 : commonGpus.includes(id) ? 1 : 2)

/**
 * Which of two GPUs is the smaller: by the memory that programs can use. Among equals cards come before laptops and chips that share the computer's
 * memory, then what is commonly met, then the catalogue decides, so that everybody names the same.
 */
export const bySize = (a: Gpu, b: Gpu): number =>
  capacityBytes(a) - capacityBytes(b) ||
  Number(isCard(b)) - Number(isCard(a)) ||
  rarity(a) - rarity(b) ||
  (places.get(a.id) ?? -1) - (places.get(b.id) ?? -1)

/**
 * Whether a GPU can be had as a card or module: laptops and chips that share the computer's memory come one to a machine; TPUs and Gaudis run
 * what was made for them.
 */
export const isCard = ({ maxPerNode, arch }: Gpu): boolean =>
  maxPerNode !== null && maxPerNode > 1 && arch !== 'TPU' && arch !== 'Gaudi'

/** The smallest card of the catalogue, whoever made it, on which the scenario, otherwise as it is, runs and is not out of memory; null when none will do. */
export function* searchSmallest(resolved: Resolved): Search<Gpu | null> {
  for (const gpu of cards) {
    const other = withGpu(resolved, gpu)
    if (!obstacleTo(other) && holds(other)) return gpu
    yield
  }
  return null
}

/** The same, where none will do as it is with as few strategies as are enough. */
export function* searchSmallestWith(resolved: Resolved): Search<Fewest | null> {
  return yield* searchLeast(resolved, {
    *search(strategies) {
      const at = withStrategies(resolved, strategies)
      const gpu = yield* searchSmallest(at)
      return gpu && withGpu(at, gpu)
    },
    last: withGpu(resolved, cards[cards.length - 1]),
    size: ({ gpu }) => cards.indexOf(gpu),
    like: ({ gpu }) => withGpu(resolved, gpu),
  })
}

const cards = gpus.filter(isCard).sort(bySize)

/** The scenario on another GPU. */
export const withGpu = (resolved: Resolved, gpu: Gpu): Resolved => ({
  ...resolved,
  gpu,
  scenario: { ...resolved.scenario, hardware: { ...resolved.scenario.hardware, gpu: gpu.id } },
})

/** Whether a scenario exists and no stage of it is out of memory. */
const holds = (resolved: Resolved): boolean => (verdictOf(resolved) ?? 'oom') !== 'oom'

/** How a scenario fares, by the compiled model; null for one that cannot exist. */
export function verdictOf(resolved: Resolved): Verdict | null {
  try {
    const { ranks } = lowerAll(resolved)
    const { batch, sequence } = resolved.scenario
    const { program, value } = compiled(structureOf(ranks[0].flags))
    const [total, capacity, safe] = [value('total'), value('capacity'), value('safeCapacity')]
    const column = new Float64Array(program.columnResults)
    let verdict: Verdict = 'fits'
    for (const { inputs } of ranks) {
      program.setSlice(inputs)
      program.column(sequence, column, 0)
      const used = total(column, 0, batch)
      if (used > capacity(column, 0, batch)) return 'oom'
      if (used > safe(column, 0, batch)) verdict = 'tight'
    }
    return verdict
  } catch (error) {
    if (error instanceof ScenarioError) return null
    throw error
  }
}
