/** What a reader should know beside the numbers: true, short sentences about this scenario. Nothing here changes a byte. */
import type { Formats } from '../hardware/gpu.ts'
import type { Resolved } from '../scenario/resolve.ts'
import { runtimeNames } from '../scenario/runtimes.ts'
import { formatTokens } from '../units.ts'
import { schemeOf } from './lower.ts'
import { fp16Changes, obstacleTo } from './runnable.ts'
import { recipeOf } from './training/recipe.ts'

/** Sentences, most important first; empty when there is nothing to say. @throws ScenarioError for an unknown precision */
export function notesOf(resolved: Resolved): string[] {
  const obstacle = obstacleTo(resolved)
  return [
    ...(obstacle ? [obstacle.message] : formatNotes(resolved)),
    ...shardNotes(resolved),
    ...lengthNotes(resolved),
    ...(obstacle ? [] : nodeNotes(resolved)),
    ...resolved.architecture.assumptions,
  ]
}

const formatNames: Record<keyof Formats, string> = { bf16: 'BF16', fp8: 'FP8', fp4: 'FP4', int8: 'INT8' }

/** What the GPU stores but cannot multiply. FP8 begins with Ada and Hopper, FP4 with Blackwell, BF16 with Ampere. */
function formatNotes(resolved: Resolved): string[] {
  const { gpu, scenario } = resolved
  const { formats } = gpu
  if (!formats) return []
  const notes: string[] = []
  const { requires } = schemeOf(resolved)
  const lacks = (Object.keys(formatNames) as (keyof Formats)[]).filter((format) => requires[format] && !formats[format])
  for (const format of lacks) {
    if (format === 'bf16') continue
    notes.push(
      `${gpu.name} has no ${formatNames[format]} units: weights stored so fit as computed, but are unpacked to 16 bits to be multiplied, if the runtime can.`,
    )
  }
  if (scenario.precision.compute === 'bf16' && !formats.bf16) {
    const refused =
      fp16Changes(resolved).length > 0 ? `, without which ${runtimeNames[scenario.runtime]} refuses BF16` : ''
    notes.push(`${gpu.name} has no BF16 units${refused}: set precision.compute to fp16, which takes as much memory.`)
  }
  return notes
}

function shardNotes(resolved: Resolved): string[] {
  const { runtime, task } = resolved.scenario
  if (task !== 'full' || runtime === 'guide' || !recipeOf(resolved).upcastsShards) return []
  return ['Accelerate makes FSDP’s shards fp32 under mixed precision; without autocast they stay 16-bit.']
}

function lengthNotes({ architecture, scenario }: Resolved): string[] {
  const most = architecture.maxPositionEmbeddings
  if (most === null || scenario.sequence <= most) return []
  return [`${formatTokens(scenario.sequence)} tokens are more than the ${formatTokens(most)} the model was made for.`]
}

function nodeNotes({ gpu, scenario }: Resolved): string[] {
  const { count } = scenario.hardware
  if (gpu.maxPerNode === null || count <= gpu.maxPerNode) return []
  return [
    `${count} of these GPUs are usually spread over ${Math.ceil(count / gpu.maxPerNode)} machines, ${gpu.maxPerNode} in each.`,
  ]
}
