/** From a measurement to a scenario, by general rules: framework, version, switches and the words of its settings. */
import type { ScenarioInput } from '../../src/scenario/schema.ts'
import type { Measurement } from './measurement.ts'
import { modelOf } from './models.ts'
import { cacheOf, gpuOf, runtimeOf, weightsOf } from './names.ts'
import { versionOf } from './releases.ts'
import { readSettings } from './settings.ts'
import { trainingOf } from './training-of.ts'

/** @throws Inexpressible with the reason */
export function scenarioOf(row: Measurement): ScenarioInput {
  const runtime = runtimeOf(row.framework)
  const text = row.other_settings ?? ''
  const gpus = row.gpus ?? 1
  const degrees = row.parallelism
  const base = {
    model: modelOf(row),
    runtime,
    runtimeVersion: versionOf(runtime, row.framework_version),
    hardware: { gpu: gpuOf(row.gpu_model, row.measured.card_capacity_gb ?? null), count: gpus },
    parallelism: {
      tensor: degrees?.tp ?? null,
      pipeline: degrees?.pp ?? null,
      data: degrees?.dp ?? null,
      context: degrees?.cp ?? null,
      expert: degrees?.ep ?? null,
    },
  } satisfies ScenarioInput
  return row.kind === 'inference' ? { ...base, ...inferenceOf(row, text) } : trainingOf(row, base)
}

/** Prompts given as "short" in the text, and those not given at all, are a few words. */
const SHORT_PROMPT = 8

function inferenceOf(row: Measurement, text: string): Partial<ScenarioInput> {
  const settings = readSettings(text)
  const prompt = row.seq_len ?? SHORT_PROMPT
  const runtime = runtimeOf(row.framework)
  const held = /\bcache of cache_size tokens\b|\bsequence incl\. \d+ generated\b/i.test(text) || row.gen_len === null
  const sequence = settings.context ?? settings.maxModelLength ?? (held ? prompt : prompt + (row.gen_len ?? 0))
  const kernel = /\bkernel ([\w-]+)/i.exec(text)?.[1]
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
      promptTokens: runtime === 'llama.cpp' || row.seq_len === null || held ? null : Math.max(1, prompt),
    },
    ...(kernel ? {} : {}),
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
