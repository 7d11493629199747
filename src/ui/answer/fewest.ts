/** The two answers about hardware as changes to the scenario: fewest GPUs, smallest card. What they mean is defined by src/memory/fewest.ts. */
import type { Gpu } from '../../hardware/gpu.ts'
import { mostTried, type Search, searchFewest, searchSmallest, withCount, withGpu } from '../../memory/fewest.ts'
import { figures, type Verdict } from '../../memory/figures.ts'
import { fp16Changes, obstacleTo } from '../../memory/runnable.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import { formatInteger } from '../../units.ts'
import { runtimeNames } from '../options.ts'
import type { Change } from '../state/document.ts'
import { gpuName } from '../words.ts'

/** An answer in a word, what it means, and the changes that make the scenario so: none when it is so already, or nothing will do. */
export interface Hint {
  text: string
  title: string
  changes: Change[]
  /** How the scenario fares there, with the bytes to spare. */
  there?: { verdict: Verdict; headroom: number }
}

export function* fewestHint(resolved: Resolved): Search<Hint> {
  const title = 'The fewest of this GPU that hold the load: any number up to 8, then whole machines of 8'
  const obstacle = obstacleTo(withCount(resolved, 1))
  if (obstacle) return { text: 'none will do', title: obstacle.message, changes: [] }
  const found = yield* searchFewest(resolved)
  if (found) return { text: inWords(found), title, changes: changesTo(resolved, found), there: faring(found) }
  // Data-parallel replicas each hold everything, however many there are; their states can be shared out.
  const apart = sharing(resolved)
  const shared = apart && (yield* searchFewest(apart))
  if (!shared) {
    const tried = formatInteger(mostTried(resolved))
    const text = tried === '1' ? 'none will do' : `none ≤ ${tried}`
    return { text, title: `${title}; not even ${tried} ${tried === '1' ? 'does' : 'do'}`, changes: [] }
  }
  const text = `${inWords(shared)}, ZeRO 3`
  return {
    text,
    title: `${title}, with weights and states shared out by ZeRO stage 3`,
    changes: changesTo(resolved, shared),
    there: faring(shared),
  }
}

export function* smallestHint(resolved: Resolved): Search<Hint> {
  const { runtime, hardware } = resolved.scenario
  const { count } = hardware
  const runs = runtime === 'guide' ? '' : `on which ${runtimeNames[runtime]} runs and `
  const whom = count === 1 ? 'that holds the load alone' : `of which ${formatInteger(count)} hold the load`
  const title = `The card with the least memory, whoever made it, ${runs}${whom}`
  const gpu = yield* searchSmallest(resolved)
  if (!gpu) return { text: 'none will do', title, changes: [] }
  return { text: gpuName(gpu.id), title, changes: gpuChanges(resolved, gpu), there: faring(withGpu(resolved, gpu)) }
}

/** The first that holds a load may hold it with next to nothing to spare. */
function faring(resolved: Resolved): Hint['there'] {
  const { verdict, capacity, perGpu } = figures(resolved)
  return { verdict, headroom: capacity - perGpu.total }
}

/** The changes to another GPU: 16 bits are computed in the format it has. */
export const gpuChanges = (resolved: Resolved, gpu: Gpu): Change[] => [
  { path: 'hardware.gpu', value: gpu.id },
  ...fp16Changes(withGpu(resolved, gpu)),
]

/** The changes to another number of GPUs. Degrees that were said are left to the runtime; training states are shared out. */
export function countChanges(resolved: Resolved, count: number): Change[] {
  const other = withCount(resolved, count)
  return changesTo(resolved, count > 1 ? (sharing(other) ?? other) : other)
}

/** With ZeRO stage 3, where that is another scenario. */
function sharing(resolved: Resolved): Resolved | null {
  const { scenario } = resolved
  const { task, runtime, parallelism } = scenario
  if (task === 'inference' || runtime === 'guide' || parallelism.zero === 3) return null
  return { ...resolved, scenario: { ...scenario, parallelism: { ...parallelism, zero: 3 } } }
}

const inWords = ({ scenario }: Resolved) => formatInteger(scenario.hardware.count)

function changesTo({ scenario: from }: Resolved, { scenario: to }: Resolved): Change[] {
  const changes: Change[] = [{ path: 'hardware.count', value: to.hardware.count }]
  for (const degree of ['tensor', 'pipeline', 'data', 'zero'] as const) {
    const value = to.parallelism[degree]
    if (value !== from.parallelism[degree]) changes.push({ path: `parallelism.${degree}`, value })
  }
  return changes.length === 1 && to.hardware.count === from.hardware.count ? [] : changes
}
