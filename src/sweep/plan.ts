/**
 * From a scenario and its axes to lattices: every choice of the axes other than batch and sequence is a slice; slices of one structure go to
 * an engine together. A slice that cannot exist (a layout that does not divide, a precision that is not known) keeps its reason.
 */
import type { Inputs } from '../formula/expression.ts'
import { lowerAll } from '../memory/lower.ts'
import { structureOf } from '../memory/structure.ts'
import { parseScenario, refuse, ScenarioError } from '../scenario/parse.ts'
import { type ArchitectureOf, type Resolved, resolve } from '../scenario/resolve.ts'
import type { Scenario, ScenarioInput } from '../scenario/schema.ts'
import { limits } from '../scenario/schema.ts'
import { type Axis, type AxisInput, type AxisValue, expandAxis } from './axis.ts'
import type { Structure } from './evaluator.ts'

export interface Slice {
  index: number
  /** Values of the slice axes, aligned with `plan.sliceAxes`. */
  coordinates: readonly AxisValue[]
  scenario: Scenario | null
  /** What the engines evaluate: one set of inputs per pipeline stage, all of `structure`. */
  ranks: readonly Inputs[]
  structure: Structure | null
  /** Why the slice cannot exist, or null. */
  refusal: string | null
}

export interface Plan {
  axes: readonly Axis[]
  /** The axes other than batch and sequence, outermost first. */
  sliceAxes: readonly Axis[]
  sequences: Uint32Array
  batches: Uint32Array
  slices: readonly Slice[]
  cells: number
}

/** A planned slice takes a few kilobytes, one for every pipeline stage. */
export const MAX_SLICES = 100_000

/**
 * Plans a sweep. Axes are nested in the order given, batch fastest and sequence next, wherever they stand.
 * @throws ScenarioError when the scenario or an axis itself is wrong; a slice that cannot exist does not throw
 */
export function plan(input: ScenarioInput, axes: readonly AxisInput[], architectureOf: ArchitectureOf): Plan {
  const scenario = parseScenario(input)
  const expanded = axes.map(expandAxis)
  const fields = new Set<string>()
  for (const { field } of expanded) {
    if (fields.has(field)) throw refuse(`axes.${field}`, field, 'is an axis twice; give it once')
    fields.add(field)
  }
  const sliceAxes = expanded.filter(({ field }) => field !== 'batch' && field !== 'sequence')
  const sequences = counts(expanded, 'sequence', scenario.sequence, limits.sequence)
  const batches = counts(expanded, 'batch', scenario.batch, limits.batch)
  const count = sliceAxes.reduce((n, axis) => n * axis.values.length, 1)
  if (count > MAX_SLICES) throw refuse('axes', count, `slices are more than ${MAX_SLICES}; drop values of an axis`)
  const slices = Array.from({ length: count }, (_, index) => {
    const coordinates = coordinatesOf(sliceAxes, index)
    return sliceOf(input, sliceAxes, coordinates, index, architectureOf)
  })
  return { axes: expanded, sliceAxes, sequences, batches, slices, cells: count * sequences.length * batches.length }
}

function counts(axes: readonly Axis[], field: 'batch' | 'sequence', otherwise: number, most: number): Uint32Array {
  const values = axes.find((axis) => axis.field === field)?.values ?? [otherwise]
  for (const value of values) {
    if (!Number.isSafeInteger(value) || (value as number) < 1 || (value as number) > most) {
      throw refuse(`axes.${field}`, value, `must be a whole number from 1 to ${most}`)
    }
  }
  return Uint32Array.from(values as number[])
}

/** Mixed-radix digits of a slice's index, last axis fastest. */
function coordinatesOf(axes: readonly Axis[], index: number): AxisValue[] {
  const digits: AxisValue[] = []
  let rest = index
  for (let i = axes.length - 1; i >= 0; i--) {
    const { values } = axes[i]
    digits.unshift(values[rest % values.length])
    rest = Math.floor(rest / values.length)
  }
  return digits
}

function sliceOf(
  input: ScenarioInput,
  axes: readonly Axis[],
  coordinates: readonly AxisValue[],
  index: number,
  architectureOf: ArchitectureOf,
): Slice {
  try {
    const scenario = parseScenario(
      axes.reduce<unknown>((at, { field }, i) => withField(at, field.split('.'), coordinates[i]), input),
    )
    return { index, coordinates, scenario, ...lowered(resolve(scenario, architectureOf)), refusal: null }
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error
    return { index, coordinates, scenario: null, ranks: [], structure: null, refusal: error.message }
  }
}

/** Engine inputs of a resolved scenario, one per pipeline stage. */
export function lowered(resolved: Resolved): { ranks: Inputs[]; structure: Structure } {
  const { ranks } = lowerAll(resolved)
  return { ranks: ranks.map((r) => r.inputs), structure: structureOf(ranks[0].flags) }
}

/** A copy of an object with the value at a path replaced; parents are copied or created. */
export function withField(object: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path
  const base = typeof object === 'object' && object !== null && !Array.isArray(object) ? object : {}
  const inner = Object.hasOwn(base, key) ? (base as Record<string, unknown>)[key] : undefined
  return { ...base, [key]: rest.length === 0 ? value : withField(inner, rest, value) }
}
