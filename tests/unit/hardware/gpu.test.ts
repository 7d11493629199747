/** The catalogue against figures read off real cards and the vendors' data sheets. */
import { describe, expect, test } from 'vitest'
import { gpus } from '../../../src/hardware/catalogue.ts'
import { nvidia } from '../../../src/hardware/catalogue-nvidia.ts'
import { findGpu } from '../../../src/hardware/find-gpu.ts'
import { capacityBytes, customGpu } from '../../../src/hardware/gpu.ts'
import { usualReserveMiB } from '../../../src/hardware/reserve.ts'
import { GiB, MiB } from '../../../src/units.ts'

describe('the catalogue', () => {
  test('ids are short, regular and unique', () => {
    const ids = gpus.map((gpu) => gpu.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of ids) expect(id).toMatch(/^[A-Z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$/)
    for (const id of ids) expect(id.length).toBeLessThanOrEqual(18)
    expect(ids).toEqual(
      expect.arrayContaining([
        'H100-SXM-80GB',
        'A100-SXM-80GB',
        'B200',
        'H200',
        'RTX-4090',
        'T4',
        'MI300X',
        'M3-Max-128GB',
      ]),
    )
  })

  test.each(gpus.map((gpu) => [gpu.id, gpu] as const))('%s keeps back a little of what it reports', (_, gpu) => {
    expect(Number.isInteger(gpu.memoryMiB) && Number.isInteger(gpu.reserveMiB)).toBe(true)
    expect(gpu.memoryMiB).toBeLessThanOrEqual(gpu.marketedGiB * 1.025 * 1024)
    expect(gpu.memoryMiB).toBeGreaterThanOrEqual(gpu.marketedGiB * 0.93 * 1024)
    expect(gpu.reserveMiB).toBeGreaterThanOrEqual(0)
    expect(gpu.reserveMiB / gpu.memoryMiB).toBeLessThanOrEqual(gpu.unified ? 0.34 : 0.06)
    expect(gpu.source).not.toBe('')
  })

  test.each([
    // What PyTorch printed as the card's total, in MiB.
    ['A100-SXM-40GB', 40_514],
    ['H100-SXM-80GB', 81_089],
    ['H200', 143_156],
    ['B200', 182_631],
    ['T4', 15_102],
    ['RTX-4090', 24_217],
    ['RTX-PRO-6000', 97_250],
    ['MI300X', 196_592],
    ['Arc-A770', 15_473],
    // MiB free on an M1 Pro of 16 GB, as llama.cpp printed it.
    ['M1-Pro-16GB', 10_922],
  ])('programs see %s as %d MiB', (id, mib) => {
    expect(capacityBytes(findGpu(id))).toBe(mib * MiB)
  })

  test.each([
    // recommendedMaxWorkingSetSize that llama.cpp printed, in GiB.
    ['M2-24GB', 17_179.89e6 / GiB],
    ['M1-Max-32GB', 22_906.5e6 / GiB],
    ['M4-Pro-48GB', 38_654.71e6 / GiB],
    ['M3-Max-128GB', 96],
  ])("%s has Metal's default limit of %d GiB", (id, gib) => {
    expect(capacityBytes(findGpu(id)) / GiB).toBeCloseTo(gib, 2)
  })
})

test('the rule for unread NVIDIA cards is near the cards that were read, and promises at most 0.5 % too much', () => {
  const errors = nvidia.flatMap(([, , , , reported, visible]) =>
    reported === null || visible === null
      ? []
      : [(visible - (reported - usualReserveMiB('NVIDIA', '', reported))) / reported],
  )
  expect(errors.length).toBeGreaterThanOrEqual(40)
  const sizes = errors.map(Math.abs).sort((a, b) => a - b)
  expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(0.003)
  expect(Math.min(...errors)).toBeGreaterThanOrEqual(-0.005)
})

test.each([
  // NVIDIA architecture white papers and AMD, Intel, Apple and Google documentation.
  ['V100-SXM-32GB', []],
  ['T4', ['int8']],
  ['A100-SXM-80GB', ['bf16', 'int8']],
  ['RTX-3090', ['bf16', 'int8']],
  ['RTX-4090', ['bf16', 'fp8', 'int8']],
  ['H100-SXM-80GB', ['bf16', 'fp8', 'int8']],
  ['B200', ['bf16', 'fp8', 'fp4', 'int8']],
  ['RTX-5090', ['bf16', 'fp8', 'fp4', 'int8']],
  ['MI250X', ['bf16', 'int8']],
  ['MI300X', ['bf16', 'fp8', 'int8']],
  ['MI355X', ['bf16', 'fp8', 'fp4', 'int8']],
  ['Gaudi-2', ['bf16', 'fp8']],
  ['M3-Max-128GB', ['bf16']],
  ['TPU-v5e', ['bf16', 'int8']],
])('%s multiplies in %j', (id, names) => {
  const { formats } = findGpu(id)
  expect(Object.entries(formats ?? {}).flatMap(([name, has]) => (has ? [name] : []))).toEqual(names)
})

describe('a custom GPU', () => {
  test('has the memory given, less the reserve given', () => {
    expect(capacityBytes(customGpu({ name: 'RTX 4090 48GB', memoryMiB: 49_140 }))).toBe(49_140 * MiB)
    expect(capacityBytes(customGpu({ name: 'card', memoryMiB: 1000, reserveMiB: 999 }))).toBe(MiB)
    expect(customGpu({ name: 'card', memoryMiB: 1000 }).formats).toBeNull()
  })

  test('must have something left', () => {
    expect(() => customGpu({ name: 'card', memoryMiB: 1000, reserveMiB: 1000 })).toThrow(
      'hardware.gpu.reserveMiB: 1000 leaves nothing of memoryMiB 1000; it must be less than that.',
    )
  })
})
