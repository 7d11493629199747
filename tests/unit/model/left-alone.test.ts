/** What quantised checkpoints leave in 16 bits, as their configs list it, and what that weighs. */
import { describe, expect, it } from 'vitest'
import { estimate } from '../../../src/memory/estimate.ts'
import { architectureOf, CATALOGUE } from '../../../src/model/catalogue.ts'
import { importHuggingFaceConfig } from '../../../src/model/hugging-face/import.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'

const configOf = (id: string) => CATALOGUE.find((entry) => entry.id === id)?.config
const llama8 = configOf('meta-llama/Llama-3.1-8B')

/** Tensors of a layer that are kept. */
function keptIn(quantization_config: object, layer: number, config: object | undefined = llama8): string[] {
  const { kinds, order } = importHuggingFaceConfig({ ...config, quantization_config }, 'x')
  return kinds[order[layer]!]!.tensors.filter(({ kept }) => kept).map(({ name }) => name)
}

const attention = ['q_proj', 'k_proj', 'v_proj', 'o_proj'].map((name) => `self_attn.${name}`)

describe('lists', () => {
  it('names modules, of every layer or of one', () => {
    const list = { quant_method: 'fp8', modules_to_not_convert: ['lm_head', 'model.layers.3.mlp', 'o_proj'] }
    expect(keptIn(list, 3)).toEqual(['self_attn.o_proj', 'mlp.gate_proj', 'mlp.up_proj', 'mlp.down_proj'])
    expect(keptIn(list, 4)).toEqual(['self_attn.o_proj'])
  })

  it.each([
    { quant_method: 'compressed-tensors', ignore: ['re:.*self_attn.*', 're:^lm_head$'] },
    { quant_method: 'modelopt', quant_algo: 'NVFP4', exclude_modules: ['*self_attn*'] },
    { quant_method: 'bitsandbytes', load_in_8bit: true, llm_int8_skip_modules: ['self_attn'] },
  ])('%j keeps attention', (list) => {
    expect(keptIn(list, 0)).toEqual(attention)
  })

  // As Kimi-K2-Thinking lists what stands beside its INT4 experts.
  it('a choice of words means each of them', () => {
    const ignore = ['lm_head', 're:.*self_attn.*', 're:.*shared_experts.*', 're:.*mlp\\.(gate|up|gate_up|down)_proj.*']
    const list = { quant_method: 'compressed-tensors', ignore }
    expect(keptIn(list, 0)).toEqual([...attention, 'mlp.gate_proj', 'mlp.up_proj', 'mlp.down_proj'])
    const { assumptions } = importHuggingFaceConfig({ ...llama8, quantization_config: list }, 'x')
    expect(assumptions).toEqual([])
  })

  it('a router, a norm and a part of a name are not meant', () => {
    expect(
      keptIn({ quant_method: 'fp8', modules_to_not_convert: ['mlp.gate', 'input_layernorm', 'q', 'attn'] }, 0),
    ).toEqual([])
  })

  it('a vision tower’s layers are not the text’s', () => {
    expect(keptIn({ quant_method: 'fp8', ignore: ['vision_tower.encoder.layers.0.self_attn.q_proj'] }, 0)).toEqual([])
  })

  it('says what it cannot read', () => {
    const list = { quant_method: 'compressed-tensors', ignore: ['re:.*(q|k)_proj(a+)+$'] }
    const { assumptions } = importHuggingFaceConfig({ ...llama8, quantization_config: list }, 'x')
    expect(assumptions.join()).toMatch(/pattern of modules/)
  })

  it.each([[[7]], ['x'.repeat(301)], [{}], 'all'].map((ignore) => ({ ignore })))('%j is refused', ({ ignore }) => {
    const config = { ...llama8, quantization_config: { quant_method: 'fp8', ignore } }
    expect(() => importHuggingFaceConfig(config, 'x')).toThrow(/quantization_config\.ignore/)
  })
})

// vllm#6746: "Loading model weights took 57.75 GB" on each of 8 GPUs. Llama-3.1-405B-FP8's config.json leaves attention alone, and the first and
// last MLP; as first published (July 2024) it held every key and value head twice.
it('Llama 3.1 405B in FP8 weighs what vLLM loads', () => {
  const layers = Array.from({ length: 126 }, (_, i) => i)
  const modules_to_not_convert = [
    ...layers.flatMap((layer) => attention.map((name) => `model.layers.${layer}.${name}`)),
    ...[0, 125].flatMap((layer) =>
      ['down_proj', 'gate_proj', 'up_proj'].map((name) => `model.layers.${layer}.mlp.${name}`),
    ),
  ]
  const model = {
    ...configOf('meta-llama/Llama-3.1-405B'),
    num_key_value_heads: 16,
    quantization_config: { quant_method: 'fbgemm_fp8', activation_scale_ub: 1200, modules_to_not_convert },
  }
  const weigh = (weights: string | null) =>
    estimate(
      resolve(
        parseScenario({ model, runtime: 'vllm', precision: { weights }, hardware: { gpu: 'H100-SXM-80GB', count: 8 } }),
        architectureOf,
      ),
    ).perGpu.weights
  expect(Math.abs(weigh(null) / (57.75 * 2 ** 30) - 1)).toBeLessThan(0.002)
  // In another precision the published list means nothing.
  expect(weigh('fp8-channel')).toBeLessThan(0.85 * weigh(null))
})

// Where the square of the length were needed, this would not end within the test's time.
it('reads long hostile lists: tens of thousands of names of one layer, and names of stars', () => {
  const names = Array.from({ length: 60_000 }, (_, i) => `model.layers.0.m${i}`)
  const stars = Array.from({ length: 5000 }, (_, i) => `a${'*'.repeat(290)}${i}`)
  expect(keptIn({ quant_method: 'fp8', ignore: ['model.layers.0.mlp', ...names, ...stars] }, 0)).toEqual([
    'mlp.gate_proj',
    'mlp.up_proj',
    'mlp.down_proj',
  ])
})
