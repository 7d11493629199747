/** A scenario's launch command, and the scenario that several tests begin with. */
import { launchCommand } from '../../../src/export/launch/index.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'

export const launch = (scenario: ScenarioInput) => launchCommand(resolve(parseScenario(scenario), architectureOf))

/** A command as its words, lines joined. */
export const line = (scenario: ScenarioInput) => launch(scenario)?.command.replaceAll(' \\\n  ', ' ')

export const llama: ScenarioInput = {
  model: 'meta-llama/Meta-Llama-3-8B',
  batch: 8,
  sequence: 16384,
  hardware: { gpu: 'H100-SXM-80GB', count: 2 },
}
