/** The smallest changes that make a scenario fit, each tried out by the memory model before it is offered. */

import { gpus } from '../../hardware/catalogue.ts'
import { capacityBytes } from '../../hardware/gpu.ts'
import type { Estimate } from '../../memory/estimate.ts'
import { ScenarioError } from '../../scenario/parse.ts'
import { formatInteger, formatTokens } from '../../units.ts'
import { popularGpus } from '../options.ts'
import { type Change, changed } from '../state/document.ts'
import { type Answer, answerTo } from '../state/outcome.ts'
import { gpuName } from '../words.ts'
import { countChanges } from './fewest.ts'

export interface Fix {
  label: string
  changes: Change[]
  estimate: Estimate
}

interface Candidate {
  label: string
  changes: Change[]
}

const change = (label: string, ...changes: Change[]): Candidate => ({ label, changes })
const set = (path: string, value: unknown): Change => ({ path, value })

/** Changes worth trying, the least intrusive first. */
function candidates(answer: Answer): Candidate[] {
  const { resolved, estimate } = answer
  const { scenario, gpu } = resolved
  const { task, runtime, precision, hardware } = scenario
  const all: Candidate[] = []
  const add = (when: boolean, ...candidate: Parameters<typeof change>) => {
    if (when) all.push(change(...candidate))
  }
  const inference = task === 'inference'
  const guide = runtime === 'guide'
  const server = ['vllm', 'sglang', 'tensorrt-llm'].includes(runtime)

  if (inference) {
    const cache = runtime === 'llama.cpp' ? 'q8_0' : server ? 'fp8' : 'int8'
    add(precision.kvCache === null, `${cache.toUpperCase()} KV cache`, set('precision.kvCache', cache))
  } else if (!guide) {
    const { checkpointing, loss, optimizer } = scenario.training
    add(checkpointing !== 'full', 'Checkpointing full', set('training.checkpointing', 'full'))
    add(loss !== 'fused', 'Fused loss', set('training.loss', 'fused'))
    add(task === 'full' && optimizer === 'adamw', '8-bit AdamW', set('training.optimizer', 'adamw-8bit'))
  }
  const { maxSequence, maxBatch } = estimate
  const shorter = maxSequence >= 1024 ? Math.floor(maxSequence / 256) * 256 : maxSequence
  add(
    maxSequence > 0 && maxSequence < scenario.sequence,
    `Sequence ≤ ${formatTokens(shorter)}`,
    set('sequence', shorter),
  )
  add(maxBatch > 0 && maxBatch < scenario.batch, `Batch ≤ ${formatInteger(maxBatch)}`, set('batch', maxBatch))
  if (inference) {
    const smaller: [string, string][] = server
      ? [
          ['fp8', 'FP8'],
          ['awq-int4', 'AWQ 4-bit'],
        ]
      : runtime === 'llama.cpp'
        ? [
            ['q8_0', 'Q8_0'],
            ['q4_k_m', 'Q4_K_M'],
          ]
        : guide
          ? [
              ['int8', 'INT8'],
              ['int4', 'INT4'],
            ]
          : [
              ['int8', 'LLM.int8'],
              ['nf4', 'NF4'],
            ]
    for (const [value, label] of smaller) {
      add(precision.weights !== value, `${label} weights`, set('precision.weights', value))
    }
  } else {
    add(task === 'full', 'LoRA', set('task', 'lora'))
    add(task !== 'qlora', 'QLoRA', set('task', 'qlora'))
    add(!guide && hardware.count > 1 && scenario.parallelism.zero !== 3, 'ZeRO stage 3', set('parallelism.zero', 3))
  }
  for (const times of [2, 4, 8]) {
    const changes = countChanges(resolved, hardware.count * times)
    const shared = changes.some(({ path }) => path === 'parallelism.zero')
    add(true, `${formatInteger(hardware.count * times)} GPUs${shared ? ', ZeRO stage 3' : ''}`, ...changes)
  }
  const larger = popularGpus.filter((id) => {
    const other = gpus.find((known) => known.id === id)
    return other && capacityBytes(other) > capacityBytes(gpu)
  })
  for (const id of larger) add(true, gpuName(id), set('hardware.gpu', id))
  return all
}

/** Less that still holds the load: half the GPUs, smaller cards, the closest first. */
function savings({ resolved: { scenario, gpu } }: Answer): Candidate[] {
  const { count } = scenario.hardware
  const smaller = gpus
    .filter(({ id, vendor }) => vendor === gpu.vendor && commonGpus.includes(id))
    .filter((card) => capacityBytes(card) < capacityBytes(gpu))
    .sort((a, b) => capacityBytes(b) - capacityBytes(a))
  return [
    ...(count > 1 && count % 2 === 0
      ? [change(count === 2 ? '1 GPU' : `${formatInteger(count / 2)} GPUs`, set('hardware.count', count / 2))]
      : []),
    ...smaller.map(({ id }) => change(gpuName(id), set('hardware.gpu', id))),
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

/** At most this many are offered. */
const MOST = 6

/**
 * Changes worth offering, each tried out: what makes a scenario fit that does not or is tight, of each kind the smallest; for one that fits what
 * would do as well.
 */
export function* fixes(answer: Answer): Generator<Fix> {
  const { verdict } = answer.estimate
  const done = new Set<string>()
  let found = 0
  for (const { label, changes } of verdict === 'fits' ? savings(answer) : candidates(answer)) {
    const kind = verdict === 'fits' ? label : changes[0].path
    if (done.has(kind) || found >= MOST) continue
    const estimate = attempt(answer, changes)
    if (!estimate || estimate.verdict === 'oom') continue
    if (verdict === 'tight' && estimate.verdict !== 'fits') continue
    done.add(kind)
    found++
    yield { label, changes, estimate }
  }
}

/** The estimate of a changed scenario; null for one that cannot exist. */
export function attempt({ input }: Pick<Answer, 'input'>, changes: readonly Change[]): Estimate | null {
  try {
    return answerTo(changed(input, changes)).estimate
  } catch (error) {
    if (error instanceof ScenarioError) return null
    throw error
  }
}
