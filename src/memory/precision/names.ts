/** Names of weight schemes and what they mean where: forgiving in case and separators, generic names by runtime and task. */
import { refuse } from '../../scenario/parse.ts'
import { closest } from '../../units.ts'
import { bitsandbytes4bit } from './bitsandbytes.ts'
import { flat, fp8, plain } from './float.ts'
import { awq, gptq, llmInt8, w8a8 } from './integer.ts'
import { ratio } from './ratio.ts'
import { plainBytes, type SchemeContext, type WeightScheme } from './scheme.ts'

type Make = (context: SchemeContext) => WeightScheme

const schemes: Record<string, Make> = {
  fp32: (c) => plain(c, 'fp32'),
  tf32: (c) => plain(c, 'tf32'),
  fp16: (c) => plain(c, 'fp16'),
  bf16: (c) => plain(c, 'bf16'),
  fp8: (c) => (c.runtime === 'guide' ? flat(c, 'fp8', ratio(1)) : fp8(c, 'tensor')),
  'fp8-channel': (c) => fp8(c, 'channel'),
  'fp8-block': (c) => fp8(c, 'block'),
  int8: genericInt8,
  int4: genericInt4,
  'llm.int8': llmInt8,
  'w8a8-int8': w8a8,
  'gptq-int8': (c) => gptq(c, 8),
  'gptq-int4': (c) => gptq(c, 4),
  'gptq-int3': (c) => gptq(c, 3),
  'awq-int4': awq,
  nf4: (c) => bitsandbytes4bit(c, 'nf4', false),
  'nf4-dq': (c) => bitsandbytes4bit(c, 'nf4', true),
  fp4: (c) => bitsandbytes4bit(c, 'fp4', false),
  'fp4-dq': (c) => bitsandbytes4bit(c, 'fp4', true),
}

const servers = ['vllm', 'sglang', 'tensorrt-llm']

function genericInt8(context: SchemeContext): WeightScheme {
  if (context.runtime === 'guide') return flat(context, 'int8', ratio(1))
  return servers.includes(context.runtime) ? w8a8(context) : llmInt8(context)
}

function genericInt4(context: SchemeContext): WeightScheme {
  if (context.runtime === 'guide') return flat(context, 'int4', ratio(1, 2))
  if (context.runtime === 'awq') return awq(context)
  return servers.includes(context.runtime) || context.runtime === 'exllama'
    ? gptq(context, 4)
    : bitsandbytes4bit(context, 'nf4', false)
}

export const weightSchemeNames: readonly string[] = Object.keys(schemes)

const plainName = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')

const byName = new Map(weightSchemeNames.map((name) => [plainName(name), schemes[name]!]))
for (const code of ['nf4', 'fp4']) {
  byName.set(`bnb${code}`, schemes[code]!).set(`bnb${code}dq`, schemes[`${code}-dq`]!)
}

/**
 * The scheme of that name in that place; null: what the checkpoint is published in.
 * @throws ScenarioError naming the nearest known names
 */
export function weightScheme(name: string | null, context: SchemeContext): WeightScheme {
  if (name === null) return published(context)
  const make = byName.get(plainName(name))
  if (make) return make(context)
  const near = closest(name, weightSchemeNames, 3)
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : `known: ${weightSchemeNames.join(', ')}`
  throw refuse('precision.weights', name, `is not a known weight precision; ${hint}`)
}

function published(context: SchemeContext): WeightScheme {
  const { dtype, quantisation } = context.architecture
  const kept = dtype === 'fp8' ? plainBytes.bf16 : plainBytes[dtype]
  if (quantisation === 'fp8' || dtype === 'fp8') return fp8(context, 'block', kept)
  return plain(context, dtype)
}
