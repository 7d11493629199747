/** What measurements call things, in the scenario's words: frameworks, precisions, GPUs. */
import { findGpu, UnknownGpuError } from '../../src/hardware/find-gpu.ts'
import type { ScenarioInput } from '../../src/scenario/schema.ts'

/** A row the scenario cannot express; the message is the reason that is listed. */
export class Inexpressible extends Error {}

type Runtime = NonNullable<ScenarioInput['runtime']>

/** First match wins: a wrapper is named before what it wraps. */
const runtimes: [RegExp, Runtime][] = [
  [/fsdp_qlora/i, 'fsdp-qlora'],
  [/unsloth/i, 'unsloth'],
  [/megatron/i, 'megatron'],
  [/swift/i, 'ms-swift'],
  [/gpt-fast|torchao/i, 'gpt-fast'],
  [/autoawq/i, 'awq'],
  [/exllama/i, 'exllama'],
  [/sglang/i, 'sglang'],
  [/tensorrt|trt-llm/i, 'tensorrt-llm'],
  [/vllm/i, 'vllm'],
  [/llama\.cpp/i, 'llama.cpp'],
  [/torchtune/i, 'torchtune'],
  [/torchtitan/i, 'torchtitan'],
  [/lit[-_ ]?(gpt|llama|parrot)\b/i, 'litgpt'],
  [/deepspeed/i, 'deepspeed'],
  [/nemo\b/i, 'megatron'],
  [/peft/i, 'peft'],
  [/ollama|koboldcpp|llamafile/i, 'llama.cpp'],
  // What is built around its models: their code, its Trainer's habits.
  [
    /transformers|accelerate|composer|axolotl|\bHF\b|hugging ?face|\btrl\b|llama[-_ ]?(factory|cookbook|recipes)|optimum/i,
    'transformers',
  ],
  [/auto-?gptq|bitsandbytes|\bqlora\b|\bgalore\b|longlora|\bfsdp\b/i, 'transformers'],
]

export function runtimeOf(framework: string): Runtime {
  const found = runtimes.find(([pattern]) => pattern.test(framework))
  if (!found) throw new Inexpressible(`no runtime is known for framework "${framework}"`)
  return found[1]
}

const schemes: [RegExp, string | ((match: RegExpExecArray) => string)][] = [
  [/^gguf\s+(\w+?)(?:_R\d+)?(?:\s*-.*)?$/i, (m) => ggufMix(m[0])],
  [/exl2\D*(\d+(?:\.\d+)?)/i, (m) => `exl2-${m[1]}`],
  [/gptq[- ]?int(\d)/i, (m) => `gptq-int${m[1]}`],
  [/gptq\D*(\d)[- ]?bit/i, (m) => `gptq-int${m[1]}`],
  [/hqq\D*(\d)/i, (m) => `hqq-int${m[1]}`],
  [/awq/i, 'awq-int4'],
  [/(?:nf4|bnb).*(?:dq|double)/i, 'nf4-dq'],
  [/bnb-4bit.*fp4|\bfp4\b.*bnb/i, 'fp4'],
  [/nf4|(?:bnb|bitsandbytes)\W*(?:int4|4-?bit)|int4 \(bnb/i, 'nf4'],
  [/nvfp4/i, 'nvfp4'],
  [/mxfp4/i, 'mxfp4'],
  [/fp8 block/i, 'fp8-block'],
  [/fp8/i, 'fp8'],
  [/int8 w8a8|smoothquant/i, 'w8a8-int8'],
  [/int8 \(bnb|llm\.int8|(?:bnb|bitsandbytes)\W*(?:int8|8-?bit)/i, 'llm.int8'],
  [/\bw4a16\b/i, 'gptq-int4'],
  [/int8|\b8-?bit/i, 'int8'],
  [/int4|\b4-?bit/i, 'int4'],
  [/fp6/i, 'fp6'],
  [/^fp32\b/i, 'fp32'],
  [/bf16|bfloat16/i, 'bf16'],
  [/fp16|float16/i, 'fp16'],
  [/^float32\b/i, 'fp32'],
]

/** `gguf Q4_K - Medium` and `gguf IQ4_K_R4 - 4.5 bpw` name a mix; row-interleaved types (`_R4`) are stored alike. */
function ggufMix(text: string): string {
  const [, type = '', note = ''] = /^gguf\s+(\w+)(?:\s*-\s*(.*))?$/i.exec(text) ?? []
  const size = /^(small|medium|large)$/i.exec(note)?.[1]
  return `${type.replace(/_R\d+$/, '')}${size ? `_${size[0]?.toUpperCase()}` : ''}`
}

/** The scheme's name, or null where the row does not say: the checkpoint as published. What is no phrase may be a name the scenario knows. */
export function weightsOf(precision: string | null): string | null {
  if (precision === null) return null
  for (const [pattern, name] of schemes) {
    const match = pattern.exec(precision)
    if (match) return typeof name === 'string' ? name : name(match)
  }
  if (/^[\w.]+$/.test(precision)) return precision
  throw new Inexpressible(`weights in "${precision}" have no scheme`)
}

/** `c^KV=f16` is the latent cache; one type then serves keys and values. */
export function cacheOf(precision: string | null): string | null {
  if (precision === null || precision === 'auto') return null
  const pair = /^K=(\w+)\+V=(\w+)$/.exec(precision)
  if (pair) return pair[1] === pair[2] ? (pair[1] ?? null) : `K=${pair[1]},V=${pair[2]}`
  return precision
    .replace(/^c\^KV=/, '')
    .replace(/\s*\(.*$/, '')
    .replace(/ per-token.*$/i, '_per_token_head')
}

type GpuInput = NonNullable<NonNullable<ScenarioInput['hardware']>['gpu']>

/** Where no card is named its memory is all that is known; where nothing is, a data-centre card stands in. */
export function gpuOf(name: string | null, capacityGB: number | null): GpuInput {
  const wanted = (name ?? '').replace(/\s*\(.*$/, '')
  for (const candidate of [name ?? '', wanted, (wanted.split(',')[0] ?? '').replace(/-class$/, '')]) {
    try {
      return findGpu(candidate).id
    } catch (error) {
      if (!(error instanceof UnknownGpuError)) throw error
    }
  }
  if (/\+ .*[A-Z]{2}/.test(wanted)) throw new Inexpressible(`different GPUs together: ${name}`)
  const size = /(\d+)\s*Gi?B/i.exec(name ?? '')?.[1] ?? (capacityGB === null ? null : String(capacityGB))
  if (size !== null) return { name: `${size} GB card`, memoryMiB: Number(size) * 1024, reserveMiB: 512 }
  return 'A100-SXM-80GB'
}
