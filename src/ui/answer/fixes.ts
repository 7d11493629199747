/** The smallest changes that make a scenario fit, each tried out by the memory model before it is offered. */

import { gpus } from '../../hardware/catalogue.ts'
import { commonGpus } from '../../hardware/common.ts'
import { capacityBytes, type Gpu } from '../../hardware/gpu.ts'
import type { Estimate } from '../../memory/estimate.ts'
import { bySize, type Search } from '../../memory/fewest.ts'
import { schemeOf } from '../../memory/lower.ts'
import { obstacleTo, runningOn } from '../../memory/runnable.ts'
import { ScenarioError } from '../../scenario/parse.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import type { Scenario } from '../../scenario/schema.ts'
import { formatInteger, formatTokens } from '../../units.ts'
import { popularGpus, runtimeNames } from '../options.ts'
import { type Change, changed } from '../state/document.ts'
import { type Answer, answerTo } from '../state/outcome.ts'
import { gpuName } from '../words.ts'
import { countChanges, type FewestHint, fewestHint, gpuChanges, type SmallestHint, smallestHint } from './fewest.ts'
import { searchMethods, singleMethods } from './methods.ts'

export interface Fix {
  label: string
  changes: Change[]
  estimate: Estimate
}

export interface Candidate {
  label: string
  changes: Change[]
  /** A node of larger cards, and whose: offered where neither more GPUs nor a larger one does. */
  nodeOf?: string
  /** Of which at most one is offered; the field that is changed first where it is left out. */
  kind?: string
}

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

const change = (label: string, ...changes: Change[]): Candidate => ({ label, changes })
const set = (path: string, value: unknown): Change => ({ path, value })

/** Several changes as one: `QLoRA, checkpointing full`. */
const together = (...parts: Candidate[]): Candidate => ({
  label: parts
    .map(({ label }, i) => (i ? label.replace(/^[A-Z](?=[a-z]+\b)/, (c) => c.toLowerCase()) : label))
    .join(', '),
  changes: parts.flatMap(({ changes }) => changes),
})

/** Changes worth trying, the least intrusive first; of those that change the same thing first, the first that fits is offered. */
function candidates(answer: Answer, hints: Hints): Candidate[] {
  const [before, after] = lighter(answer.resolved)
  return [...before, ...forLoad(answer), ...after, ...forHardware(answer, hints)]
}

/** Cache and weights in fewer bits, as the runtime can hold them. Other ways to train are looked for (methods.ts). */
function lighter(resolved: Resolved): [before: Candidate[], after: Candidate[]] {
  const { runtime, precision, task } = resolved.scenario
  if (task !== 'inference') return [[], forTraining(resolved.scenario)]
  const [cache, weights] = smaller[runtime] ?? smaller.transformers!
  const quantised = change(`${cache.toUpperCase()} KV cache`, set('precision.kvCache', cache))
  const caches = precision.kvCache === null ? [quantised] : []
  // What is published in as few bits is not quantised again.
  const { bitsNominal } = schemeOf(resolved)
  const fewer = weights
    .filter(([value]) => schemeOf(inWeights(resolved, value)).bitsNominal < bitsNominal)
    .map(([value, label]) => change(`${label} weights`, set('precision.weights', value)))
  const both = caches.flatMap((less) => fewer.slice(-1).map((least) => together(least, less)))
  return [caches, [...fewer, ...both]]
}

const inWeights = (resolved: Resolved, weights: string): Resolved => {
  const { scenario } = resolved
  return { ...resolved, scenario: { ...scenario, precision: { ...scenario.precision, weights } } }
}

/** Per runtime a smaller cache, and smaller weights, largest first. */
const served = [
  'fp8',
  [
    ['fp8', 'FP8'],
    ['awq-int4', 'AWQ 4-bit'],
  ],
] as const
const smaller: Partial<Record<Scenario['runtime'], readonly [string, readonly (readonly [string, string])[]]>> = {
  vllm: served,
  sglang: served,
  'tensorrt-llm': served,
  'llama.cpp': [
    'q8_0',
    [
      ['q8_0', 'Q8_0'],
      ['q4_k_m', 'Q4_K_M'],
    ],
  ],
  guide: [
    'int8',
    [
      ['int8', 'INT8'],
      ['int4', 'INT4'],
    ],
  ],
  transformers: [
    'int8',
    [
      ['int8', 'LLM.int8'],
      ['nf4', 'NF4'],
    ],
  ],
}

/** The rule of thumb knows methods only. Others are looked for (methods.ts). */
function forTraining({ runtime, task }: Scenario): Candidate[] {
  if (runtime !== 'guide') return []
  const lora = change('LoRA', set('task', 'lora'))
  const qlora = change('QLoRA', set('task', 'qlora'))
  return task === 'full' ? [lora, qlora] : task === 'lora' ? [qlora] : []
}

/** Shorter sequences, no longer than the model can use; smaller batches, which training accumulates (methods.ts). */
function forLoad({ resolved, estimate: { maxSequence, maxBatch } }: Answer): Candidate[] {
  const { batch, sequence, task, runtime } = resolved.scenario
  const longest = Math.min(maxSequence, contextOf(resolved))
  return [
    ...(longest > 0 && longest < sequence
      ? [change(`Sequence ≤ ${formatInteger(longest)}`, set('sequence', longest))]
      : []),
    ...(maxBatch > 0 && maxBatch < batch && (task === 'inference' || runtime === 'guide')
      ? [change(`Batch ≤ ${formatInteger(maxBatch)}`, set('batch', maxBatch))]
      : []),
  ]
}

/** Tokens the model was made for. */
const contextOf = ({ architecture }: Resolved) => architecture.maxPositionEmbeddings ?? Number.POSITIVE_INFINITY

/** GPUs people can get with at least so many bytes, smaller first. */
const popularAbove = (bytes: number) =>
  popularGpus
    .flatMap((id) => gpus.find((known) => known.id === id) ?? [])
    .filter((other) => capacityBytes(other) > bytes)

function onCount(resolved: Resolved, count: number): Candidate {
  const changes = countChanges(resolved, count)
  const shared = changes.some(({ path }) => path === 'parallelism.zero')
  return change(`${formatInteger(count)} GPUs${shared ? ', ZeRO stage 3' : ''}`, ...changes)
}

const onNode = (resolved: Resolved, count: number, { label, changes }: Candidate): Candidate =>
  change(`${count} × ${label}`, ...changes, ...countChanges(resolved, count))

/** Other numbers of GPUs, larger ones, more of larger ones: the fewest and the smallest that hold it are those the answers name. */
function forHardware({ resolved }: Answer, { fewest, smallest }: Hints): Candidate[] {
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

/** What people compare a scenario with, whether it fits or not: other precisions or methods, hardware and, where it does fit, twice the load. */
export function alternatives(answer: Answer): Candidate[] {
  const { resolved, estimate } = answer
  const { scenario, gpu } = resolved
  const { batch, sequence, hardware, task, runtime } = scenario
  const trains = task !== 'inference' && runtime !== 'guide'
  const single = trains
    ? singleMethods(resolved)
    : lighter(resolved)
        .flat()
        .filter(({ changes }) => changes.length === 1)
  const twice = hardware.count * 2
  const closest = [
    ...halved(resolved),
    ...smallerCards(resolved)
      .reverse()
      .map((card) => toGpu(resolved, card)),
  ]
  const longer = sequence * 2 <= contextOf(resolved) || sequence > contextOf(resolved)
  const twiceTheLoad = [
    change(`Batch ${formatInteger(batch * 2)}`, set('batch', batch * 2)),
    ...(longer ? [change(`${formatTokens(sequence * 2)} tokens`, set('sequence', sequence * 2))] : []),
  ]
  return [
    ...single,
    change(`${formatInteger(twice)} GPUs`, ...countChanges(resolved, twice)),
    ...popularAbove(1.05 * capacityBytes(gpu))
      .slice(0, 1)
      .map((other) => toGpu(resolved, other)),
    ...(estimate.verdict === 'oom' ? [] : [...closest.slice(0, 2), ...twiceTheLoad]),
  ]
}

const toGpu = (resolved: Resolved, gpu: Gpu): Candidate => change(gpuName(gpu.id), ...gpuChanges(resolved, gpu))

/** Other runtimes, where the scenario's own does not run on its GPU. */
const elsewhere = ({ resolved }: Answer): Candidate[] =>
  obstacleTo(resolved)
    ? runningOn(resolved).map((runtime) => change(runtimeNames[runtime], set('runtime', runtime)))
    : []

/** Less that still holds the load: the fewest GPUs and the smallest card, as the answers name them, then what is commonly met between. */
function savings({ resolved }: Answer, { fewest, smallest }: Hints): Candidate[] {
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

function halved({ scenario }: Resolved): Candidate[] {
  const { count } = scenario.hardware
  if (count % 2 === 1) return []
  return [change(count === 2 ? '1 GPU' : `${formatInteger(count / 2)} GPUs`, set('hardware.count', count / 2))]
}

/** A hair less is no saving: an H100 of 80 GB beside an A100 of 80 GB. */
const isLess = (card: Gpu, than: Gpu) => capacityBytes(card) < 0.95 * capacityBytes(than)

/** Cards of the same vendor that many people have, the smallest first; of those of one size the first. */
function smallerCards({ gpu }: Resolved): Gpu[] {
  const cards: Gpu[] = []
  const common = gpus.filter(({ id, vendor }) => vendor === gpu.vendor && commonGpus.includes(id))
  for (const card of common.filter((card) => isLess(card, gpu)).sort(bySize)) {
    const last = cards.at(-1)
    if (!last || isLess(last, card)) cards.push(card)
  }
  return cards
}

const same = (a: Change, b: Change) => a.path === b.path && a.value === b.value

/** At most this many are offered. */
const MOST = 8

/**
 * Changes worth offering, each tried out: what makes a scenario fit that does not or is tight, of each kind the smallest; for one that fits what
 * would do as well.
 */
export function* searchFixes(answer: Answer, known?: Hints): Search<Fix[]> {
  const { verdict } = answer.estimate
  const hints = known ?? (yield* searchHints(answer.resolved))
  const methods = verdict === 'fits' ? [] : yield* methodsFor(answer)
  const found = new Map<string, Fix>()
  for (const { label, changes, nodeOf, kind: given } of [
    ...elsewhere(answer),
    ...methods,
    ...(verdict === 'fits' ? savings(answer, hints) : candidates(answer, hints)),
  ]) {
    if (found.size === MOST) break
    const kind = verdict === 'fits' ? label : (given ?? nodeOf ?? changes[0].path)
    if (found.has(kind) || (nodeOf && (found.has('hardware.count') || found.has('hardware.gpu')))) continue
    // What a part of it does alone is not offered with more.
    const parts = [...found.values()].filter((fix) =>
      fix.changes.every((part) => changes.some((one) => same(one, part))),
    )
    if (!methods.some((method) => method.label === label) && parts.length > 0) continue
    yield
    const estimate = attempt(answer, changes)
    if (!estimate || estimate.verdict === 'oom') continue
    if (verdict === 'tight' && estimate.verdict !== 'fits') continue
    found.set(kind, { label, changes, estimate })
  }
  const bought = [...found.values()].every(({ changes }) => changes[0].path.startsWith('hardware.'))
  const pair = verdict === 'oom' && bought ? yield* searchPair(answer, [...found.values()]) : null
  return pair ? [pair, ...found.values()] : [...found.values()]
}

/** Ways to train in less memory, each a kind of its own. */
function* methodsFor({ input, resolved, estimate }: Answer): Search<Candidate[]> {
  const { task, runtime } = resolved.scenario
  if (task === 'inference' || runtime === 'guide') return []
  const methods = yield* searchMethods(input, resolved, estimate.verdict === 'tight')
  return methods.map(({ label, changes }) => ({ label, changes, kind: label }))
}

/** A lighter precision or method on the fewest GPUs of a machine that hold it, where neither alone does: with room if any has room. */
function* searchPair(answer: Answer, alone: Fix[]): Search<Fix | null> {
  const { resolved } = answer
  const { hardware, task, runtime } = resolved.scenario
  const known = alone.find(({ changes }) => changes[0].path === 'hardware.count')?.changes[0].value
  const enough = Number(known ?? Number.POSITIVE_INFINITY)
  const more = [2, 4, 8].filter((count) => count > hardware.count && count < enough).map((n) => onCount(resolved, n))
  // Where a machine of these does not either, one of larger cards.
  const larger =
    task === 'inference' || runtime === 'guide' || alone.length > 0 ? [] : popularAbove(capacityBytes(resolved.gpu))
  const nodes = larger.map((card) => onNode(resolved, 8, toGpu(resolved, card)))
  let tight: Fix | null = null
  for (const place of [...more, ...nodes]) {
    for (const less of yield* lighterOn(answer, place)) {
      const { label, changes } = task === 'inference' ? together(less, place) : together(place, less)
      yield
      const tried = attempt(answer, changes)
      if (tried?.verdict === 'fits') return { label, changes, estimate: tried }
      if (tried?.verdict === 'tight') tight ??= { label, changes, estimate: tried }
    }
    if (tight && nodes.includes(place)) break
  }
  return tight
}

/** What is worth trying on more GPUs. */
function* lighterOn(answer: Answer, { changes }: Candidate): Search<Candidate[]> {
  const { resolved } = answer
  if (resolved.scenario.task === 'inference') return lighter(resolved).flat()
  const there = attempted(answer, changes)
  return there ? yield* methodsFor(there) : []
}

/** The estimate of a changed scenario; null for one that cannot exist, or cannot run. */
export const attempt = (answer: Pick<Answer, 'input'>, changes: readonly Change[]): Estimate | null =>
  attempted(answer, changes)?.estimate ?? null

function attempted({ input }: Pick<Answer, 'input'>, changes: readonly Change[]): Answer | null {
  try {
    const answer = answerTo(changed(input, changes))
    return obstacleTo(answer.resolved) ? null : answer
  } catch (error) {
    if (error instanceof ScenarioError) return null
    throw error
  }
}
