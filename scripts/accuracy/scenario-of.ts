/** From a measurement to a scenario, by general rules: framework, version, switches and the words of its settings. */
import { architectureOf } from '../../src/model/catalogue.ts'
import type { ScenarioInput } from '../../src/scenario/schema.ts'
import type { Measurement } from './measurement.ts'
import { modelOf } from './models.ts'
import { cacheOf, gpuOf, Inexpressible, runtimeOf, weightsOf } from './names.ts'
import { versionOf } from './releases.ts'
import { readSettings } from './settings.ts'
import { trainingOf } from './training-of.ts'

/** @throws Inexpressible with the reason */
export function scenarioOf(row: Measurement): ScenarioInput {
  const runtime = runtimeOf(row.framework)
  const text = row.other_settings ?? ''
  const parallelism = degreesOf(row)
  const least = Object.values(parallelism).reduce<number>((product, degree) => product * (degree ?? 1), 1)
  const base = {
    model: modelOf(row),
    runtime,
    runtimeVersion: versionOf(runtime, row.framework_version, text),
    hardware: { gpu: hardwareOf(row, text), count: Math.max(row.gpus ?? 1, least / (parallelism.expert ?? 1)) },
    parallelism,
  } satisfies ScenarioInput
  return row.kind === 'inference' ? { ...base, ...inferenceOf(row, text, base.model) } : trainingOf(row, base)
}

/** Degrees above 1; what is left of the GPUs is used as the runtime would. A sequence-parallel degree without tensor parallelism is Ulysses'. */
function degreesOf({ parallelism }: Measurement) {
  const above = (degree: number | null | undefined) => (degree && degree > 1 ? degree : null)
  const tensor = above(parallelism?.tp)
  const sequence = typeof parallelism?.sp === 'number' && tensor === null ? parallelism.sp : null
  return {
    tensor,
    pipeline: above(parallelism?.pp),
    data: above(parallelism?.dp),
    context: above(parallelism?.cp) ?? above(sequence),
    expert: above(parallelism?.ep),
  }
}

/** A log's own total is the card's, more exactly. */
function hardwareOf(row: Measurement, text: string): ReturnType<typeof gpuOf> {
  const gpu = gpuOf(row.gpu_model, row.measured.card_capacity_gb ?? null)
  const { totalGiB } = readSettings(text)
  if (totalGiB === null) return gpu
  return { name: typeof gpu === 'string' ? gpu : gpu.name, memoryMiB: Math.round(totalGiB * 1024), reserveMiB: 0 }
}

/** Prompts given as "short" in the text, and those not given at all, are a few words. */
const SHORT_PROMPT = 8

/** Servers are started for a length, the model's own unless said; others hold prompt and answer. */
function lengthsOf(
  row: Measurement,
  text: string,
  model: ScenarioInput['model'],
): { prompt: number | null; sequence: number } {
  const settings = readSettings(text)
  const runtime = runtimeOf(row.framework)
  if (row.seq_len === null && /\b(?:count|length) not stated\b/i.test(text))
    throw new Inexpressible('the prompt’s length is not stated')
  const said = settings.context ?? settings.maxModelLength ?? row.seq_len
  if (row.gen_len === null && ['vllm', 'sglang', 'tensorrt-llm'].includes(runtime)) {
    const longest = typeof model === 'string' ? architectureOf(model).maxPositionEmbeddings : null
    return { prompt: null, sequence: said ?? longest ?? 2048 }
  }
  const generated = row.gen_len ?? 0
  // A cache is allocated for that many tokens before a short prompt is run.
  if (/\bcache of cache_size tokens\b/i.test(text)) return { prompt: SHORT_PROMPT, sequence: said ?? generated }
  if (row.gen_len === null) return { prompt: null, sequence: said ?? SHORT_PROMPT }
  if (/\bsequence incl\. \d+ generated\b/i.test(text) && said !== null)
    return { prompt: Math.max(SHORT_PROMPT, said - generated), sequence: said }
  const prompt = row.seq_len ?? SHORT_PROMPT
  // AutoAWQ's benchmark.py allocates its cache for `max_new_tokens`, the generated tokens alone.
  if (/\bexamples\/benchmark\.py\b/.test(text) && runtime === 'awq')
    return { prompt, sequence: Math.max(prompt, generated) }
  // The last token that is generated is never put into the cache.
  return { prompt, sequence: Math.max(prompt, prompt + generated - 1) }
}

function inferenceOf(row: Measurement, text: string, model: ScenarioInput['model']): Partial<ScenarioInput> {
  const settings = readSettings(text)
  const { prompt, sequence } = lengthsOf(row, text, model)
  if (/\blinear_causal_mask\b/.test(text)) throw new Inexpressible('a causal mask made row by row has no switch')
  return {
    task: 'inference',
    precision: {
      weights: weightsOf(row.weights_precision),
      kvCache: cacheOf(row.kv_precision),
      compute: computeOf(row),
      groupSize: row.group_size,
    },
    batch: row.batch ?? 1,
    sequence: Math.max(1, sequence),
    serving: {
      ...(settings.utilization === null ? {} : { gpuMemoryUtilization: settings.utilization }),
      maxBatchedTokens: settings.ubatch ?? settings.maxBatchedTokens,
      maxSequences: settings.maxSequences,
      cudaGraphs: settings.cudaGraphs,
      attention: attentionOf(row),
      slidingCache: settings.slidingCache ?? (/ik_llama/i.test(row.framework) ? false : null),
      latentCache: latentOf(row, settings.mlaMode),
      overheadMiB:
        row.measured.what === 'non_torch' || settings.overheadGiB === null ? null : settings.overheadGiB * 1024,
      promptTokens: prompt,
    },
  }
}

export function computeOf(row: Measurement): 'fp32' | 'fp16' | 'bf16' {
  const said = `${row.weights_precision ?? ''} ${row.kv_precision ?? ''}`
  if (/^fp32\b(?!.*(?:autocast|bf16|fp16|amp))/i.test(row.weights_precision ?? '')) return 'fp32'
  return /fp16|float16|gptq|awq/i.test(said) && !/bf16/i.test(said) ? 'fp16' : 'bf16'
}

/** Null where nothing is said: what the runtime does. */
export function attentionOf(row: Measurement): 'eager' | 'sdpa' | 'flash' | null {
  const said = row.flash_attention
  if (said === null || /unknown|none stated/i.test(said)) return null
  if (/eager|^off/i.test(said)) return 'eager'
  if (/sdpa/i.test(said) && !/fa2|flash_attention_2/i.test(said)) return 'sdpa'
  return 'flash'
}

/**
 * ik_llama.cpp's modes: 0 caches every head, 1 the latent vector and (without flash attention) its transposed values, 2 and 3 the latent vector,
 * of which flash attention makes keys and values anew.
 */
function latentOf(row: Measurement, mode: number | null): 'latent' | 'unpacked' | 'transposed' | 'expanded' | null {
  if (mode === null || (row.kv_precision ?? '').startsWith('K=')) return mode === null ? null : 'expanded'
  const flash = /on/i.test(row.flash_attention ?? '')
  if (mode === 0) return 'expanded'
  if (mode === 1) return flash ? 'latent' : 'transposed'
  return flash ? 'unpacked' : 'latent'
}
