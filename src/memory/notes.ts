/** What a reader should know beside the numbers: true, short sentences about this scenario. Nothing here changes a byte. */
import type { Formats } from '../hardware/gpu.ts'
import type { Resolved } from '../scenario/resolve.ts'
import { runtimeNames } from '../scenario/runtimes.ts'
import { formatTokens } from '../units.ts'
import { before } from './inference/version.ts'
import { sharingGroup } from './layout.ts'
import { schemeOf } from './lower.ts'
import { poolOf } from './pool.ts'
import { ownMix } from './precision/index.ts'
import { fp16Changes, obstacleTo } from './runnable.ts'
import { recipeOf } from './training/recipe.ts'

/** Sentences, most important first; empty when there is nothing to say. @throws ScenarioError for an unknown precision */
export function notesOf(resolved: Resolved): string[] {
  const obstacle = obstacleTo(resolved)
  return [
    ...(obstacle ? [obstacle.message] : formatNotes(resolved)),
    ...(obstacle ? [] : poolNotes(resolved)),
    ...shardNotes(resolved),
    ...aloneNotes(resolved),
    ...lengthNotes(resolved),
    ...(obstacle ? [] : nodeNotes(resolved)),
    ...mixNotes(resolved),
    ...promptNotes(resolved),
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

/**
 * Out of memory for all sequences at once is not out of memory for a server with a pool: it starts where one of that length fits, and queues. vLLM
 * refuses to start where none does (v1/core/kv_cache_utils.py, "To serve at least one request with the model's max seq len …"); SGLang cuts
 * requests to what its pool holds (managers/tp_worker.py, max_req_len).
 */
function poolNotes(resolved: Resolved): string[] {
  const { runtime, batch, sequence, task } = resolved.scenario
  const pool = task === 'inference' && poolOf(resolved)
  if (!pool || pool.sequences >= batch) return []
  const name = runtimeNames[runtime]
  if (pool.sequences > 0) {
    const others = batch - pool.sequences === 1 ? 'the other waits' : 'the others wait'
    return [
      `${name} would start: its cache holds ${formatTokens(pool.tokens)} tokens, ${pool.sequences} of these ${batch} sequences at once; ${others}.`,
    ]
  }
  const none = `not one sequence of ${formatTokens(sequence)} tokens fits its cache, which holds ${formatTokens(pool.tokens)}`
  if (runtime === 'vllm') return [`vLLM refuses to start for this length: ${none}.`]
  return [`Nor does ${name} serve them one by one: ${none}.`]
}

/** A stage that was said and has nobody to share with. DeepSpeed's engine works alike for one GPU: partitions, buckets, fp32 copies. */
function aloneNotes({ scenario }: Resolved): string[] {
  const { task, runtime, parallelism } = scenario
  const engine = runtime === 'deepspeed' || runtime === 'ms-swift'
  if (task === 'inference' || runtime === 'guide' || engine || !parallelism.zero || sharingGroup(scenario) > 1)
    return []
  return [
    `ZeRO stage ${parallelism.zero} changes nothing here: it shares states among data-parallel GPUs, and there is one.`,
  ]
}

function lengthNotes({ architecture, scenario }: Resolved): string[] {
  const most = architecture.maxPositionEmbeddings
  if (most === null || scenario.sequence <= most) return []
  return [`${formatTokens(scenario.sequence)} tokens are more than the ${formatTokens(most)} the model was made for.`]
}

/** Unsloth's UD-Q4_K_XL of Qwen3.5-27B is 6 % larger than Q4_K_M, of Qwen3.5-397B 9 % smaller (ggml-org/Llama-macOS#63). */
function mixNotes({ scenario }: Resolved): string[] {
  const { weights } = scenario.precision
  if (weights === null || !ownMix(weights) || /bpw/i.test(weights)) return []
  return [
    `${weights} is mixed anew for every model: weights are those of the standard mix, from which its files differ by up to a tenth. Add the bits per weight that llama.cpp prints, such as "${weights} 4.9 bpw".`,
  ]
}

/** EngineArgs.create_engine_config, until 0.8: chunked prefill by default once max_model_len is above 32K. */
function promptNotes({ scenario }: Resolved): string[] {
  const { runtime, sequence, serving } = scenario
  const splits = runtime === 'vllm' && before(scenario, 0, 8) && sequence > 32_768
  if (!splits || serving.maxBatchedTokens !== null) return []
  return [
    'vLLM before 0.8 splits prompts once a server is started for more than 32 768 tokens: for such a server set serving.maxBatchedTokens to what its log says, 2048 or 512.',
  ]
}

function nodeNotes({ gpu, scenario }: Resolved): string[] {
  const { count } = scenario.hardware
  if (gpu.maxPerNode === null || count <= gpu.maxPerNode) return []
  return [
    `${count} of these GPUs are usually spread over ${Math.ceil(count / gpu.maxPerNode)} machines, ${gpu.maxPerNode} in each.`,
  ]
}
