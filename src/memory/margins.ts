/**
 * How far measurements lie around the expected total, per runtime and task: calibrated on published measurements (docs/accuracy.md), with
 * room for what their settings leave unsaid.
 */
import type { Scenario } from '../scenario/schema.ts'

/** Per mille of the expected total that nine in ten measured values lie within. */
export interface Margin {
  below: number
  above: number
}

type Runtime = Scenario['runtime']

/** On either side. Where servers profile and fill a pool, allocation depends on more than the scenario says. */
const inference: Partial<Record<Runtime, number>> = {
  transformers: 80,
  awq: 60,
  litgpt: 60,
  'gpt-fast': 60,
  exllama: 80,
  'llama.cpp': 80,
  vllm: 100,
  sglang: 100,
  'tensorrt-llm': 120,
}

/**
 * Training errs to one side: every operation counted is allocated, but more may be, and the allocator keeps what it was once given. Frameworks that
 * nobody has published measurements of, or few, have the widest range of the others.
 */
const training: Partial<Record<Runtime, Margin>> = {
  transformers: { below: 50, above: 100 },
  peft: { below: 60, above: 120 },
  litgpt: { below: 90, above: 100 },
  torchtitan: { below: 40, above: 140 },
  torchtune: { below: 100, above: 150 },
  'fsdp-qlora': { below: 60, above: 130 },
  'ms-swift': { below: 50, above: 150 },
  unsloth: { below: 120, above: 200 },
  deepspeed: { below: 120, above: 250 },
}
const rarelyMeasured: Margin = { below: 120, above: 250 }

/** Batches of ever other lengths leave free blocks that fit no later one: one run in two reserves hardly more than expected, one in ten a third. */
const varyingLengths: Margin = { below: 60, above: 350 }

const wider = (a: Margin, b: Margin): Margin => ({
  below: Math.max(a.below, b.below),
  above: Math.max(a.above, b.above),
})

export function marginOf(scenario: Scenario): Margin {
  const { runtime, task } = scenario
  if (runtime === 'guide') return { below: 100, above: 100 }
  if (task === 'inference') {
    const either = inference[runtime] ?? inference.transformers!
    return { below: either, above: either }
  }
  const margin = training[runtime] ?? rarelyMeasured
  return scenario.training.packing ? margin : wider(margin, varyingLengths)
}

/** Low and high around an expected value, in its unit. */
export function spread(expected: number, { below, above }: Margin): { low: number; high: number } {
  return { low: expected - (expected * below) / 1000, high: expected + (expected * above) / 1000 }
}
