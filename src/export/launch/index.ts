/** Copies a scenario as the command that runs it: only flags that the scenario determines, each found in the tool's own documentation. */
import { figures } from '../../memory/figures.ts'
import { servingDefaults, utilizationOf } from '../../memory/inference/runtimes.ts'
import { layoutOf } from '../../memory/layout.ts'
import { schemeOf } from '../../memory/lower.ts'
import { cacheOf } from '../../memory/precision/index.ts'
import type { Resolved } from '../../scenario/resolve.ts'
import { formatBytes } from '../../units.ts'
import type { LaunchCommand, Setup } from './command.ts'
import { llamaServer } from './llama-server.ts'
import { torchrunMegatron } from './megatron.ts'
import { sglangServer } from './sglang.ts'
import { tensorrtServe } from './tensorrt-llm.ts'
import { trainWithTrl } from './trl.ts'
import { vllmServe } from './vllm.ts'

export type { LaunchCommand } from './command.ts'

const servers: Partial<Record<Resolved['scenario']['runtime'], (setup: Setup) => LaunchCommand>> = {
  vllm: vllmServe,
  sglang: sglangServer,
  'llama.cpp': llamaServer,
  'tensorrt-llm': tensorrtServe,
}

/** Frameworks with a script, a library or a recipe file of their own, which this does not write: TRL's script would need other memory. */
const ownRecipes = ['guide', 'torchtune', 'torchtitan', 'litgpt', 'ms-swift', 'unsloth', 'fsdp-qlora']

/** The command, or null for a runtime that is a library or reads recipes of its own. @throws ScenarioError for an impossible scenario */
export function launchCommand(resolved: Resolved): LaunchCommand | null {
  const { scenario } = resolved
  const { runtime, task, precision } = scenario
  const write = task === 'inference' ? servers[runtime] : trainer(runtime, task)
  if (!write) return null
  const layout = layoutOf(resolved)
  const setup: Setup = {
    resolved,
    layout,
    utilization: utilizationOf(resolved, layout),
    weights: schemeOf(resolved).id,
    cache: precision.kvCache === null ? null : cacheOf(scenario).id,
  }
  const command = write(setup)
  return { ...command, notes: [...command.notes, ...limited(resolved)] }
}

/** A server's command lets in as many sequences as the scenario has; what it takes for more, which it allows by itself, is in the estimate. */
function limited(resolved: Resolved): string[] {
  const { scenario } = resolved
  const { serving, batch, runtime } = scenario
  if (scenario.task !== 'inference' || runtime === 'llama.cpp' || serving.maxSequences !== null) return []
  const itself = { ...resolved, scenario: { ...scenario, serving: { ...serving, maxSequences: batch } } }
  const less = figures(resolved).perGpu.total - figures(itself).perGpu.total
  if (less <= 0) return []
  const usual = servingDefaults(resolved).maxSequences(resolved.gpu)
  return [
    `The estimate leaves room for the ${usual} sequences that are let in by default: with ${batch} as here it takes ${formatBytes(less)} less a GPU.`,
  ]
}

/** Megatron-LM trains no adapters. */
function trainer(runtime: string, task: string) {
  if (runtime === 'megatron') return task === 'full' ? torchrunMegatron : undefined
  return ownRecipes.includes(runtime) ? undefined : trainWithTrl
}
