/** Optimizer state per parameter, against the papers and libraries that define it. */
import { describe, expect, test } from 'vitest'
import { type OptimizerName, optimizerState } from '../../../../src/memory/precision/index.ts'

const matrix = { out: 4096, in: 14336, class: 'mlp' } as const
const vector = { out: 4096, in: 1, class: 'norm' } as const
const small = { out: 1024, in: 1, class: 'attention' } as const
const embedding = { out: 32000, in: 4096, class: 'embedding' } as const

function bytes(
  name: OptimizerName,
  tensor: { out: number; in: number; class: 'mlp' | 'norm' | 'attention' | 'embedding' },
  parameterBytes = 4,
  rank?: number,
) {
  const ratio = optimizerState(name, { parameterBytes, stateType: null, rank }).ofTensor(tensor)
  return ratio.bytes / ratio.per
}

test('Adam keeps two states of the parameter’s type: 8 B in fp32 (ZeRO, arXiv:1910.02054 §3.1), 4 B in pure bf16', () => {
  expect(bytes('adamw', matrix)).toBe(8)
  expect(bytes('adamw', matrix, 2)).toBe(4)
  const chosen = optimizerState('adamw', { parameterBytes: 2, stateType: 'fp32' })
  expect(chosen.each).toEqual({ bytes: 8, per: 1 })
})

test('paged AdamW of bitsandbytes has fp32 states whatever the parameters are', () => {
  const state = optimizerState('paged-adamw', { parameterBytes: 2, stateType: null })
  expect(state).toMatchObject({ paged: true, each: { bytes: 8, per: 1 } })
})

describe('8-bit (arXiv:2110.02861) and 4-bit (arXiv:2309.01507) states', () => {
  test('two bytes and two fp32 scales per block', () => {
    expect(bytes('adamw-8bit', matrix)).toBe(2 + 8 / 256)
    expect(bytes('lion-8bit', matrix)).toBe(1 + 4 / 256)
    expect(bytes('adamw-4bit', matrix)).toBe(1 + 8 / 128)
    const older = optimizerState('adamw-8bit', { parameterBytes: 2, stateType: null, block: 2048 })
    expect(older.each).toEqual({ bytes: 513, per: 256 })
  })

  test('tensors below 4096 elements keep fp32 states', () => {
    expect(bytes('adamw-8bit', small)).toBe(8)
    expect(bytes('adamw-8bit', vector)).toBe(2 + 8 / 256)
  })

  test('Adam of 7 B parameters: 8-bit states save about 5.97 B a parameter', () => {
    expect(bytes('adamw', matrix) - bytes('paged-adamw-8bit', matrix)).toBeCloseTo(5.97, 2)
  })
})

test('Adafactor keeps a row and a column of fp32 for a matrix (arXiv:1804.04235)', () => {
  expect(bytes('adafactor', matrix, 2) * 4096 * 14336).toBeCloseTo(4 * (4096 + 14336), 3)
  expect(bytes('adafactor', vector, 2)).toBe(4)
})

test('Lion and momentum keep one state, SGD and none keep nothing', () => {
  expect(bytes('lion', matrix, 2)).toBe(2)
  expect(bytes('sgd-momentum', matrix)).toBe(4)
  expect(bytes('sgd', matrix)).toBe(0)
  expect(bytes('none', matrix)).toBe(0)
})

test('Muon: momentum for hidden matrices, AdamW for embedding, head and vectors', () => {
  expect(bytes('muon', matrix)).toBe(4)
  expect(bytes('muon', embedding)).toBe(8)
  expect(bytes('muon', vector)).toBe(8)
})

/** GaLore (arXiv:2403.03507 Table 1): mr + 2nr state elements for an m × n weight, m ≤ n; full Adam has 2mn. */
test('GaLore: projector and two low-rank moments', () => {
  const elements = 4096 * 128 + 2 * 14336 * 128
  expect(bytes('galore', matrix, 2, 128) * 4096 * 14336).toBeCloseTo(2 * elements, 3)
  expect(bytes('galore', embedding, 2, 128)).toBe(4)
})

test('8-bit GaLore quantises its moments, not its projector (galore_torch/adamw8bit.py)', () => {
  const elements = 2 * 4096 * 128 + 2 * 14336 * 128 * (1 + 4 / 256)
  expect(bytes('galore-8bit', matrix, 2, 128) * 4096 * 14336).toBeCloseTo(elements, 3)
  expect(bytes('galore-8bit', embedding, 2, 128)).toBe(2 + 8 / 256)
})

test('APOLLO (arXiv:2412.05270) has GaLore’s states at rank 256, APOLLO-Mini at rank 1', () => {
  expect(bytes('apollo', matrix, 2)).toBe(bytes('galore', matrix, 2, 256))
  expect(bytes('apollo-mini', matrix, 2)).toBe(bytes('galore', matrix, 2, 1))
})

test('AdEMAMix (arXiv:2409.03137) has a third moment; bitsandbytes keeps all in fp32 or 8 bits', () => {
  expect(bytes('ademamix', matrix, 2)).toBe(12)
  expect(bytes('ademamix-8bit', matrix, 2)).toBe(3 + 12 / 256)
})
