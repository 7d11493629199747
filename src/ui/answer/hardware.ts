/** Other hardware for a scenario: more of its GPU, larger ones, or less that would do. */
import { gpus } from '../../hardware/catalogue.ts'
import { commonGpus } from '../../hardware/common.ts'
import { capacityBytes, type Gpu } from '../../hardware/gpu.ts'
import { bySize, type Search } from '../../memory/fewest.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import { formatInteger } from '../../units.ts'
import { popularGpus } from '../options.ts'
import type { Answer } from '../state/outcome.ts'
import { gpuName } from '../words.ts'
import { type Candidate, change, set } from './candidate.ts'
import { countChanges, type FewestHint, fewestHint, gpuChanges, type SmallestHint, smallestHint } from './fewest.ts'

/** What hardware would do, as the answers name it. */
export interface Hints {
  fewest: FewestHint
  smallest: SmallestHint
}

export function* searchHints(resolved: Resolved): Search<Hints> {
  const fewest = yield* fewestHint(resolved)
  const smallest = yield* smallestHint(resolved)
  return { fewest, smallest }
}

/** GPUs people can get with at least so many bytes, smaller first. */
export const popularAbove = (bytes: number) =>
  popularGpus
    .flatMap((id) => gpus.find((known) => known.id === id) ?? [])
    .filter((other) => capacityBytes(other) > bytes)

export function onCount(resolved: Resolved, count: number): Candidate {
  const changes = countChanges(resolved, count)
  const shared = changes.some(({ path }) => path === 'parallelism.zero')
  return change(`${formatInteger(count)} GPUs${shared ? ', ZeRO stage 3' : ''}`, ...changes)
}

export const onNode = (resolved: Resolved, count: number, { label, changes }: Candidate): Candidate =>
  change(`${count} × ${label}`, ...changes, ...countChanges(resolved, count))

/** Other numbers of GPUs, larger ones, more of larger ones: the fewest and the smallest that hold it are those the answers name. */
export function forHardware({ resolved }: Answer, { fewest, smallest }: Hints): Candidate[] {
  const { scenario, gpu } = resolved
  const { count } = scenario.hardware
  const { found } = fewest
  // Fewer with other methods are the answer's; here what is offered is these methods.
  const near = found && found.count <= 8 * count && (found.count > count || found.asIs)
  const few = near ? [change(found.label, ...fewest.changes)] : []
  const more = [2, 4, 8].map((times) => onCount(resolved, count * times))
  const larger = popularAbove(capacityBytes(gpu)).map((other) => ({ ...toGpu(resolved, other), nodeOf: other.vendor }))
  const card = smallest.found ? [change(smallest.found.label, ...smallest.changes)] : []
  // Beside one that few people have, one they do.
  const rare = smallest.found !== null && !commonGpus.includes(smallest.found.gpu.id)
  const popular = larger.map(({ label, changes }) => ({
    ...change(label, ...changes),
    ...(rare ? { kind: 'popular' } : {}),
  }))
  const nodes = [2, 4, 8]
    .filter((count) => count > scenario.hardware.count)
    .flatMap((count) =>
      larger.map(({ label, changes, nodeOf }) => ({ ...onNode(resolved, count, change(label, ...changes)), nodeOf })),
    )
  return [...few, ...more, ...card, ...popular, ...nodes].filter(({ changes }) => changes.length > 0)
}

export const toGpu = (resolved: Resolved, gpu: Gpu): Candidate => change(gpuName(gpu.id), ...gpuChanges(resolved, gpu))

/** Less that still holds the load: the fewest GPUs and the smallest card, as the answers name them, then what is commonly met between. */
export function savings({ resolved }: Answer, { fewest, smallest }: Hints): Candidate[] {
  const { count } = resolved.scenario.hardware
  const few = fewest.found && fewest.found.count < count ? [change(fewest.found.label, ...fewest.changes)] : []
  const half = fewest.found?.count === count / 2 ? [] : halved(resolved)
  const least = smallest.found && isLess(smallest.found.gpu, resolved.gpu) ? smallest.found : null
  const between = smallerCards(resolved).filter((card) => card.id !== least?.gpu.id)
  return [
    ...few,
    ...half,
    ...(least ? [change(least.label, ...smallest.changes)] : []),
    ...between.map((card) => toGpu(resolved, card)),
  ]
}

export function halved({ scenario }: Resolved): Candidate[] {
  const { count } = scenario.hardware
  if (count % 2 === 1) return []
  return [change(count === 2 ? '1 GPU' : `${formatInteger(count / 2)} GPUs`, set('hardware.count', count / 2))]
}

/** A hair less is no saving: an H100 of 80 GB beside an A100 of 80 GB. */
const isLess = (card: Gpu, than: Gpu) => capacityBytes(card) < 0.95 * capacityBytes(than)

/** Cards of the same vendor that many people have, the smallest first; of those of one size the first. */
export function smallerCards({ gpu }: Resolved): Gpu[] {
  const cards: Gpu[] = []
  const common = gpus.filter(({ id, vendor }) => vendor === gpu.vendor && commonGpus.includes(id))
  for (const card of common.filter((card) => isLess(card, gpu)).sort(bySize)) {
    const last = cards.at(-1)
    if (!last || isLess(last, card)) cards.push(card)
  }
  return cards
}
