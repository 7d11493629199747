/** Names of files that leave the page. */
import type { ScenarioInput } from '../../scenario/schema.ts'
import { modelName } from '../words.ts'

/** `oomscape-llama-3-8b-map.png` */
export function fileName({ model }: ScenarioInput, what: string, ending: string): string {
  const stem = `oomscape ${modelName(model)} ${what}`.toLowerCase().replace(/[^a-z0-9.]+/g, '-')
  return `${stem.replace(/^-|-$/g, '')}.${ending}`
}
