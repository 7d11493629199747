/**
 * A cut through the map along one axis: the components of every cell on a line through one cell, and the component that drives the total
 * over the capacity. Numbers are those of the fullest pipeline stage, as everywhere.
 */
import type { Inputs } from '../formula/expression.ts'
import { type ComponentName, componentNames } from '../memory/model.ts'
import type { Evaluator, Structure } from './evaluator.ts'
import { type CellOutput, evaluateTile } from './run.ts'

export interface Profile {
  along: 'sequence' | 'batch'
  /** Tokens or batch sizes, ascending. */
  points: Uint32Array
  /** Bytes at each point. */
  values: Record<CellOutput, Float64Array>
  /** Components that are anywhere more than 0. */
  order: ComponentName[]
  crossing: Crossing | null
}

export interface Crossing {
  /** The least number that does not fit. */
  at: number
  /** The component that grew most over the last doubling before it; the largest one when not even 1 fits. */
  component: ComponentName
  /** Bytes of the cell that does not fit. */
  total: number
  capacity: number
}

/**
 * @param fixed the batch size of a profile along sequence, or the tokens of one along batch
 * @param first the least number along the axis that does not fit, null when all fit
 */
export async function profile(
  { structure, ranks }: { structure: Structure; ranks: readonly Inputs[] },
  along: Profile['along'],
  points: Uint32Array,
  fixed: number,
  first: number | null,
  engine: Evaluator,
): Promise<Profile> {
  const cells = (values: Uint32Array) => {
    const [sequences, batches] =
      along === 'sequence' ? [values, Uint32Array.of(fixed)] : [Uint32Array.of(fixed), values]
    return evaluateTile(structure, ranks, sequences, batches, engine)
  }
  const last = points[points.length - 1]
  const top = first === null ? last : first
  const [values, ends] = await Promise.all([
    cells(points),
    cells(Uint32Array.of(Math.max(1, Math.floor(top / 2)), top)),
  ])
  const order = componentNames.filter((name) => values[name].some((bytes) => bytes > 0))
  return { along, points, values, order, crossing: first === null ? null : crossing(first, order, ends) }
}

function crossing(at: number, order: readonly ComponentName[], ends: Record<CellOutput, Float64Array>): Crossing {
  const most = (of: (name: ComponentName) => number) => order.reduce((a, b) => (of(b) > of(a) ? b : a))
  return {
    at,
    component: most((name) => (at === 1 ? ends[name][1] : ends[name][1] - ends[name][0])),
    total: ends.total[1],
    capacity: ends.capacity[1],
  }
}
