/** The CPU painter against `shade` at the reference's numbers, pixel by pixel. */
import { describe, expect, it } from 'vitest'
import { evaluator } from '../../../src/formula/evaluate.ts'
import type { Expression } from '../../../src/formula/expression.ts'
import { type Frame, risingBatches, shade } from '../../../src/sweep/frame.ts'
import { paint } from '../../../src/sweep/raster.ts'
import { realStructures } from '../../structures.ts'

const palette = { fits: Uint32Array.from({ length: 256 }, (_, i) => 1000 + i), tight: 1, oom: 2, hatch: 3 }

describe('paint', () => {
  it('shows the cell the frame lists for each pixel, on every structure', () => {
    for (const { structure, slices } of realStructures()) {
      const frame: Frame = {
        structure,
        slices: slices.slice(0, 2),
        sequences: Uint32Array.from({ length: 9 }, (_, i) => 3 * 8 ** i || 1).map((s) => Math.min(s, 2 ** 24)),
        batches: Uint32Array.of(65536, 5000, 4999, 600, 70, 70, 8, 2, 1),
        origins: [
          { x: 1, y: 2 },
          { x: 12, y: 0 },
        ],
        width: 22,
        height: 12,
        palette,
      }
      const expected = new Uint32Array(frame.width * frame.height)
      frame.slices.forEach((slice, panel) => {
        const { x, y } = frame.origins[panel]
        frame.sequences.forEach((sequence, i) => {
          const column = new Map<Expression, bigint>()
          frame.batches.forEach((batch, j) => {
            const value = evaluator(slice, batch, sequence, column)
            const [used, safe, capacity] = ['total', 'safeCapacity', 'capacity'].map((name) =>
              Number(value(structure.outputs[name])),
            )
            expected[(y + j) * frame.width + x + i] = shade(palette, used, safe, capacity, x + i, y + j)
          })
        })
      })
      expect(paint(frame), structure.key).toEqual(expected)
    }
  })
})

describe('risingBatches', () => {
  it('turns falling rows round and refuses unsorted ones', () => {
    expect(risingBatches(Uint32Array.of(9, 4, 4, 1))).toEqual({ batches: Uint32Array.of(1, 4, 4, 9), falling: true })
    expect(risingBatches(Uint32Array.of(1, 4))).toEqual({ batches: Uint32Array.of(1, 4), falling: false })
    expect(() => risingBatches(Uint32Array.of(1, 4, 2))).toThrow('rise or fall')
  })
})
