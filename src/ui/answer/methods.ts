/**
 * What makes a training run fit, as an experienced trainer would go about it: switches one by one and combined, those first that change least. What
 * keeps the mathematics comes before another optimizer, another trainer, and training less. Each combination is put to the memory model.
 */

import { type Search, verdictOf } from '../../memory/fewest.ts'
import { figures } from '../../memory/figures.ts'
import { layoutOf, sharingGroup } from '../../memory/layout.ts'
import { obstacleTo } from '../../memory/runnable.ts'
import { accumulating, changesWith, fusing, recomputing, type Strategy } from '../../memory/strategies.ts'
import { trainingPart } from '../../memory/training-part.ts'
import { parseScenario, ScenarioError } from '../../scenario/parse.ts'
import { type Resolved, resolve } from '../../scenario/resolve.ts'
import type { Scenario, ScenarioInput } from '../../scenario/schema.ts'
import { formatBytes } from '../../units.ts'
import { runtimeNames, runtimesFor } from '../options.ts'
import { type Change, changed } from '../state/document.ts'
import { architectureOf } from '../state/models.ts'

export interface Method {
  label: string
  changes: Change[]
}

/** Something to switch, and how much it changes: costs of a combination add up. */
interface Switch extends Method {
  cost: number
}

const toSet = (label: string, cost: number, ...changes: Change[]): Switch => ({ label, cost, changes })
const set = (path: string, value: unknown): Change => ({ path, value })

/** Several as one: `ZeRO 3, full checkpointing`. */
const together = (parts: readonly Switch[]): Switch => ({
  label: capitalised(parts.map(({ label }) => label).join(', ')),
  changes: parts.flatMap(({ changes }) => changes),
  cost: parts.reduce((sum, { cost }) => sum + cost, 0),
})

const capitalised = (label: string) => label.replace(/^[a-z]/, (first) => first.toUpperCase())

/** What trains the same: of each list at most one, further back what does more. */
function switches(at: Resolved): Switch[][] {
  const by = (strategy: Strategy) => (changesWith(at, strategy) ? [toSet(strategy.name, 1, ...strategy.changes)] : [])
  return [[...stages(at), ...lighterStates(at)], by(recomputing), by(fusing), smallerBatches(at.scenario)]
}

/** ZeRO stages beyond the present one, at last from the CPU's memory. FSDP has no first: it shards gradients with the states. */
function stages(at: Resolved): Switch[] {
  const { scenario } = at
  if (scenario.runtime === 'unsloth' || sharingGroup(scenario) === 1) return []
  const { wrapper } = trainingPart().defaults(scenario)
  const first = wrapper === 'deepspeed' || wrapper === 'megatron' ? 1 : 2
  const shared = [1, 2, 3]
    .filter((stage) => stage >= first && stage > layoutOf(at).zero)
    .map((stage) => toSet(`ZeRO ${stage}`, 1 + stage / 20, set('parallelism.zero', stage)))
  const offloads = scenario.task === 'full' && scenario.training.offload.length === 0 && wrapper !== 'megatron'
  if (!offloads) return shared
  const offload = set('training.offload', ['parameters', 'gradients', 'optimizer'])
  return [...shared, toSet(`ZeRO 3 offloaded to ${inRam(at)} of RAM`, 4, set('parallelism.zero', 3), offload)]
}

/** What the machines have to hold of offloaded states together. */
function inRam(at: Resolved): string {
  const { scenario } = at
  const apart = { ...at, scenario: { ...scenario, parallelism: { ...scenario.parallelism, zero: 3 } } }
  const { weights, gradients, optimizer, masterWeights } = figures(apart).perGpu
  return formatBytes((weights + gradients + optimizer + masterWeights) * scenario.hardware.count)
}

/** Where torch's own optimizer is used: frameworks with an engine have theirs, and bitsandbytes' know no shards. */
function lighterStates(at: Resolved): Switch[] {
  const { task, training, runtime } = at.scenario
  const own = runtime === 'deepspeed' || runtime === 'megatron' || layoutOf(at).zero > 0
  if (own || task !== 'full' || training.optimizer !== 'adamw') return []
  return [toSet('8-bit AdamW', 2.5, set('training.optimizer', 'adamw-8bit'))]
}

/** As many sequences a step, ever fewer at a time. */
function smallerBatches(scenario: Scenario): Switch[] {
  const { batch } = scenario
  const parts = Array.from({ length: batch }, (_, i) => batch - i).filter((part) => part < batch && batch % part === 0)
  return parts.map((part, i) => {
    const { name, changes } = accumulating(scenario, part)
    return toSet(name, 1.2 + i / 10, ...changes)
  })
}

/** Where a search begins, the first of several that leads anywhere; and how many combinations of it are worth offering. */
interface Beginning {
  starts: Switch[][]
  most: number
}

/** As it is, another trainer, then less that is trained. */
function beginnings({ scenario }: Resolved): Beginning[] {
  const { task, runtime, hardware } = scenario
  // Unsloth trains on one GPU.
  const alone = hardware.count === 1 && runtime !== 'unsloth'
  const unsloth = toSet(runtimeNames.unsloth, 3, set('runtime', 'unsloth'), set('runtimeVersion', undefined))
  const less = [toTask(scenario, 'LoRA', 6, 'lora'), toTask(scenario, 'QLoRA', 7, 'qlora')].slice(
    ['full', 'lora', 'qlora'].indexOf(task),
  )
  return [
    { starts: [[]], most: 3 },
    ...(alone ? [{ starts: [[unsloth]], most: 1 }] : []),
    ...less.map((other) => ({ starts: alone ? [[other], [other, unsloth]] : [[other]], most: 1 })),
  ]
}

/** Each of them alone, for a comparison. */
export const singleMethods = (resolved: Resolved): Method[] =>
  [...switches(resolved).flat(), ...beginnings(resolved).flatMap(({ starts }) => starts[0])]
    .filter(({ changes }) => changes.every(({ path }) => path !== 'batch'))
    .map((one) => together([one]))

/** Another task by the same trainer, or by the usual one where it does not do that. */
function toTask({ runtime, precision }: Scenario, label: string, cost: number, task: 'lora' | 'qlora'): Switch {
  const does = runtimesFor(task).includes(runtime)
  return toSet(
    does ? label : `${label} with ${runtimeNames.transformers}`,
    cost,
    set('task', task),
    ...(does ? [] : [set('runtime', 'transformers'), set('runtimeVersion', undefined)]),
    ...(precision.weights === null ? [] : [set('precision.weights', undefined)]),
  )
}

/** Every combination, one of each list or none, the cheapest first. Which option it takes of a list is its level there. */
interface Combination {
  parts: Switch[]
  levels: number[]
}

function combinations(lists: readonly Switch[][]): Combination[] {
  const all = lists.reduce<Combination[]>(
    (combined, options) =>
      combined.flatMap(({ parts, levels }) => [
        { parts, levels: [...levels, 0] },
        ...options.map((option, i) => ({ parts: [...parts, option], levels: [...levels, i + 1] })),
      ]),
    [{ parts: [], levels: [] }],
  )
  const cost = ({ parts }: Combination) => together(parts).cost
  return all.sort((a, b) => cost(a) - cost(b))
}

/** Whether one changes nothing that the other does not, or changes it further. */
const within = (a: Combination, b: Combination) => a.levels.every((level, i) => level <= b.levels[i])

/**
 * The methods worth offering, cheapest first: nothing that holds the load with less of the same is offered with more, unless that makes room where
 * there was none.
 * @param roomy only with the safety margin
 */
export function* searchMethods(input: ScenarioInput, resolved: Resolved, roomy: boolean): Search<Method[]> {
  const found: Switch[] = []
  for (const { starts, most } of beginnings(resolved)) {
    for (const start of starts) {
      const began = tried(input, together(start).changes)
      yield
      const holding = began && !obstacleTo(began) ? yield* searchFrom(input, start, switches(began), most, roomy) : []
      found.push(...holding)
      if (holding.length > 0) break
    }
  }
  return found.sort((a, b) => a.cost - b.cost)
}

function* searchFrom(
  input: ScenarioInput,
  start: Switch[],
  lists: Switch[][],
  most: number,
  roomy: boolean,
): Search<Switch[]> {
  const fares = ({ parts }: Combination) => {
    const at = tried(input, together([...start, ...parts]).changes)
    return at ? verdictOf(at) : null
  }
  const all = combinations(lists)
  // Where not even the most of everything holds it, nothing does.
  const last = lists.map(({ length }) => length)
  const strongest = all.filter(({ levels }) => levels.every((level, i) => i === STATES || level === last[i]))
  let hopeless = true
  for (const one of strongest) {
    yield
    hopeless &&= !holds(fares(one), roomy)
  }
  if (hopeless) return []
  let found: { combination: Combination; room: boolean }[] = []
  for (const combination of all) {
    if (start.length + combination.parts.length === 0) continue
    const less = found.some((other) => within(other.combination, combination))
    if (less && found.some(({ room }) => room)) continue
    yield
    const verdict = fares(combination)
    if (!holds(verdict, roomy || less)) continue
    const room = verdict === 'fits'
    // Of one only, that with room.
    if (most === 1 && (room || found.length === 0)) found = [{ combination, room }]
    else if (most > 1) found.push({ combination, room })
    if (found.length === most && (most > 1 || room)) break
  }
  return found.map(({ combination }) => together([...start, ...combination.parts]))
}

/** The list of switches of which the last need not do most. */
const STATES = 0

const holds = (verdict: ReturnType<typeof verdictOf>, roomy: boolean) =>
  verdict === 'fits' || (verdict === 'tight' && !roomy)

function tried(input: ScenarioInput, changes: readonly Change[]): Resolved | null {
  try {
    return resolve(parseScenario(changed(input, changes)), architectureOf)
  } catch (error) {
    if (error instanceof ScenarioError) return null
    throw error
  }
}
