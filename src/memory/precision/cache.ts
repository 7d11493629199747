/** Stored bytes of cached keys and values, scales included. */
import { refuse } from '../../scenario/parse.ts'
import type { Scenario } from '../../scenario/schema.ts'
import { closest } from '../../units.ts'
import { blockRatio } from './gguf/rows.ts'
import { type Ratio, ratio } from './ratio.ts'
import type { ComputeType } from './scheme.ts'

/**
 * fp8 has static scales, which cost nothing a token. int8 and int4 keep 4 bytes per head and token, written here for heads
 * of 128: an fp32 scale in vLLM's `int8_per_token_head`, a 16-bit scale and zero in Qwen's and LMDeploy's. nvfp4 has an FP8 scale per 16
 * elements (vLLM, SGLang's fp4_e2m1, TensorRT-LLM). fp8_ds_mla is the entry of DeepSeek's sparse attention, 576 elements: 512 in FP8 with four
 * fp32 scales, 64 rotated in 16 bits (vllm, vllm/v1/attention/backends/mla/flashmla_sparse.py). The others are block formats of ggml.
 */
const stored: Record<string, Ratio> = {
  fp32: ratio(4),
  fp16: ratio(2),
  bf16: ratio(2),
  fp8: ratio(1),
  int8: ratio(128 + 4, 128),
  int4: ratio(64 + 4, 128),
  nvfp4: ratio(9, 16),
  fp8_ds_mla: ratio(656, 576),
  q8_0: blockRatio('Q8_0'),
  q5_1: blockRatio('Q5_1'),
  q5_0: blockRatio('Q5_0'),
  q4_1: blockRatio('Q4_1'),
  q4_0: blockRatio('Q4_0'),
  iq4_nl: blockRatio('IQ4_NL'),
}

export const cacheSchemeNames: readonly string[] = Object.keys(stored)

export interface CacheScheme {
  id: string
  key: Ratio
  value: Ratio
}

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')
const known = new Map(cacheSchemeNames.map((name) => [plain(name), name]))
for (const [alias, name] of Object.entries({
  f16: 'fp16',
  f32: 'fp32',
  fp8e4m3: 'fp8',
  fp8e5m2: 'fp8',
  fp8inc: 'fp8',
  fp4: 'nvfp4',
  fp4e2m1: 'nvfp4',
  int8pertokenhead: 'int8',
  int4pertokenhead: 'int4',
}))
  known.set(alias, name)

/** Reads `fp8`, `q8_0`, or keys and values apart, `K=q8_0,V=q4_0`. @throws ScenarioError for an unknown type */
export function cacheScheme(name: string | null, compute: ComputeType): CacheScheme {
  if (name === null || name === 'auto') return cacheScheme(compute === 'tf32' ? 'fp32' : compute, compute)
  const pair = /^\s*k\s*=\s*([\w.]+)\s*[,+; ]\s*v\s*=\s*([\w.]+)\s*$/i.exec(name)
  const key = typeNamed(pair?.[1] ?? name, name)
  const value = typeNamed(pair?.[2] ?? name, name)
  return { id: key === value ? key : `K=${key},V=${value}`, key: stored[key]!, value: stored[value]! }
}

/** The cache of a scenario: what it names, else the compute type; llama.cpp's is F16 whatever the model's type (llama-server --cache-type-k). */
export const cacheOf = ({ precision, runtime }: Pick<Scenario, 'precision' | 'runtime'>): CacheScheme =>
  cacheScheme(
    precision.kvCache ?? (runtime === 'llama.cpp' && precision.compute === 'bf16' ? 'fp16' : null),
    precision.compute,
  )

function typeNamed(part: string, whole: string): string {
  const found = known.get(plain(part))
  if (found) return found
  const near = closest(part, cacheSchemeNames, 3)
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : `known: ${cacheSchemeNames.join(', ')}`
  throw refuse('precision.kvCache', whole, `is not a known cache type; ${hint}`)
}
