/** A scenario with its estimate as JSON: what was asked, and the answer. */
import type { Estimate } from '../memory/estimate.ts'
import type { ScenarioInput } from '../scenario/schema.ts'

/** `link` is the page's address with the scenario in it. The scenario can be given to the command line as it stands. */
export function estimateJson(scenario: ScenarioInput, estimate: Estimate, link?: string): string {
  return `${JSON.stringify({ ...(link === undefined ? {} : { link }), scenario, estimate }, null, 2)}\n`
}
