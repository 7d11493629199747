/** Bits per weight of one large linear layer, against the papers and file layouts that define each format. */
import { describe, expect, test } from 'vitest'
import { bitsPerElement, type SchemeContext, weightScheme } from '../../../../src/memory/precision/index.ts'
import type { Architecture, Tensor } from '../../../../src/model/architecture.ts'
import { architectureOf } from '../../../../src/model/catalogue.ts'
import { contextOf } from './weigh.ts'

const llama70 = architectureOf('meta-llama/Llama-3.1-70B')
const find = (architecture: Architecture, ending: string): Tensor =>
  [...architecture.outside, ...architecture.kinds.flatMap((kind) => kind.tensors)].find((t) => t.name.endsWith(ending))!

function bits(name: string | null, over: Partial<SchemeContext> = {}, ending = 'down_proj'): number {
  const architecture = over.architecture ?? llama70
  const scheme = weightScheme(name, contextOf(architecture, over))
  return bitsPerElement(scheme.ofTensor(find(architecture, ending), { architecture, layer: 20 }))
}

describe('bits per weight of down_proj (8192 × 28672)', () => {
  test.each([
    ['fp32', 32],
    ['TF32', 32],
    ['fp16', 16],
    ['bfloat16', 16],
    ['fp8', 8],
    ['fp8-channel', 8 + 32 / 28672],
    ['fp8 block128', 8 + 32 / 128 ** 2],
    ['LLM.int8', 8 + 32 / 28672],
    ['w8a8', 8 + 32 / 28672],
    ['mxfp8', 8.25],
    ['fp6', 6 + 16 / 28672],
    ['MXFP4', 4.25],
    ['NVFP4', 4.5],
    ['hqq-int4', 4.5],
    ['exl2-4.65', 4.65],
    ['w4a16', 4.125],
    ['int4 weight-only', 4 + 16 / 28672],
  ])('%s: %s', (name, published) => {
    expect(bits(name)).toBeCloseTo(published, 12)
  })

  test('NF4: 4.5; double quantisation saves 0.373 bits (QLoRA, arXiv:2305.14314 §3)', () => {
    expect(bits('NF4')).toBe(4.5)
    expect(bits('bnb-nf4') - bits('bnb-nf4-dq')).toBeCloseTo(0.373, 3)
    expect(bits('nf4', { runtime: 'unsloth' })).toBe(bits('nf4-dq'))
  })

  test('GPTQ and AWQ in groups of 128: 4 + (16 + 4) / 128 ≈ 4.156; GPTQ adds a 32-bit group index per column', () => {
    expect(bits('awq-int4')).toBe(4.15625)
    expect(bits('GPTQ_INT4')).toBe(4.15625 + 32 / 8192)
    expect(bits('gptq-int8')).toBe(8 + 24 / 128 + 32 / 8192)
    expect(bits('gptq-int4', { groupSize: 32 })).toBe(4 + 20 / 32 + 32 / 8192)
    expect(bits('gptq-int4', { runtime: 'vllm' })).toBe(4.125)
    expect(bits('gptq-int4-g32')).toBe(4 + 20 / 32 + 32 / 8192)
  })

  test('a checkpoint’s own group counts, whoever reads it, until another is asked for', () => {
    const published = (quantisation: string) => ({ architecture: { ...llama70, quantisation } })
    expect(bits(null, published('awq-int4-g64'))).toBe(4 + 20 / 64)
    expect(bits(null, { ...published('gptq-int4-g32'), runtime: 'vllm' })).toBe(4 + 16 / 32)
    expect(bits(null, { ...published('awq-int4-g64'), groupSize: 32 })).toBe(4 + 20 / 32)
    // Q4_0, though the group has an 8 in it.
    expect(bits(null, { ...published('awq-int4-g80'), runtime: 'llama.cpp' })).toBe(4.5)
  })

  /** ggml-common.h: bytes of a block × 8 / elements, as the comments there state them. */
  test.each([
    ['Q8_0', 8.5],
    ['Q6_K', 6.5625],
    ['Q5_K_S', 5.5],
    ['Q4_K_S', 4.5],
    ['Q3_K_S', 3.4375],
    ['Q2_K_S', 2.625],
    ['IQ4_XS', 4.25],
    ['IQ3_S', 3.4375],
    ['IQ3_XXS', 3.0625],
    ['IQ2_M', 2.5625],
    ['IQ2_XS', 2.3125],
    ['IQ2_XXS', 2.0625],
    ['IQ1_M', 1.75],
    ['IQ1_S', 1.5625],
    ['TQ1_0', 1.6875],
    ['TQ2_0', 2.0625],
    ['IQ2_K', 2.375],
    ['IQ3_K', 3.4375],
    ['IQ4_K_R4', 4.5],
    ['IQ6_K', 6.625],
  ])('%s: %s', (name, published) => {
    expect(bits(name)).toBe(published)
  })
})

describe('what stays as it was', () => {
  test.each(['nf4', 'llm.int8', 'gptq-int4', 'awq-int4', 'fp8', 'w4a16', 'nvfp4'])(
    '%s leaves head, embedding, norms',
    (name) => {
      for (const kept of ['lm_head', 'embed_tokens', 'input_layernorm']) expect(bits(name, {}, kept)).toBe(16)
    },
  )

  test('torchao converts the head too, as a module like any other', () => {
    expect(bits('fp6', {}, 'lm_head')).toBeLessThan(6.01)
    expect(bits('fp6', {}, 'embed_tokens')).toBe(16)
  })

  test('routers stay (Mixtral)', () => {
    const architecture = architectureOf('mistralai/Mixtral-8x7B-v0.1')
    expect(bits('awq-int4', { architecture }, 'block_sparse_moe.gate')).toBe(16)
    expect(bits('awq-int4', { architecture }, 'experts.w2')).toBe(4.15625)
  })

  test('bitsandbytes skips experts held in one parameter (bitsandbytes#1849)', () => {
    const architecture = architectureOf('openai/gpt-oss-20b')
    expect(bits('nf4', { architecture }, 'experts.down_proj')).toBe(16)
    expect(bits('nf4', { architecture }, 'o_proj')).toBe(4.5)
    const mixtral = architectureOf('mistralai/Mixtral-8x7B-v0.1')
    expect(bits('nf4', { architecture: mixtral, runtimeVersion: '4.57' }, 'experts.w2')).toBe(4.5)
    expect(bits('nf4', { architecture: mixtral, runtimeVersion: '5.0' }, 'experts.w2')).toBe(16)
  })

  test('GGUF keeps vectors and routers in F32 and gives embedding and head types of their own', () => {
    const gguf = { runtime: 'llama.cpp' }
    expect(bits('Q4_K_S', gguf, 'input_layernorm')).toBe(32)
    expect(bits('Q4_K_S', gguf, 'embed_tokens')).toBe(4.5)
    expect(bits('Q4_K_S', gguf, 'lm_head')).toBe(6.5625)
    const architecture = architectureOf('mistralai/Mixtral-8x7B-v0.1')
    expect(bits('Q4_K_M', { ...gguf, architecture }, 'block_sparse_moe.gate')).toBe(32)
    expect(bits('Q4_K_M', { ...gguf, architecture }, 'v_proj')).toBe(8.5)
  })
})

describe('checkpoints published quantised', () => {
  test('gpt-oss: MXFP4 on the experts’ weights, 16 bits elsewhere', () => {
    const architecture = architectureOf('openai/gpt-oss-20b')
    expect(bits(null, { architecture }, 'experts.down_proj')).toBe(4.25)
    expect(bits(null, { architecture }, 'experts.down_proj.bias')).toBe(16)
    expect(bits(null, { architecture }, 'o_proj')).toBe(16)
  })

  test('DeepSeek-V3: FP8 has 41,540,496 scales, MTP layer included (weights file of 684,531,386,000 elements)', () => {
    const architecture = architectureOf('deepseek-ai/DeepSeek-V3')
    const scheme = weightScheme(null, contextOf(architecture))
    let scales = 0
    const add = (tensor: Tensor, layer: number | null) => {
      const { bytes, per } = scheme.ofTensor(tensor, { architecture, layer })
      const elements = tensor.count * tensor.out * tensor.in
      if (bytes !== 2 * per) scales += (elements * bytes) / per / 4 - elements / 4
    }
    for (const tensor of architecture.outside) add(tensor, null)
    architecture.order.forEach((kind, layer) => {
      for (const tensor of architecture.kinds[kind]!.tensors) add(tensor, layer)
    })
    expect(Math.round(scales)).toBe(41_540_496)
  })

  test('a method without one meaning is refused, with the remedy', () => {
    const architecture = { ...llama70, quantisation: 'compressed-tensors' }
    expect(() => bits(null, { architecture })).toThrow(/compressed-tensors.*name the nearest precision/)
  })
})

/** The numeric contract: parameters × numerator is computed in safe integers before the division, also for tensors stored alike together. */
test('numerators stay safe for the largest models', () => {
  for (const id of ['meta-llama/Llama-3.1-405B', 'deepseek-ai/DeepSeek-V3', 'Qwen/Qwen3-235B-A22B']) {
    const architecture = architectureOf(id)
    for (const name of ['gptq-int4', 'llm.int8', 'fp8-block', 'torchao-int4', 'nf4-dq', 'Q4_K_M', 'hqq-int4']) {
      const scheme = weightScheme(name, contextOf(architecture))
      const products = new Map<string, number>()
      architecture.order.forEach((kind, layer) => {
        for (const tensor of architecture.kinds[kind]!.tensors) {
          const { bytes, per } = scheme.ofTensor(tensor, { architecture, layer })
          expect(Number.isSafeInteger(bytes) && Number.isSafeInteger(per)).toBe(true)
          const key = `${bytes}/${per}`
          products.set(key, (products.get(key) ?? 0) + tensor.count * tensor.out * tensor.in * bytes)
        }
      })
      for (const product of products.values()) expect(product).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER)
    }
  }
})
