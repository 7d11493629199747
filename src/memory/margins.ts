/** How far measurements lie around the expected total, per runtime and task: calibrated on published measurements (docs/accuracy.md). */
import type { Scenario } from '../scenario/schema.ts'

/** Per mille above and below the expected total; nine in ten measured values fall inside. */
export function marginOf(runtime: Scenario['runtime'], task: Scenario['task']): number {
  if (runtime === 'guide') return 100
  return task === 'inference' ? 60 : 100
}
