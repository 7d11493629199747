/** The two answers about hardware as changes to the scenario: fewest GPUs, smallest card. What they mean is defined by src/memory/fewest.ts. */
import type { Gpu } from '../../hardware/gpu.ts'
import {
  mostTried,
  type Search,
  searchFewestWith,
  searchSmallestWith,
  withCount,
  withGpu,
} from '../../memory/fewest.ts'
import { figures, type Verdict } from '../../memory/figures.ts'
import { fp16Changes, obstacleTo } from '../../memory/runnable.ts'
import { changesWith, sharing, withStrategies } from '../../memory/strategies.ts'
import { trainingPart } from '../../memory/training-part.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import { formatBytes, formatInteger } from '../../units.ts'
import { runtimeNames } from '../options.ts'
import type { Change } from '../state/document.ts'
import { gpuName } from '../words.ts'

/** An answer in a word, what it means, and the changes that make the scenario so: none when it is so already, or nothing will do. */
export interface Hint {
  text: string
  title: string
  changes: Change[]
  /** What has to be done beside it: `with ZeRO 3`. */
  needs?: string
  /** How the scenario fares there, with the bytes to spare. */
  there?: { verdict: Verdict; headroom: number }
}

export interface FewestHint extends Hint {
  /** How many they are, and what else changes: `4 GPUs, ZeRO 3`; null where none will do. */
  found: { count: number; label: string; asIs: boolean } | null
}

export function* fewestHint(resolved: Resolved): Search<FewestHint> {
  const title = 'The fewest of this GPU that hold the load: any number up to 8, then whole machines of 8'
  const obstacle = obstacleTo(withCount(resolved, 1))
  const none = { changes: [], found: null }
  if (obstacle) return { text: 'none will do', title: obstacle.message, ...none }
  const fewest = yield* searchFewestWith(resolved)
  if (!fewest) {
    const tried = formatInteger(mostTried(resolved))
    const text = tried === '1' ? 'none will do' : `none ≤ ${tried}`
    return { text, title: `${title}; not even ${tried} ${tried === '1' ? 'does' : 'do'}`, ...none }
  }
  const { at, strategies } = fewest
  const { count } = at.scenario.hardware
  const names = strategies.map(({ name }) => name)
  const copies = copiesSaved(resolved, at)
  const how = names.length > 0 ? `, with ${names.join(' and ')}: as it is, no number of them does` : ''
  return {
    text: formatInteger(count),
    title: `${title}${how}${copies}`,
    needs: names.length > 0 ? `with ${names.join(', ')}` : copies ? 'without DDP' : undefined,
    changes: changesTo(resolved, at),
    there: faring(at),
    found: {
      count,
      label: [count === 1 ? '1 GPU' : `${formatInteger(count)} GPUs`, ...names].join(', '),
      asIs: names.length === 0,
    },
  }
}

/** Why one GPU can hold what several do not: replicas copy every gradient into buckets. Empty where that is not the reason. */
function copiesSaved(resolved: Resolved, { scenario }: Resolved): string {
  const { hardware, parallelism, task, runtime } = resolved.scenario
  const { count } = hardware
  const replicas = task !== 'inference' && runtime !== 'guide' && !parallelism.zero && count > 1
  if (!replicas || scenario.hardware.count > 1 || trainingPart().defaults(scenario).wrapper !== 'ddp') return ''
  const { verdict, perGpu } = figures(resolved)
  if (verdict !== 'oom' || perGpu.communication === 0) return ''
  return `. Each of ${formatInteger(count)} replicas has ${formatBytes(perGpu.communication)} of buckets that one GPU alone does without`
}

export interface SmallestHint extends Hint {
  found: { gpu: Gpu; label: string } | null
}

export function* smallestHint(resolved: Resolved): Search<SmallestHint> {
  const { runtime, hardware } = resolved.scenario
  const { count } = hardware
  const runs = runtime === 'guide' ? '' : `on which ${runtimeNames[runtime]} runs and `
  const whom = count === 1 ? 'that holds the load alone' : `of which ${formatInteger(count)} hold the load`
  const title = `The card with the least memory that programs can use, whoever made it, ${runs}${whom}`
  const smallest = yield* searchSmallestWith(resolved)
  if (!smallest) return { text: 'none will do', title, changes: [], found: null }
  const { at, strategies } = smallest
  const { gpu } = at
  const names = strategies.map(({ name }) => name)
  const label = [gpuName(gpu.id), ...names].join(', ')
  const found = { gpu, label }
  if (gpu.id === resolved.gpu.id && names.length === 0) {
    return { text: 'this one', title: `${title}: ${label}`, changes: [], there: faring(at), found }
  }
  const changes = [...gpuChanges(resolved, gpu), ...trainingChanges(resolved, at)]
  const needs = names.length > 0 ? `with ${names.join(', ')}` : undefined
  return { text: gpuName(gpu.id), title: `${title}: ${label}`, needs, changes, there: faring(at), found }
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
  return changesTo(resolved, changesWith(other, sharing) ? withStrategies(other, [sharing]) : other)
}

function changesTo(from: Resolved, to: Resolved): Change[] {
  const { hardware, parallelism } = from.scenario
  const count = to.scenario.hardware.count
  const degrees = (['tensor', 'pipeline', 'data'] as const).flatMap((degree): Change[] => {
    const value = to.scenario.parallelism[degree]
    return value === parallelism[degree] ? [] : [{ path: `parallelism.${degree}`, value }]
  })
  const methods = trainingChanges(from, to)
  if (count === hardware.count && degrees.length + methods.length === 0) return []
  return [{ path: 'hardware.count', value: count }, ...degrees, ...methods]
}

/** What differs of how it is trained. */
const trainingChanges = ({ scenario: from }: Resolved, { scenario: to }: Resolved): Change[] =>
  [
    { path: 'batch', value: to.batch, before: from.batch },
    {
      path: 'training.gradientAccumulation',
      value: to.training.gradientAccumulation,
      before: from.training.gradientAccumulation,
    },
    { path: 'parallelism.zero', value: to.parallelism.zero, before: from.parallelism.zero },
    { path: 'training.checkpointing', value: to.training.checkpointing, before: from.training.checkpointing },
    { path: 'training.loss', value: to.training.loss, before: from.training.loss },
  ].flatMap(({ path, value, before }) => (value === before ? [] : [{ path, value }]))
