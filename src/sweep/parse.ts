/** A sweep as people write it in JSON: `{ "scenario": { … }, "axes": [ … ] }`. What it says is checked when it is planned. */
import { refuse } from '../scenario/parse.ts'
import type { ScenarioInput } from '../scenario/schema.ts'
import { closest } from '../units.ts'
import type { AxisInput } from './axis.ts'

export interface SweepInput {
  scenario: ScenarioInput
  axes: AxisInput[]
}

/** Checks the frame of a sweep; the scenario and the axes' values are checked by `plan`. @throws ScenarioError */
export function parseSweep(input: unknown): SweepInput {
  const { scenario, axes } = object(input, 'sweep', ['scenario', 'axes'])
  if (!Array.isArray(axes))
    throw refuse('axes', axes, 'must be a list such as [{ "field": "batch", "from": 1, "to": 64 }]')
  return { scenario: scenario as ScenarioInput, axes: axes.map(parseAxis) }
}

function parseAxis(input: unknown, index: number): AxisInput {
  const at = `axes[${index}]`
  const axis = object(input, at, ['field', 'values', 'from', 'to', 'step', 'scale', 'points'])
  if (typeof axis.field !== 'string')
    throw refuse(`${at}.field`, axis.field, 'must name a scenario field, e.g. "batch"')
  const listed = 'values' in axis
  const ranged = 'from' in axis && 'to' in axis
  if (listed === ranged) throw refuse(at, input, 'needs either "values", or "from" and "to"')
  if ('scale' in axis && axis.scale !== 'log2') {
    throw refuse(`${at}.scale`, axis.scale, 'must be "log2"; leave it out for a linear axis')
  }
  return axis as AxisInput
}

function object(input: unknown, at: string, known: string[]): Record<string, unknown> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) throw refuse(at, input, 'must be an object')
  for (const key of Object.keys(input)) {
    if (known.includes(key)) continue
    const near = closest(key, known, 1)[0]
    throw refuse(
      at,
      key,
      near ? `is an unknown field; did you mean "${near}"?` : `is an unknown field; known: ${known.join(', ')}`,
    )
  }
  return input as Record<string, unknown>
}
