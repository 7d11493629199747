/** What a runtime's log counts as weights once a model is loaded: with the buffers that are made with them. */
import { rank } from '../../../src/memory/figures.ts'
import { step } from '../../../src/memory/inference/quantities.ts'
import { weights } from '../../../src/memory/weights.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'

export function loaded(input: ScenarioInput): number {
  const { value } = rank(resolve(parseScenario(input), architectureOf))
  return Number(value(weights) + value(step.buffers))
}
