/** What names mean: forgiving in writing, strict in meaning, generic by runtime. */
import { describe, expect, test } from 'vitest'
import { weightScheme, weightSchemeNames } from '../../../../src/memory/precision/index.ts'
import { architectureOf } from '../../../../src/model/catalogue.ts'
import { ScenarioError } from '../../../../src/scenario/parse.ts'
import { contextOf } from './weigh.ts'

const architecture = architectureOf('meta-llama/Llama-3.1-8B')
const idOf = (name: string | null, runtime = 'transformers') =>
  weightScheme(name, contextOf(architecture, { runtime })).id

test.each([
  ['Q4_K_M', 'Q4_K_M'],
  ['q4_k_m', 'Q4_K_M'],
  ['gguf Q4_K - Medium', 'Q4_K_M'],
  ['GGUF:Q3_K - Small', 'Q3_K_S'],
  ['Q2_K - Medium', 'Q2_K'],
  ['gguf IQ4_K_R4 - 4.5 bpw', 'IQ4_K'],
  ['Q8_0_R8', 'Q8_0'],
  ['iq3xxs', 'IQ3_XXS'],
  ['GPTQ INT4', 'gptq-int4'],
  ['awq', 'awq-int4'],
  ['NF4', 'nf4'],
  ['bnb-nf4-dq', 'nf4-dq'],
  ['EXL2 4.0bpw', 'exl2-4'],
  ['exl3-3.5', 'exl3-3.5'],
  ['UD-Q4_K_XL', 'Q4_K_M'],
  ['gguf UD-Q2_K_XL', 'Q2_K'],
  ['UD-IQ2_XXS', 'IQ2_XXS'],
  ['UD-Q8_K_XL', 'Q8_0'],
  ['fp8_e4m3', 'fp8'],
  ['FP8-Dynamic', 'fp8-channel'],
  ['modelopt', 'fp8'],
  ['modelopt_fp4', 'nvfp4'],
  ['AutoRound', 'w4a16'],
  ['gptq_marlin', 'gptq-int4'],
  ['bitsandbytes', 'nf4'],
  ['Float16', 'fp16'],
])('%s is %s', (written, id) => {
  expect(idOf(written)).toBe(id)
})

test.each([
  [
    'int8',
    { guide: 'int8', transformers: 'llm.int8', vllm: 'w8a8-int8', 'gpt-fast': 'torchao-int8', 'llama.cpp': 'Q8_0' },
  ],
  [
    'int4',
    {
      guide: 'int4',
      transformers: 'nf4',
      vllm: 'gptq-int4',
      'gpt-fast': 'torchao-int4',
      'llama.cpp': 'Q4_0',
      awq: 'awq-int4',
    },
  ],
  ['nf4', { guide: 'nf4', peft: 'nf4', unsloth: 'nf4-dq', torchtune: 'nf4-dq' }],
  ['bf16', { guide: 'bf16', vllm: 'bf16', 'llama.cpp': 'BF16' }],
])('%s means what the runtime does when told so', (name, meanings) => {
  for (const [runtime, id] of Object.entries(meanings)) expect(idOf(name, runtime)).toBe(id)
})

/** The guide's table: INT8 is 1 byte and INT4 half a byte for every parameter. */
test.each([
  ['int8', 1],
  ['fp8', 1],
  ['int4', 0.5],
  ['nf4', 0.5],
  ['fp16', 2],
])('in the guide %s is %s bytes for every parameter, embedding included', (name, bytes) => {
  const scheme = weightScheme(name, contextOf(architecture, { runtime: 'guide' }))
  for (const tensor of architecture.outside) {
    const ratio = scheme.ofTensor(tensor, { architecture, layer: null })
    expect(ratio.bytes / ratio.per).toBe(bytes)
  }
})

test('null is what the checkpoint is published in', () => {
  expect(idOf(null)).toBe('bf16')
  expect(idOf(null, 'llama.cpp')).toBe('BF16')
})

test('every format that a model’s name or config can say has a scheme', () => {
  const formats = {
    fp8: 'fp8-block',
    'fp8-channel': 'fp8-channel',
    'fp8-tensor': 'fp8',
    awq: 'awq-int4',
    gptq: 'gptq-int4',
    'gptq-int8': 'gptq-int8',
    w4a16: 'w4a16',
    'w8a8-int8': 'w8a8-int8',
    'llm.int8': 'llm.int8',
    'nf4-dq': 'nf4-dq',
    nvfp4: 'nvfp4',
    mxfp4: 'mxfp4',
  }
  for (const [quantisation, id] of Object.entries(formats)) {
    const published = { ...architecture, quantisation }
    expect(weightScheme(null, contextOf(published, { runtime: 'vllm' })).id, quantisation).toBe(id)
    expect(weightScheme(null, contextOf(published, { runtime: 'llama.cpp' })).id).toBe(
      /8/.test(id) ? 'Q8_0' : id === 'mxfp4' ? 'MXFP4_MOE' : 'Q4_0',
    )
  }
})

test.each(['vllm', 'llama.cpp'])('a GGUF file’s type is meant by %s too', (runtime) => {
  for (const [quantisation, id] of Object.entries({ q4_k_m: 'Q4_K_M', iq4_xs: 'IQ4_XS', q8_0: 'Q8_0' })) {
    expect(weightScheme(null, contextOf({ ...architecture, quantisation }, { runtime })).id).toBe(id)
  }
})

test.each(['constructor', 'compressed-tensors', 'vptq'])(
  'a format %s that is not known is refused with a way out',
  (quantisation) => {
    const ask = () => weightScheme(null, contextOf({ ...architecture, quantisation }, { runtime: 'vllm' }))
    expect(ask).toThrow(`precision.weights: the checkpoint is quantised with "${quantisation}"`)
    expect(ask).toThrow(/name the nearest precision, such as fp8/)
  },
)

test('every listed name is known and makes whole, positive fractions', () => {
  for (const name of weightSchemeNames) {
    const scheme = weightScheme(name, contextOf(architecture))
    for (const tensor of [...architecture.outside, ...architecture.kinds[0]!.tensors]) {
      const { bytes, per } = scheme.ofTensor(tensor, { architecture, layer: 0 })
      expect(Number.isSafeInteger(bytes) && bytes > 0 && Number.isSafeInteger(per) && per > 0).toBe(true)
    }
  }
})

describe('refusals', () => {
  test.each(['int5', 'Q4_K_X', 'nf', '', 'exl2-0.5', '__proto__', 'constructor', 'toString', '4 bpw extra', 'exl2-99'])(
    '%s is refused, naming the field',
    (name) => {
      expect(() => idOf(name)).toThrow(ScenarioError)
      expect(() => idOf(name)).toThrow(/^precision\.weights: /)
    },
  )

  test('the nearest names are suggested', () => {
    expect(() => idOf('Q4_K_X')).toThrow(/Q4_K_[MS]/)
    expect(() => idOf('gptq-int5')).toThrow(/gptq-int4/)
  })
})

test('a dynamic mix whose bits per weight are said has those', () => {
  expect(weightScheme('UD-Q4_K_XL - 5.23 bpw', contextOf(architecture, {})).bitsNominal).toBe(5.23)
})
