/** How many parameters a task trains. */
import { countParameters } from '../model/parameters.ts'
import type { Resolved } from '../scenario/resolve.ts'
import { trainingPart } from './training-part.ts'

/** Exact: all of them in full training, the adapters' in LoRA and QLoRA, none in inference. */
export function trainableParameters({ scenario, architecture }: Resolved): number {
  switch (scenario.task) {
    case 'inference':
      return 0
    case 'full':
      return countParameters(architecture).total
    default: {
      const { adapterParameters, defaults } = trainingPart()
      return adapterParameters(architecture, scenario.lora, defaults(scenario).adaptsSlices)
    }
  }
}
