/** The smallest changes that make a scenario fit, each tried out by the memory model before it is offered. */

import { gpus } from '../../hardware/catalogue.ts'
import { capacityBytes, type Gpu } from '../../hardware/gpu.ts'
import type { Estimate } from '../../memory/estimate.ts'
import type { Search } from '../../memory/fewest.ts'
import { obstacleTo, runningOn } from '../../memory/runnable.ts'
import { ScenarioError } from '../../scenario/parse.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import type { Scenario } from '../../scenario/schema.ts'
import { formatInteger, formatTokens } from '../../units.ts'
import { popularGpus, runtimeNames } from '../options.ts'
import { type Change, changed } from '../state/document.ts'
import { type Answer, answerTo } from '../state/outcome.ts'
import { gpuName } from '../words.ts'
import { countChanges, gpuChanges } from './fewest.ts'

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
}

const change = (label: string, ...changes: Change[]): Candidate => ({ label, changes })
const set = (path: string, value: unknown): Change => ({ path, value })

/** Several changes as one: `QLoRA, checkpointing full`. */
const together = (...parts: Candidate[]): Candidate => ({
  label: parts.map(({ label }, i) => (i ? label.replace(/^[A-Z](?=[a-z])/, (c) => c.toLowerCase()) : label)).join(', '),
  changes: parts.flatMap(({ changes }) => changes),
})

/** Changes worth trying, the least intrusive first; of those that change the same thing first, the first that fits is offered. */
function candidates(answer: Answer): Candidate[] {
  const { scenario } = answer.resolved
  const [before, after] = scenario.task === 'inference' ? forInference(scenario) : forTraining(scenario)
  return [...before, ...forLoad(answer), ...after, ...forHardware(answer)]
}

/** Cache and weights in fewer bits, as the runtime can hold them. */
function forInference({ runtime, precision }: Scenario): [before: Candidate[], after: Candidate[]] {
  const [cache, weights] = smaller[runtime] ?? smaller.transformers!
  const quantised = change(`${cache.toUpperCase()} KV cache`, set('precision.kvCache', cache))
  const caches = precision.kvCache === null ? [quantised] : []
  const lighter = weights
    .filter(([value]) => precision.weights !== value)
    .map(([value, label]) => change(`${label} weights`, set('precision.weights', value)))
  const both = caches.flatMap((less) => lighter.slice(-1).map((least) => together(least, less)))
  return [caches, [...lighter, ...both]]
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

/** Activations first, then what is trained, then both. */
function forTraining({ runtime, task, training, hardware, parallelism }: Scenario): [Candidate[], Candidate[]] {
  const guide = runtime === 'guide'
  const lean = guide
    ? []
    : [
        ...(training.checkpointing === 'full'
          ? []
          : [change('Checkpointing full', set('training.checkpointing', 'full'))]),
        ...(training.loss === 'fused' ? [] : [change('Fused loss', set('training.loss', 'fused'))]),
      ]
  const leaner = lean.length === 2 ? [...lean, together(...lean)] : lean
  const eightBit = change('8-bit AdamW', set('training.optimizer', 'adamw-8bit'))
  const lora = change('LoRA', set('task', 'lora'))
  const qlora = change('QLoRA', set('task', 'qlora'))
  const shared = change('ZeRO stage 3', set('parallelism.zero', 3))
  return [
    [...leaner, ...(!guide && task === 'full' && training.optimizer === 'adamw' ? [eightBit] : [])],
    [
      ...(task === 'full' ? [lora] : []),
      ...(task === 'qlora' ? [] : [qlora, ...leaner.map((less) => together(qlora, less))]),
      ...(!guide && hardware.count > 1 && parallelism.zero !== 3 ? [shared] : []),
    ],
  ]
}

/** Shorter sequences, smaller batches. */
function forLoad({ resolved: { scenario }, estimate: { maxSequence, maxBatch } }: Answer): Candidate[] {
  return [
    ...(maxSequence > 0 && maxSequence < scenario.sequence
      ? [change(`Sequence ≤ ${formatInteger(maxSequence)}`, set('sequence', maxSequence))]
      : []),
    ...(maxBatch > 0 && maxBatch < scenario.batch
      ? [change(`Batch ≤ ${formatInteger(maxBatch)}`, set('batch', maxBatch))]
      : []),
  ]
}

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

/** More GPUs, larger ones, more of larger ones. */
function forHardware({ resolved }: Answer): Candidate[] {
  const { scenario, gpu } = resolved
  const more = [2, 4, 8].map((times) => onCount(resolved, scenario.hardware.count * times))
  const larger = popularAbove(capacityBytes(gpu)).map((other) => ({ ...toGpu(resolved, other), nodeOf: other.vendor }))
  const nodes = [2, 4, 8]
    .filter((count) => count > scenario.hardware.count)
    .flatMap((count) =>
      larger.map(({ label, changes, nodeOf }) => ({
        ...change(`${count} × ${label}`, ...changes, ...countChanges(resolved, count)),
        nodeOf,
      })),
    )
  return [...more, ...larger.map(({ label, changes }) => change(label, ...changes)), ...nodes]
}

/** What people compare a scenario with, whether it fits or not: other precisions or methods, hardware and, where it does fit, twice the load. */
export function alternatives(answer: Answer): Candidate[] {
  const { resolved, estimate } = answer
  const { scenario, gpu } = resolved
  const { batch, sequence, hardware } = scenario
  const [before, after] = scenario.task === 'inference' ? forInference(scenario) : forTraining(scenario)
  const twice = hardware.count * 2
  const twiceTheLoad = [
    change(`Batch ${formatInteger(batch * 2)}`, set('batch', batch * 2)),
    change(`${formatTokens(sequence * 2)} tokens`, set('sequence', sequence * 2)),
  ]
  return [
    ...[...before, ...after].filter(({ changes }) => changes.length === 1),
    change(`${formatInteger(twice)} GPUs`, ...countChanges(resolved, twice)),
    ...popularAbove(1.05 * capacityBytes(gpu))
      .slice(0, 1)
      .map((other) => toGpu(resolved, other)),
    ...(estimate.verdict === 'oom' ? [] : [...savings(answer).slice(0, 2), ...twiceTheLoad]),
  ]
}

const toGpu = (resolved: Resolved, gpu: Gpu): Candidate => change(gpuName(gpu.id), ...gpuChanges(resolved, gpu))

/** Other runtimes, where the scenario's own does not run on its GPU. */
const elsewhere = ({ resolved }: Answer): Candidate[] =>
  obstacleTo(resolved)
    ? runningOn(resolved).map((runtime) => change(runtimeNames[runtime], set('runtime', runtime)))
    : []

/** Less that still holds the load: half the GPUs, smaller cards, the closest first. */
function savings({ resolved }: Answer): Candidate[] {
  const { scenario, gpu } = resolved
  const { count } = scenario.hardware
  const smaller = gpus
    .filter(({ id, vendor }) => vendor === gpu.vendor && commonGpus.includes(id))
    // A hair less is no saving: an H100 of 80 GB beside an A100 of 80 GB.
    .filter((card) => capacityBytes(card) < 0.95 * capacityBytes(gpu))
    .sort((a, b) => capacityBytes(b) - capacityBytes(a))
  return [
    ...(count > 1 && count % 2 === 0
      ? [change(count === 2 ? '1 GPU' : `${formatInteger(count / 2)} GPUs`, set('hardware.count', count / 2))]
      : []),
    ...smaller.map((card) => toGpu(resolved, card)),
  ]
}

/** Cards that many people have, besides the popular ones. */
const commonGpus = [
  ...popularGpus,
  'T4',
  'L4',
  'A10G',
  'A100-SXM-40GB',
  'RTX-3060-12GB',
  'RTX-3090',
  'RTX-4080',
  'RTX-4070',
  'RX-7900-XTX',
  'MI210',
]

const same = (a: Change, b: Change) => a.path === b.path && a.value === b.value

/** At most this many are offered. */
const MOST = 6

/**
 * Changes worth offering, each tried out: what makes a scenario fit that does not or is tight, of each kind the smallest; for one that fits what
 * would do as well.
 */
export function* searchFixes(answer: Answer): Search<Fix[]> {
  const { verdict } = answer.estimate
  const found = new Map<string, Fix>()
  for (const { label, changes, nodeOf } of [
    ...elsewhere(answer),
    ...(verdict === 'fits' ? savings(answer) : candidates(answer)),
  ]) {
    if (found.size === MOST) break
    const kind = verdict === 'fits' ? label : (nodeOf ?? changes[0].path)
    if (found.has(kind) || (nodeOf && (found.has('hardware.count') || found.has('hardware.gpu')))) continue
    // What a part of it does alone is not offered with more.
    if ([...found.values()].some((fix) => fix.changes.every((part) => changes.some((one) => same(one, part))))) continue
    yield
    const estimate = attempt(answer, changes)
    if (!estimate || estimate.verdict === 'oom') continue
    if (verdict === 'tight' && estimate.verdict !== 'fits') continue
    // A checkpoint may be published in less than what is offered.
    if (kind === 'precision.weights' && estimate.perGpu.weights >= answer.estimate.perGpu.weights) continue
    found.set(kind, { label, changes, estimate })
  }
  const bought = [...found.values()].every(({ changes }) => changes[0].path.startsWith('hardware.'))
  const pair = verdict === 'oom' && bought ? yield* searchPair(answer, found.get('hardware.count')) : null
  return pair ? [pair, ...found.values()] : [...found.values()]
}

/** A lighter precision or method on the fewest GPUs of a machine that hold it, where neither alone does: with room if any has room. */
function* searchPair(answer: Answer, alone: Fix | undefined): Search<Fix | null> {
  const { resolved, estimate } = answer
  const { scenario } = resolved
  const [before, after] = scenario.task === 'inference' ? forInference(scenario) : forTraining(scenario)
  const lighter: Candidate[] = []
  for (const one of [...before, ...after]) {
    const weighs = one.changes.some(({ path }) => path === 'precision.weights')
    yield
    if (!weighs || (attempt(answer, one.changes)?.perGpu.weights ?? 0) < estimate.perGpu.weights) lighter.push(one)
  }
  const enough = Number(alone?.changes[0].value ?? Number.POSITIVE_INFINITY)
  let tight: Fix | null = null
  for (const count of [2, 4, 8].filter((count) => count > scenario.hardware.count && count < enough)) {
    for (const less of lighter) {
      const { label, changes } = together(less, onCount(resolved, count))
      yield
      const tried = attempt(answer, changes)
      if (tried?.verdict === 'fits') return { label, changes, estimate: tried }
      if (tried?.verdict === 'tight') tight ??= { label, changes, estimate: tried }
    }
  }
  return tight
}

/** The estimate of a changed scenario; null for one that cannot exist, or cannot run. */
export function attempt({ input }: Pick<Answer, 'input'>, changes: readonly Change[]): Estimate | null {
  try {
    const { resolved, estimate } = answerTo(changed(input, changes))
    return obstacleTo(resolved) ? null : estimate
  } catch (error) {
    if (error instanceof ScenarioError) return null
    throw error
  }
}
