/** GPUs that the memory model cannot tell apart, as one: every Mac with 16 GB holds the same, whichever its chip. */
import type { CustomGpu, Gpu } from '../../hardware/gpu.ts'
import type { Obstacle } from '../../memory/runnable.ts'
import { gpuName } from '../words.ts'

/** A GPU, or several that hold the same, and how a scenario names it. */
export interface ListedGpu {
  value: string | CustomGpu
  gpu: Gpu
  name: string
  /** Of several: all ids, and for Macs their chips. */
  ids?: readonly string[]
  chips?: string
  /** Why the scenario cannot run there. */
  obstacle: Obstacle | null
}

/** Everything the memory model and what runs where read of a GPU. */
const keyOf = ({ vendor, arch, memoryMiB, reserveMiB, link, maxPerNode }: Gpu) =>
  [vendor, arch, memoryMiB, reserveMiB, link, maxPerNode].join('|')

/** In the place of the first of each; `own` speaks for the others, when it is among them. */
export function folded(listed: readonly ListedGpu[], own?: string): ListedGpu[] {
  const groups = new Map<string, ListedGpu[]>()
  for (const each of listed) {
    const key = typeof each.value === 'string' ? keyOf(each.gpu) : 'own'
    groups.set(key, [...(groups.get(key) ?? []), each])
  }
  return [...groups.values()].map((group) => {
    if (group.length === 1) return group[0]
    const [first] = group
    const ids = group.map(({ gpu }) => gpu.id)
    const chips = first.gpu.vendor === 'Apple' ? chipsOf(ids) : ''
    return {
      ...(group.find(({ gpu }) => gpu.id === own) ?? first),
      ids,
      name: chips ? `Mac ${first.gpu.marketedGiB}GB` : ids.map(gpuName).join(' / '),
      chips,
    }
  })
}

/** `M1-16GB`, `M2-16GB`, `M3-16GB`, `M1-Pro-16GB` are `M1–M3, M1 Pro`. */
export function chipsOf(ids: readonly string[]): string {
  const tiers = new Map<string, number[]>()
  for (const id of ids) {
    const [, generation, tier = ''] = /^M(\d+)(?:-([A-Za-z]+))?-/.exec(id) ?? []
    if (generation) tiers.set(tier, [...(tiers.get(tier) ?? []), Number(generation)])
  }
  return [...tiers]
    .flatMap(([tier, generations]) => runs(generations).map((run) => (tier ? `${run} ${tier}` : run)))
    .join(', ')
}

/** Numbers that follow each other, as `M1–M3`. */
function runs(numbers: number[]): string[] {
  const found: [from: number, to: number][] = []
  for (const n of numbers.sort((a, b) => a - b)) {
    const last = found.at(-1)
    if (last && last[1] === n - 1) last[1] = n
    else found.push([n, n])
  }
  return found.map(([from, to]) => (from === to ? `M${from}` : `M${from}–M${to}`))
}
