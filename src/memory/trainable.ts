/** How many parameters a task trains. */
import { countParameters } from '../model/parameters.ts'
import type { Resolved } from '../scenario/resolve.ts'
import { adapterParameters } from './training/adapters.ts'
import { trainingDefaults } from './training/runtimes.ts'

/** Exact: all of them in full training, the adapters' in LoRA and QLoRA, none in inference. */
export function trainableParameters({ scenario, architecture }: Resolved): number {
  switch (scenario.task) {
    case 'inference':
      return 0
    case 'full':
      return countParameters(architecture).total
    default:
      return adapterParameters(architecture, scenario.lora, trainingDefaults(scenario).adaptsSlices)
  }
}
