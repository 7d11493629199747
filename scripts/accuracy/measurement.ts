/**
 * The format of published measurements: one object per measured number, with the configuration, the meter and the source.
 * Read as it stands; nothing here knows a scenario.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

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
  /** Address, or an object that holds it. */
  source: string | { url_or_repo_path: string }
  set: string
  boundary: boolean
  gold: boolean
  /** Part of the balanced pick that headline figures are made on. */
  gold_core: boolean
}

const unsaid: Omit<Measurement, 'id' | 'kind' | 'framework' | 'model' | 'measured' | 'source' | 'set'> = {
  framework_version: null,
  model_overrides: null,
  weights_precision: null,
  group_size: null,
  kv_precision: null,
  batch: null,
  micro_batch: null,
  grad_accum: null,
  seq_len: null,
  gen_len: null,
  gpus: null,
  gpu_model: null,
  parallelism: null,
  optimizer: null,
  master_weights: null,
  grad_precision: null,
  checkpointing: null,
  flash_attention: null,
  lora: null,
  other_settings: null,
  confidence: '',
  boundary: false,
  gold: false,
  gold_core: false,
}
const unmeasured = { value: null, unit: null, per: null, value_gib: null, unit_note: null }

/** Fields that are left out are null or false. @throws Error naming the file that is not a list of measurements */
export function readMeasurements(path: string): Measurement[] {
  const data: unknown = JSON.parse(readFileSync(path, 'utf8'))
  const rows = Array.isArray(data) ? data : (data as { rows?: unknown }).rows
  if (
    !Array.isArray(rows) ||
    rows.some((row) => typeof row?.id !== 'string' || typeof row?.measured?.what !== 'string')
  )
    throw new Error(`${path} is not a list of measurements: every row needs "id" and "measured": { "what": … }.`)
  return rows.map((row) => ({ ...unsaid, ...row, measured: { ...unmeasured, ...row.measured } }))
}

/** The published measurements of tests/fixtures, one file per kind. */
export function publishedFiles(): string[] {
  const folder = fileURLToPath(new URL('../../tests/fixtures/measurements/', import.meta.url))
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => folder + name)
}
