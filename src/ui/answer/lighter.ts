/** The same model in fewer bits, as its runtime can hold it. */
import { schemeOf } from '../../memory/lower.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import type { Scenario } from '../../scenario/schema.ts'
import { type Candidate, change, set, together } from './candidate.ts'

/** Cache and weights in fewer bits, as the runtime can hold them. Other ways to train are looked for (methods.ts). */
export function lighter(resolved: Resolved): [before: Candidate[], after: Candidate[]] {
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
