/** How many GPUs a load needs, and which is the smallest that holds it: many scenarios tried by the compiled model. */
import { compiled } from '../../formula/compiled.ts'
import { gpus } from '../../hardware/catalogue.ts'
import { capacityBytes, type Gpu } from '../../hardware/gpu.ts'
import { parseScenario, ScenarioError } from '../../scenario/parse.ts'
import { resolve } from '../../scenario/resolve.ts'
import { lowered } from '../../sweep/plan.ts'
import { type Change, changed } from '../state/document.ts'
import { architectureOf } from '../state/models.ts'
import type { Answer } from '../state/outcome.ts'

/** More than any one machine room offers to one model. */
const MOST = 1024

/** The smallest power of two that is enough; null when not even 1024 GPUs are. */
export function fewestGpus(answer: Answer): number | null {
  for (let count = 1; count <= MOST; count *= 2) if (holds(answer, withCount(answer, count))) return count
  return null
}

/** The change to a number of GPUs. Degrees that were said for another number are left to the runtime; training states are shared out. */
export function withCount({ resolved }: Answer, count: number): Change[] {
  const { scenario } = resolved
  if (count === scenario.hardware.count) return []
  const { parallelism, task, runtime } = scenario
  const said = (['tensor', 'pipeline', 'data'] as const).filter((degree) => parallelism[degree] !== null)
  const shared = task !== 'inference' && runtime !== 'guide' && count > 1 && parallelism.zero !== 3
  return [
    { path: 'hardware.count', value: count },
    ...said.map((degree) => ({ path: `parallelism.${degree}`, value: null })),
    ...(shared ? [{ path: 'parallelism.zero', value: 3 }] : []),
  ]
}

/** The GPU with the least memory, of the present one's vendor, on which the load fits in the present number; null when none will do. */
export function smallestGpu(answer: Answer): Gpu | null {
  const { gpu } = answer.resolved
  const vendor = gpu.vendor === 'custom' ? 'NVIDIA' : gpu.vendor
  const cards = gpus
    .filter((card) => card.vendor === vendor && !card.id.endsWith('-Laptop'))
    .sort((a, b) => capacityBytes(a) - capacityBytes(b))
  // A total differs between GPUs by their contexts only, so much smaller ones need no trying.
  const { total } = answer.estimate.perGpu
  return (
    cards.find(
      (card) => capacityBytes(card) > 0.9 * total && holds(answer, [{ path: 'hardware.gpu', value: card.id }]),
    ) ?? null
  )
}

/** Whether a changed scenario exists and is not out of memory. */
function holds({ input }: Answer, changes: readonly Change[]): boolean {
  try {
    const resolved = resolve(parseScenario(changed(input, changes)), architectureOf)
    const { batch, sequence } = resolved.scenario
    const { ranks, structure } = lowered(resolved)
    const { program, value } = compiled(structure)
    const column = new Float64Array(program.columnResults)
    return ranks.every((inputs) => {
      program.setSlice(inputs)
      program.column(sequence, column, 0)
      return value('total')(column, 0, batch) <= value('capacity')(column, 0, batch)
    })
  } catch (error) {
    if (error instanceof ScenarioError) return false
    throw error
  }
}
