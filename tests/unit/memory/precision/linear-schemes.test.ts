import { expect, test } from 'vitest'
import { bitsPerElement, type SchemeContext, weightScheme } from '../../../../src/memory/precision/index.ts'
import type { Architecture, Tensor } from '../../../../src/model/architecture.ts'

const linear: Tensor = {
  name: 'mlp.down_proj',
  class: 'mlp',
  count: 1,
  out: 8192,
  in: 28672,
  linear: true,
  parts: 28672,
  cut: 'in',
}

const architecture: Architecture = {
  id: 'one layer of Llama-3 70B',
  modelType: 'llama',
  hiddenSize: 8192,
  vocabSize: 128256,
  maxPositionEmbeddings: 8192,
  tiedEmbeddings: false,
  norm: 'rms',
  position: 'rope',
  dtype: 'bf16',
  quantisation: null,
  kinds: [{ mixers: [], feedForwards: [], norms: 2, parallel: false, tensors: [linear] }],
  order: [0],
  outside: [],
  assumptions: [],
}

const context = (over: Partial<SchemeContext> = {}): SchemeContext => ({
  architecture,
  runtime: 'transformers',
  task: 'inference',
  compute: 'bf16',
  groupSize: null,
  ...over,
})

const bits = (name: string, over?: Partial<SchemeContext>) =>
  bitsPerElement(weightScheme(name, context(over)).ofTensor(linear, { architecture, layer: 0 }))

test('NF4 costs 4.5 bits, with double quantisation 4.127 (QLoRA, arXiv:2305.14314 §3: 0.5 and 0.127 bits of constants)', () => {
  expect(bits('NF4')).toBe(4.5)
  expect(bits('bnb-nf4-dq')).toBeCloseTo(4.127, 3)
})

test('AWQ and GPTQ in groups of 128 cost 4 + (16 + 4) / 128 bits, GPTQ also its group index (AutoGPTQ tensor layout)', () => {
  expect(bits('awq-int4')).toBe(4.15625)
  expect(bits('GPTQ_INT4')).toBe(4.15625 + 32 / 8192)
  expect(bits('gptq-int4', { groupSize: 32 })).toBe(4 + 20 / 32 + 32 / 8192)
})
