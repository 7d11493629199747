/**
 * The safetensors index beside a config. Sizes are the published ones: Meta-Llama-3-8B's index gives 16,060,522,496
 * bytes (8,030,261,248 parameters of two bytes); Falcon-7B's 14,434,379,520 with the tied head stored (7,217,189,760).
 */
import { describe, expect, test } from 'vitest'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { ModelImportError } from '../../../src/model/errors.ts'
import { bytesPerParameter, compareWithIndex, readSafetensorsIndex } from '../../../src/model/safetensors-index.ts'

function indexOf(layers: number, path: string, total: number, more: string[] = []) {
  const names = Array.from({ length: layers }, (_, n) => `${path}.${n}.mlp.down_proj.weight`)
  const files = [...names, ...more].map((name, n) => [name, `model-0000${n % 4}.safetensors`])
  return { metadata: { total_size: total }, weight_map: Object.fromEntries(files) as Record<string, string> }
}

test('an untied 16-bit model', () => {
  const index = readSafetensorsIndex(indexOf(32, 'model.layers', 16_060_522_496, ['lm_head.weight']))
  expect(index).toEqual({
    totalBytes: 16_060_522_496,
    tensors: 33,
    shards: 4,
    layers: 32,
    storesHead: true,
    quantisation: null,
  })
  const llama = architectureOf('Meta-Llama-3-8B')
  expect(bytesPerParameter(llama, index)).toBe(2)
  expect(compareWithIndex(llama, index)).toEqual([])
})

test('a stored tied head', () => {
  const index = readSafetensorsIndex(indexOf(32, 'transformer.h', 14_434_379_520, ['lm_head.weight']))
  const falcon = architectureOf('falcon-7b')
  expect(bytesPerParameter(falcon, index)).toBe(2)
  expect(compareWithIndex(falcon, index)).toEqual([
    'The checkpoint stores the head although it is tied; it is loaded once.',
  ])
})

test('what does not fit is told', () => {
  const index = readSafetensorsIndex(indexOf(16, 'model.layers', 5_000_000_000, ['model.layers.0.mlp.up_proj.qweight']))
  expect(index.quantisation).toBe('awq')
  expect(compareWithIndex(architectureOf('Meta-Llama-3-8B'), index)).toEqual([
    'The index has tensors of 16 layers, the config describes 32.',
    'The config says the head is untied, but the checkpoint holds none.',
    'The tensors are named as awq names them; the config does not say so.',
  ])
})

describe('refusals', () => {
  test.each([
    [null, 'index'],
    [[], 'index'],
    [{}, 'weight_map'],
    [{ weight_map: {} }, 'weight_map'],
    [{ weight_map: { a: 1 } }, 'weight_map'],
    [{ weight_map: { a: 'b' }, metadata: { total_size: -1 } }, 'metadata.total_size'],
    [{ weight_map: { a: 'b' }, metadata: { total_size: '1e300' } }, 'metadata.total_size'],
    [{ weight_map: { a: 'b' }, metadata: 3 }, 'metadata'],
  ])('%j', (index, field) => {
    expect(() => readSafetensorsIndex(index)).toThrow(ModelImportError)
    try {
      readSafetensorsIndex(index)
    } catch (error) {
      expect((error as ModelImportError).field).toBe(field)
    }
  })
})
