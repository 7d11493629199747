/** The honest range around an expected total. */
import type { Resolved } from '../scenario/resolve.ts'
import { GB } from '../units.ts'
import { marginOf, spread } from './margins.ts'
import type { ComponentName } from './model.ts'

/**
 * Low and high bytes. A runtime's margin is calibrated on measurements; the article's rule has its own range instead: a factor of 10 to 30
 * and an overhead of 1 to 2 GB.
 */
export function rangeOf(
  { scenario }: Pick<Resolved, 'scenario'>,
  perGpu: Record<ComponentName, number>,
  total: number,
): { low: number; high: number } {
  if (scenario.runtime !== 'guide') {
    const { low, high } = spread(total, marginOf(scenario))
    return { low: Math.floor(low), high: Math.ceil(high) }
  }
  const { guide } = scenario
  const rest = total - perGpu.activations
  const activations = (factor: number) =>
    guide.activationsGB === null
      ? Math.ceil((perGpu.activations * factor) / guide.activationFactor)
      : perGpu.activations
  return { low: rest - GB / 2 + activations(10), high: rest + GB / 2 + activations(30) }
}
