/** The bytes the shaders read, spelled out word by word. tests/gpu/layout.test.ts holds them against the WGSL text. */

import { describe, expect, it } from 'vitest'
import * as f from '../../../src/formula/expression.ts'
import { stage } from '../../../src/formula/stages.ts'
import { printWgsl } from '../../../src/formula/wgsl.ts'
import {
  decode,
  encodePalette,
  encodePanels,
  encodePicture,
  encodePixelRows,
  encodeSlices,
  encodeTile,
  sliceBytes,
} from '../../../src/gpu/layout.ts'
import { SHADES } from '../../../src/sweep/frame.ts'
import { batch, sequence } from '../../formulas.ts'

const layers: f.List = { name: 'layout_layers', about: '' }
const tensors: f.List = { name: 'layout_tensors', about: '' }
const heads = f.field(layers, 'heads', '', '')
const width = f.field(layers, 'width', '', '')
const elements = f.field(tensors, 'elements', '', '')
const bytes = f.quantity('layout_bytes', '', '')
const fixed = f.quantity('layout_fixed', '', '')
const perToken = f.sumOver(layers, f.product(heads, width, bytes))
const { stages, shader } = (() => {
  const stages = stage({
    total: f.sum(f.product(batch, sequence, perToken), f.sumOver(tensors, elements), fixed),
  })
  return { stages, shader: printWgsl(stages) }
})()

describe('layout', () => {
  it('is found from the formula: quantities and fields it reads, in order of use', () => {
    expect(stages.outputs).toHaveLength(1)
    expect(shader.quantities).toEqual(['layout_fixed', 'layout_bytes'])
    expect(shader.lists).toEqual([
      { name: 'layout_tensors', fields: ['elements'], kept: 0 },
      { name: 'layout_layers', fields: ['heads', 'width'], kept: 0 },
    ])
    expect(sliceBytes(shader)).toBe(32)
  })

  it('writes slices as low and high words, and shared rows once', () => {
    const rows = [
      { heads: 8, width: 128 },
      { heads: 1, width: 2 ** 40 + 5 },
    ]
    const slice = (value: number, own: number) => ({
      values: { layout_bytes: 2, layout_fixed: value, unused: -1 },
      lists: { layout_layers: rows, layout_tensors: [{ elements: own }] },
    })
    const { slices, rows: words } = encodeSlices(shader, [slice(f.LIMIT, 7), slice(2 ** 32, 9)])
    // biome-ignore format: one field a line
    expect([...slices]).toEqual([
      0xffffffff, 0x1fffff,
      2, 0,
      0, 1,
      1, 5,
      0, 1,
      2, 0,
      5, 6,
      1, 5,
    ])
    // biome-ignore format: one row a line
    expect([...words]).toEqual([
      7, 0,
      8, 0, 128, 0,
      1, 0, 5, 256,
      9, 0,
    ])
  })

  it('gives rows in which the slice pass keeps something to each slice apart, with room for it', () => {
    const tokens = f.smallest(sequence, f.sum(heads, bytes))
    const shader = printWgsl(stage({ total: f.product(batch, f.sumOver(layers, f.product(tokens, width))) }))
    expect(shader.lists).toEqual([{ name: 'layout_layers', fields: ['heads', 'width'], kept: 1 }])
    const rows = [
      { heads: 1, width: 2 },
      { heads: 3, width: 4 },
    ]
    const slice = { values: { layout_bytes: 9 }, lists: { layout_layers: rows } }
    const encoded = encodeSlices(shader, [slice, slice])
    expect([...encoded.slices]).toEqual([9, 0, 0, 6, 9, 0, 6, 12])
    const own = [1, 0, 2, 0, 0, 0, 3, 0, 4, 0, 0, 0]
    expect([...encoded.rows]).toEqual([...own, ...own])
  })

  it('refuses what is no integer from 0 to 2^53-1, with the name of the quantity', () => {
    for (const value of [-1, 0.5, Number.NaN, 2 ** 53, undefined as unknown as number]) {
      const slice = { values: { layout_bytes: 2, layout_fixed: value }, lists: {} }
      expect(() => encodeSlices(shader, [slice])).toThrow('layout_fixed')
    }
  })

  it('writes the tile and the picture field by field', () => {
    const tile = encodeTile({
      firstSequence: 1,
      sequences: 2,
      slices: 3,
      columns: 4,
      batches: 5,
      batchStep: 6,
      run: 7,
      runs: 8,
      most: 9,
      keepMargin: true,
    })
    expect([...tile]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 1])
    const palette = { fits: new Uint32Array(SHADES), tight: 0xff112233, oom: 2, hatch: 3 }
    const frame = {
      structure: { key: '', outputs: {}, stages },
      panels: [],
      origins: [],
      sequences: new Uint32Array(10),
      batches: new Uint32Array(20),
      width: 1.5,
      height: 2,
      palette,
    }
    expect([...encodePicture(frame, true)]).toEqual([0x3fc00000, 0x40000000, 10, 20, 1, 0])
    const slice = { values: {}, lists: {} }
    const panels = [[slice], [slice, slice, slice], [slice]]
    const origins = panels.map((_, i) => ({ x: 100 * i, y: 7 + i }))
    // biome-ignore format: one panel a line
    expect([...encodePanels({ ...frame, panels, origins })]).toEqual([
      0, 7, 0, 1,
      100, 8, 10, 3,
      200, 9, 40, 1,
    ])
    expect([...encodePalette(palette).subarray(SHADES - 1)]).toEqual([0, 0xff112233, 2, 3])
  })

  it('writes pixel rows as floats and refuses more than the shader has room for', () => {
    expect([...encodePixelRows(Uint32Array.of(1, 65536)).subarray(0, 3)]).toEqual([0x3f800000, 0x47800000, 0])
    expect(() => encodePixelRows(new Uint32Array(8193))).toThrow('at most 8192 rows')
  })

  it('reads words back as numbers', () => {
    const out = new Float64Array(3)
    decode(Uint32Array.of(5, 0, 0, 1, 0xffffffff, 0x1fffff), out)
    expect([...out]).toEqual([5, 2 ** 32, f.LIMIT])
  })
})
