/**
 * How far measurements lie around the expected total, per runtime and task: calibrated on published measurements (docs/accuracy.md), with
 * room for what their settings leave unsaid.
 */
import type { Scenario } from '../scenario/schema.ts'

/** Per mille on either side. Where servers profile and fill a pool, allocation depends on more than the scenario says. */
const inference: Partial<Record<Scenario['runtime'], number>> = {
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

/** Per mille above and below the expected total; nine in ten measured values fall inside. */
export function marginOf(runtime: Scenario['runtime'], task: Scenario['task']): number {
  if (runtime === 'guide') return 100
  return task === 'inference' ? (inference[runtime] ?? inference.transformers!) : 100
}
