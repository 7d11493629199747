/** Switches of training scenarios from a measurement's fields. */
import type { ScenarioInput } from '../../src/scenario/schema.ts'
import type { Measurement } from './measurement.ts'
import { Inexpressible } from './names.ts'

export function trainingOf(row: Measurement, _base: ScenarioInput): ScenarioInput {
  throw new Inexpressible(`training (${row.kind}) is not mapped yet`)
}
