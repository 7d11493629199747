/**
 * The format of published measurements: one object per measured number, with the configuration, the meter and the source.
 * Read as it stands; nothing here knows a scenario.
 */
import { readFileSync } from 'node:fs'

export interface Measurement {
  id: string
  kind: 'inference' | 'full' | 'lora' | 'qlora' | 'pretrain'
  framework: string
  framework_version: string | null
  model: string
  /** Dimensions, for models that are only described. */
  model_overrides: Record<string, unknown> | null
  weights_precision: string | null
  group_size: number | null
  kv_precision: string | null
  batch: number | null
  micro_batch: number | null
  grad_accum: number | null
  /** Prompt tokens, training length or context, as the framework counts them. */
  seq_len: number | null
  gen_len: number | null
  gpus: number | null
  gpu_model: string | null
  parallelism: {
    tp: number | null
    pp: number | null
    dp: number | null
    cp: number | null
    ep: number | null
    sp: boolean | number | null
    zero_fsdp: string | null
  } | null
  optimizer: string | null
  master_weights: string | null
  grad_precision: string | null
  checkpointing: string | null
  flash_attention: string | null
  lora: Record<string, unknown> | null
  /** Free text: command line, meter, dataset. */
  other_settings: string | null
  measured: {
    what: string
    value: number | null
    unit: string | null
    per: 'gpu' | 'total' | null
    value_gib: number | null
    unit_note: string | null
    card_capacity_gb?: number | null
  }
  confidence: string
  source: { url_or_repo_path: string }
  set: string
  boundary: boolean
  gold: boolean
  gold_core: boolean
}

/** @throws Error naming the file that is not a list of measurements */
export function readMeasurements(path: string): Measurement[] {
  const data: unknown = JSON.parse(readFileSync(path, 'utf8'))
  const rows = Array.isArray(data) ? data : (data as { rows?: unknown }).rows
  if (
    !Array.isArray(rows) ||
    rows.some((row) => typeof row?.id !== 'string' || typeof row?.measured?.what !== 'string')
  )
    throw new Error(`${path} is not a list of measurements: every row needs "id" and "measured": { "what": … }.`)
  return rows as Measurement[]
}
