/** Struct layouts as WGSL's own rules give them (read from the shader text by reflection) against the bytes written from TypeScript. */

import { describe, expect, it } from 'vitest'
import { makeShaderDataDefinitions, makeStructuredView } from 'webgpu-utils'
import bisectCode from '../../shaders/bisect.wgsl?raw'
import heatmapCode from '../../shaders/heatmap.wgsl?raw'
import shadeCode from '../../shaders/shade.wgsl?raw'
import sweepCode from '../../shaders/sweep.wgsl?raw'
import u64Code from '../../shaders/u64.wgsl?raw'
import walkCode from '../../shaders/walk.wgsl?raw'
import { printWgsl } from '../../src/formula/wgsl.ts'
import { printShare } from '../../src/formula/wgsl-share.ts'
import { encodePanels, encodePicture, encodeSlices, encodeTile, sliceBytes, tileBytes } from '../../src/gpu/layout.ts'
import { SHADES } from '../../src/sweep/frame.ts'
import { realStructures } from '../structures.ts'

const structures = realStructures()

describe('struct layouts by reflection', () => {
  it('Slice, Hoisted and Column of every structure', () => {
    for (const { structure, slices } of structures) {
      const shader = printWgsl(structure.stages)
      const definitions = makeShaderDataDefinitions([u64Code, walkCode, shader.code, sweepCode].join('\n\n'))
      const { Slice, Hoisted, Column } = definitions.structs
      expect(Slice.size).toBe(sliceBytes(shader))
      expect(Hoisted.size).toBe(shader.hoistedBytes)
      expect(Column.size).toBe(shader.columnBytes)
      const view = makeStructuredView(Slice, encodeSlices(shader, slices).slices.buffer)
      const fields = Object.values(view.views as Record<string, Uint32Array>)
      shader.quantities.forEach((name, i) => {
        const [low, high] = fields[i]
        expect(low + high * 2 ** 32, name).toBe(slices[0].values[name])
      })
      shader.lists.forEach(({ name, fields: own, kept }, i) => {
        const [first, end] = fields[shader.quantities.length + i]
        expect(end - first, name).toBe((slices[0].lists[name] ?? []).length * Math.max(1, own.length + kept))
      })
    }
  })

  it('Tile', () => {
    const code = [u64Code, walkCode, printWgsl(structures[0].structure.stages).code, sweepCode].join('\n\n')
    const { tile } = makeShaderDataDefinitions(code).uniforms
    expect(tile.size).toBe(tileBytes)
    const words = encodeTile({
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
    const { views } = makeStructuredView(tile, words.buffer)
    const read = Object.entries(views as Record<string, Uint32Array>).map(([name, [value]]) => [name, value])
    expect(Object.fromEntries(read)).toEqual({
      first_sequence: 1,
      sequences: 2,
      slices: 3,
      columns: 4,
      batches: 5,
      batch_step: 6,
      run: 7,
      runs: 8,
      most: 9,
      keep_margin: 1,
    })
  })

  it('Picture, Panel and Shade', () => {
    const [{ structure, slices }] = structures
    const share = printShare(structure.stages, 'total')
    const code = ['const MOST_COLUMNS = 1;', share.struct, share.read, heatmapCode].join('\n\n')
    const { uniforms, structs } = makeShaderDataDefinitions(code)
    expect(structs.Shade.size).toBe(share.bytes)
    const palette = { fits: new Uint32Array(SHADES), tight: 11, oom: 12, hatch: 13 }
    const sizes = { sequences: new Uint32Array(5), batches: new Uint32Array(6), width: 7, height: 8 }
    const frame = { structure, panels: [slices.slice(0, 2)], origins: [{ x: 3, y: 4 }], palette, ...sizes }
    const { views: panel } = makeStructuredView(structs.Panel, encodePanels(frame).buffer)
    const fields = Object.entries(panel as Record<string, Uint32Array>).map(([k, v]) => [k, [...v]])
    expect(Object.fromEntries(fields)).toEqual({ origin: [3, 4], first: [0], ranks: [2] })
    const words = encodePicture({ ...frame, origins: [] }, true)
    expect(words.byteLength).toBe(uniforms.picture.size)
    const { views } = makeStructuredView(uniforms.picture, words.buffer)
    const plain = Object.entries(views as Record<string, Uint32Array | Float32Array>).map(([k, v]) => [k, [...v]])
    expect(Object.fromEntries(plain)).toEqual({
      size: [7, 8],
      panel: [5, 6],
      falling: [1],
    })
    const compute = [
      u64Code,
      walkCode,
      printWgsl(structure.stages).code,
      sweepCode,
      bisectCode,
      share.struct,
      share.write,
      shadeCode,
    ]
    expect(makeShaderDataDefinitions(compute.join('\n\n')).structs.Shade.size).toBe(share.bytes)
  })
})
