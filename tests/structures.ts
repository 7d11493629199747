/**
 * Every structure the memory model has, found by going through runtimes, tasks and switches on models of different kinds. Tests that hold
 * engines together run on all of them, so a new term of the model is covered without being listed here.
 */
import type { Inputs } from '../src/formula/expression.ts'
import type { Structure } from '../src/formula/stages.ts'
import { lowerAll } from '../src/memory/lower.ts'
import { structureOf } from '../src/memory/structure.ts'
import { architectureOf } from '../src/model/catalogue.ts'
import { parseScenario, ScenarioError } from '../src/scenario/parse.ts'
import { resolve } from '../src/scenario/resolve.ts'
import {
  attentionKernels,
  checkpointing,
  losses,
  offloadable,
  runtimes,
  type ScenarioInput,
  tasks,
} from '../src/scenario/schema.ts'

export interface RealStructure {
  structure: Structure
  /** The different inputs of its scenarios, one per pipeline stage. */
  slices: Inputs[]
  /** The first scenario that has it, for messages. */
  example: ScenarioInput
}

/** Dense with grouped queries, sliding windows, latent and compressed attention with experts, and recurrent layers among attention. */
const models = [
  'meta-llama/Meta-Llama-3-8B',
  'google/gemma-3-27b-it',
  'deepseek-ai/DeepSeek-V3',
  'deepseek-ai/DeepSeek-V4-Flash',
  'nvidia/Nemotron-H-8B-Base-8K',
]

const switches: Partial<ScenarioInput>[] = [
  {},
  { hardware: { gpu: 'H100-SXM-80GB', count: 8 } },
  { hardware: { gpu: 'H100-SXM-80GB', count: 6 }, parallelism: { tensor: 2, pipeline: 3 } },
  { hardware: { gpu: 'A100-SXM-80GB', count: 16 }, parallelism: { tensor: 16 } },
  { precision: { weights: 'fp8', kvCache: 'fp8' } },
  { precision: { compute: 'fp32' } },
  { guide: { activationsGB: 5 } },
  { serving: { attention: 'eager' } },
  { serving: { logits: 'all' } },
  { serving: { attention: 'eager', logits: 'all' } },
  ...attentionKernels.map((attention) => ({ training: { attention } })),
  ...checkpointing.map((kind) => ({ training: { checkpointing: kind } })),
  ...losses.map((loss) => ({ training: { loss } })),
  ...offloadable.map((what) => ({ training: { offload: [what] } })),
  ...([0, 1, 2, 3] as const).map((zero) => ({
    hardware: { gpu: 'H100-SXM-80GB', count: 8 },
    parallelism: { data: 8, zero },
  })),
  {
    runtimeVersion: '4.45',
    hardware: { gpu: 'H100-SXM-80GB', count: 8 },
    parallelism: { data: 8, zero: 3 },
    training: { checkpointing: 'full' },
  },
  { training: { autocast: true } },
  { training: { masterWeights: true } },
  { training: { optimizer: 'adafactor' } },
  { training: { checkpointing: 'full', checkpointEvery: 4 } },
  { lora: { dora: true, dropout: 0.1 } },
]

/** Goes through the scenarios; those that cannot exist are left out. */
export function realStructures(): RealStructure[] {
  const found = new Map<string, RealStructure>()
  const seen = new Set<string>()
  for (const runtime of runtimes) {
    for (const task of tasks) {
      for (const model of models) {
        for (const change of model === models[0] ? switches : switches.slice(0, 4)) {
          const example: ScenarioInput = { model, runtime, task, ...change }
          for (const { flags, inputs } of ranksOf(example)) {
            const structure = structureOf(flags)
            const same = `${structure.key} ${JSON.stringify(inputs)}`
            if (seen.has(same)) continue
            seen.add(same)
            const known = found.get(structure.key)
            if (known) known.slices.push(inputs)
            else found.set(structure.key, { structure, slices: [inputs], example })
          }
        }
      }
    }
  }
  return [...found.values()]
}

function ranksOf(example: ScenarioInput) {
  try {
    return lowerAll(resolve(parseScenario(example), architectureOf)).ranks
  } catch (error) {
    if (error instanceof ScenarioError) return []
    throw error
  }
}
