/** What a scenario is compared with, beside what would make it fit. */
import { capacityBytes } from '../../hardware/gpu.ts'
import { formatInteger, formatTokens } from '../../units.ts'
import type { Answer } from '../state/outcome.ts'
import { type Candidate, change, set } from './candidate.ts'
import { countChanges } from './fewest.ts'
import { contextOf } from './fixes.ts'
import { halved, popularAbove, smallerCards, toGpu } from './hardware.ts'
import { lighter } from './lighter.ts'
import { singleMethods } from './methods.ts'

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
