/**
 * Names of weight schemes and what they mean where. Names are forgiving in case and separators; the generic ones
 * (`int8`, `int4`, `fp8`, `nf4`, …) mean what the runtime does when told so, listed in `generic`.
 */
import { refuse, ScenarioError } from '../../scenario/parse.ts'
import { closest } from '../../units.ts'
import { bitsandbytes4bit } from './bitsandbytes.ts'
import { flat, fp6, fp8, fp8WithMxfp4Experts, mxfp4, mxfp8, nvfp4, plain } from './float.ts'
import { gguf, type MixName, mixes } from './gguf/index.ts'
import {
  awq,
  exl2,
  gptq,
  hqq,
  llmInt8,
  smoothQuant,
  torchaoInt4,
  torchaoInt8,
  w4a16,
  w8a8,
  weightOnly,
} from './integer.ts'
import { plainBytes, type SchemeContext, type WeightScheme } from './scheme.ts'

type Make = (context: SchemeContext) => WeightScheme

const specific = {
  tf32: (c) => plain(c, 'tf32'),
  'fp8-tensor': (c) => fp8(c, 'tensor'),
  'fp8-channel': (c) => fp8(c, 'channel'),
  'fp8-block': (c) => fp8(c, 'block'),
  'llm.int8': llmInt8,
  'w8a8-int8': w8a8,
  smoothquant: smoothQuant,
  'weight-only-int8': (c) => weightOnly(c, 8),
  'weight-only-int4': (c) => weightOnly(c, 4),
  'gptq-int8': (c) => gptq(c, 8),
  'gptq-int4': (c) => gptq(c, 4),
  'gptq-int3': (c) => gptq(c, 3),
  'gptq-int2': (c) => gptq(c, 2),
  'awq-int4': awq,
  w4a16,
  // Kimi-K2-Thinking.
  'w4a16-g32': (c) => w4a16({ ...c, groupSize: c.groupSize ?? 32 }),
  'torchao-int8': (c) => torchaoInt8(c, false),
  'torchao-int8-dynamic': (c) => torchaoInt8(c, true),
  'torchao-int4': torchaoInt4,
  'hqq-int8': (c) => hqq(c, 8),
  'hqq-int4': (c) => hqq(c, 4),
  'hqq-int2': (c) => hqq(c, 2),
  'nf4-dq': (c) => bitsandbytes4bit(c, 'nf4', true),
  'fp4-dq': (c) => bitsandbytes4bit(c, 'fp4', true),
  'fp8-mxfp4': fp8WithMxfp4Experts,
  fp6,
  mxfp8,
  nvfp4,
} satisfies Record<string, Make>

type Specific = keyof typeof specific

/** What a generic name means: per runtime, else `any`. `flat` is that many bits for every parameter. */
interface Generic {
  any: Make
  flat: number
  gguf: MixName
  by?: Partial<Record<string, Make>>
}

const doublyQuantised: Make = (c) => bitsandbytes4bit(c, 'nf4', true)

const generic: Record<string, Generic> = {
  fp32: { any: (c) => plain(c, 'fp32'), flat: 32, gguf: 'F32' },
  fp16: { any: (c) => plain(c, 'fp16'), flat: 16, gguf: 'F16' },
  bf16: { any: (c) => plain(c, 'bf16'), flat: 16, gguf: 'BF16' },
  fp8: {
    any: (c) => fp8(c, c.architecture.quantisation === 'fp8' ? 'block' : 'tensor'),
    flat: 8,
    gguf: 'Q8_0',
    by: { 'gpt-fast': specific['fp8-channel'] },
  },
  int8: {
    any: llmInt8,
    flat: 8,
    gguf: 'Q8_0',
    by: {
      vllm: w8a8,
      sglang: w8a8,
      'tensorrt-llm': specific['weight-only-int8'],
      'gpt-fast': specific['torchao-int8'],
      torchtune: specific['torchao-int8'],
      torchtitan: specific['torchao-int8'],
      exllama: (c) => exl2(c, 8),
    },
  },
  int4: {
    any: (c) => nf4(c),
    flat: 4,
    gguf: 'Q4_0',
    by: {
      vllm: specific['gptq-int4'],
      sglang: specific['gptq-int4'],
      'tensorrt-llm': specific['weight-only-int4'],
      'gpt-fast': torchaoInt4,
      torchtitan: torchaoInt4,
      exllama: specific['gptq-int4'],
      awq,
    },
  },
  nf4: { any: (c) => nf4(c), flat: 4, gguf: 'Q4_0' },
  fp4: { any: (c) => bitsandbytes4bit(c, 'fp4', false), flat: 4, gguf: 'Q4_0' },
  mxfp4: { any: (c) => mxfp4(c), flat: 4, gguf: 'MXFP4_MOE' },
}

/** NF4 as each runtime configures bitsandbytes by default: these quantise the scales a second time. */
const doubleByDefault = ['unsloth', 'torchtune', 'fsdp-qlora', 'ms-swift']
const nf4: Make = (c) => (doubleByDefault.includes(c.runtime) ? doublyQuantised(c) : bitsandbytes4bit(c, 'nf4', false))

export const weightSchemeNames: readonly string[] = [
  ...Object.keys(generic),
  ...Object.keys(specific),
  'exl2-4.0',
  'exl3-4.0',
  ...Object.keys(mixes).filter((name) => !['F32', 'F16', 'BF16'].includes(name)),
]

/** Other ways to write a name, letters and digits only. */
const ways: Record<string, string> = {
  fp32: 'float32 f32',
  fp16: 'float16 half f16',
  bf16: 'bfloat16',
  'fp8-block': 'fp8block128',
  'fp8-tensor': 'fp8pertensor modelopt',
  'fp8-channel': 'fp8perchannel fp8dynamic',
  fp8: 'fp8e4m3 fp8e5m2 fp8w8a8 w8a8fp8',
  nvfp4: 'modeloptfp4 modeloptnvfp4 nvfp4a16',
  'llm.int8': 'llmint8 int8bnb bnbint8 bnb8bit',
  'w8a8-int8': 'w8a8 int8w8a8',
  smoothquant: 'int8smoothquant',
  'gptq-int4': 'gptq gptqmarlin',
  'awq-int4': 'awq awqmarlin',
  w4a16: 'autoround int4autoround autoroundint4',
  'gptq-int8': 'w8a16',
  int8: '8bit',
  int4: '4bit',
  'torchao-int8-dynamic': 'int8dynact int8dynamic',
  'torchao-int8': 'int8weightonlyperchannel int8wo',
  'torchao-int4': 'int4weightonlytinygemm int4tinygemm int4wo tinygemm',
  'weight-only-int8': 'int8weightonly',
  'weight-only-int4': 'int4weightonly',
  'hqq-int4': 'hqq',
  nf4: 'bnbnf4 nf4bnb bnb4bit bnb bitsandbytes',
  'nf4-dq': 'bnbnf4dq nf4doublequant',
  fp4: 'bnbfp4',
  'fp4-dq': 'bnbfp4dq',
  Q2_K: 'q2km',
  Q3_K_M: 'q3k',
  Q4_K_M: 'q4k',
  Q5_K_M: 'q5k',
}

const lettersAndDigits = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')

// Later entries win: a plain name such as bf16 is the runtime's, not the GGUF file of that name.
const canonical = new Map(
  [...Object.keys(mixes), ...Object.keys(specific), ...Object.keys(generic)].map((name) => [
    lettersAndDigits(name),
    name,
  ]),
)
for (const name in ways) for (const alias of ways[name]!.split(' ')) canonical.set(alias, name)

/** Unsloth's dynamic mixes, which differ from model to model. */
export const ownMix = (name: string) => /\bUD[\s_-]|_K_XL\b/i.test(name)

/** A scheme with the weights that share a scale. */
const grouped = /^(.+)-g(\d{2,4})$/i

/** EXL2 and EXL3, which are told their bits a weight. */
const exl = /^exl([23])[\s_-]*(\d(?:\.\d{1,3})?)(?:\s*bpw)?$/i

/**
 * The scheme of that name in that place; null: what the checkpoint is published in.
 * Also read: `exl2-4.65`, and the names llama.cpp prints, `Q4_K - Medium` or `IQ3_K - 3.43 bpw`, with or without "gguf".
 * @throws ScenarioError naming the nearest known names
 */
export function weightScheme(name: string | null, context: SchemeContext): WeightScheme {
  if (name === null) return published(context)
  const [, version, bits] = exl.exec(name.trim()) ?? []
  if (Number(bits) >= (version === '2' ? 2 : 1)) return exl2(context, Number(bits), version)
  const [stem, bpw] = withoutGguf(name)
  const found = canonical.get(lettersAndDigits(stem))
  const [, base = '', group] = grouped.exec(stem) ?? []
  if (found === undefined && canonical.has(lettersAndDigits(base))) {
    return weightScheme(base, { ...context, groupSize: context.groupSize ?? Number(group) })
  }
  if (found !== undefined && !(bpw !== null && ownMix(name))) return make(found, context)
  if (bpw !== null) return flat(context, name, bpw)
  const near = closest(name, weightSchemeNames, 3)
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : `known: ${weightSchemeNames.join(', ')}`
  throw refuse('precision.weights', name, `is not a known weight precision; ${hint}`)
}

/**
 * Takes off a leading "gguf", "- 3.43 bpw", the size word, and the row interleaving of ik_llama.cpp, which changes no size. Unsloth's dynamic
 * mixes, which are made model by model (`UD-Q4_K_XL`), are read as the standard one they begin from.
 */
function withoutGguf(name: string): [stem: string, bpw: number | null] {
  const bpw = /(\d+(?:\.\d+)?)\s*bpw\s*$/i.exec(name)
  const stem = (bpw ? name.slice(0, bpw.index) : name)
    .replace(/^\s*gguf[\s:_-]*/i, '')
    .replace(/\s*-\s*(small|medium|large)\s*$/i, (_, size: string) => `_${size[0]}`)
    .replace(/_R(4|8|16)\b/i, '')
    .replace(/^\s*UD[\s_-]/i, '')
    .replace(/^(q[3-5]_k)_xl$/i, '$1_m')
    .replace(/^(q[26]_k)_xl$/i, '$1')
    .replace(/^q8_k_xl$/i, 'Q8_0')
  return [stem, bpw ? Number(bpw[1]) : null]
}

function make(name: string, context: SchemeContext): WeightScheme {
  const meaning = generic[name]
  if (meaning === undefined) {
    return name in mixes ? gguf(context, name as MixName) : specific[name as Specific](context)
  }
  if (context.runtime === 'guide') return flat(context, name, meaning.flat)
  if (context.runtime === 'llama.cpp') return gguf(context, meaning.gguf)
  return (meaning.by?.[context.runtime] ?? meaning.any)(context)
}

/** Which scheme a checkpoint's own `quant_method` means. */
const byMethod: Record<string, (c: SchemeContext, kept: number) => WeightScheme> = {
  fp8: (c, kept) => fp8(c, 'block', kept),
  mxfp4: (c, kept) => mxfp4(c, kept),
  gptq: (c) => gptq(c, 4),
  awq: (c) => awq(c),
  bitsandbytes: (c) => bitsandbytes4bit(c, 'nf4', true),
}

function published(given: SchemeContext): WeightScheme {
  const context = { ...given, published: true }
  const { dtype, quantisation } = context.architecture
  const method = quantisation ?? (dtype === 'fp8' ? 'fp8' : null)
  if (method === null || dtype === 'fp32') return make(dtype, context)
  // A GGUF file is what its type says, whoever reads it.
  const mix = canonical.get(lettersAndDigits(method))
  if (mix !== undefined && mix in mixes) return make(mix, context)
  if (context.runtime === 'guide' || context.runtime === 'llama.cpp')
    return make(method in generic ? method : /8/.test(method.replace(grouped, '$1')) ? 'int8' : 'int4', context)
  const scheme = Object.hasOwn(byMethod, method) ? byMethod[method] : undefined
  if (scheme) return scheme(context, dtype === 'fp8' ? plainBytes.bf16 : plainBytes[dtype])
  const stem = method.replace(grouped, '$1')
  if (canonical.has(lettersAndDigits(stem)) || exl.test(method)) return weightScheme(method, context)
  const field = 'precision.weights'
  const told = `the checkpoint is quantised with ${JSON.stringify(method)}, which is not known here`
  const message = `${field}: ${told}; name the nearest precision, such as fp8, w4a16 or nvfp4`
  throw new ScenarioError([{ field, value: null, message }])
}
