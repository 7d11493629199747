/** The smallest changes that make a scenario fit, each tried out by the memory model before it is offered. */
import { capacityBytes } from '../../hardware/gpu.ts'
import type { Estimate } from '../../memory/estimate.ts'
import type { Search } from '../../memory/fewest.ts'
import { obstacleTo, runningOn } from '../../memory/runnable.ts'
import { ScenarioError } from '../../scenario/parse.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import { formatInteger } from '../../units.ts'
import { runtimeNames } from '../options.ts'
import { type Change, changed } from '../state/document.ts'
import { type Answer, answerTo } from '../state/outcome.ts'
import { type Candidate, change, set, together } from './candidate.ts'
import { forHardware, type Hints, onCount, onNode, popularAbove, savings, searchHints, toGpu } from './hardware.ts'
import { lighter } from './lighter.ts'
import { searchMethods } from './methods.ts'

export interface Fix {
  label: string
  changes: Change[]
  estimate: Estimate
}

/** Changes worth trying, the least intrusive first; of those that change the same thing first, the first that fits is offered. */
function candidates(answer: Answer, hints: Hints): Candidate[] {
  const [before, after] = lighter(answer.resolved)
  return [...before, ...forLoad(answer), ...after, ...forHardware(answer, hints)]
}

/** Tokens the model was made for. */
export const contextOf = ({ architecture }: Resolved) => architecture.maxPositionEmbeddings ?? Number.POSITIVE_INFINITY

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

/** Other runtimes, where the scenario's own does not run on its GPU. */
const elsewhere = ({ resolved }: Answer): Candidate[] =>
  obstacleTo(resolved)
    ? runningOn(resolved).map((runtime) => change(runtimeNames[runtime], set('runtime', runtime)))
    : []

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
