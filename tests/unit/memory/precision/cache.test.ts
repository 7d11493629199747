/** Bytes of cached keys and values. */
import { expect, test } from 'vitest'
import { bitsPerElement, cacheScheme, cacheSchemeNames } from '../../../../src/memory/precision/index.ts'

/** ggml-common.h block sizes; vLLM's int8_per_token_head has an fp32 scale per head and token, here for heads of 128. */
test.each([
  ['fp32', 32],
  ['f16', 16],
  ['BF16', 16],
  ['fp8', 8],
  ['q8_0', 8.5],
  ['Q5_1', 6],
  ['q5_0', 5.5],
  ['q4_1', 5],
  ['q4_0', 4.5],
  ['iq4_nl', 4.5],
  ['int8', 8 + 32 / 128],
  ['int4', 4 + 32 / 128],
  ['nvfp4', 4 + 8 / 16],
  ['fp4_e2m1', 4 + 8 / 16],
  ['fp8_inc', 8],
])('%s: %s bits', (name, bits) => {
  const { key, value } = cacheScheme(name, 'bf16')
  expect(bitsPerElement(key)).toBe(bits)
  expect(value).toEqual(key)
})

test('keys and values may differ, as llama.cpp allows', () => {
  const scheme = cacheScheme('K=q8_0,V=q4_0', 'fp16')
  expect(scheme).toMatchObject({ id: 'K=q8_0,V=q4_0', key: { bytes: 17, per: 16 }, value: { bytes: 9, per: 16 } })
  expect(cacheScheme('K=q8_0+V=q8_0', 'fp16').id).toBe('q8_0')
})

test('null is the compute type; tf32 is stored as fp32', () => {
  expect(cacheScheme(null, 'bf16').id).toBe('bf16')
  expect(cacheScheme(null, 'tf32').id).toBe('fp32')
  expect(cacheScheme('auto', 'bf16').id).toBe('bf16')
})

test('unknown types are refused with the nearest', () => {
  expect(() => cacheScheme('q8_1', 'bf16')).toThrow(/^precision\.kvCache: "q8_1".*q8_0/)
  expect(() => cacheScheme('K=q8_0,V=nonsense', 'bf16')).toThrow(/precision\.kvCache/)
  expect(() => cacheScheme('constructor', 'bf16')).toThrow(/precision\.kvCache/)
  expect(cacheSchemeNames).toContain('iq4_nl')
})
