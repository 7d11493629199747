/** The CPU painter against `shade` at the reference's numbers, pixel by pixel, and against estimates where there are several stages. */
import { describe, expect, it } from 'vitest'
import { evaluator } from '../../../src/formula/evaluate.ts'
import type { Expression } from '../../../src/formula/expression.ts'
import { distinct, type Frame, risingBatches, SHADES, shade } from '../../../src/sweep/frame.ts'
import { paint } from '../../../src/sweep/raster.ts'
import { pipelines } from '../../pipelines.ts'
import { realStructures } from '../../structures.ts'

const palette = { fits: Uint32Array.from({ length: SHADES }, (_, i) => 1000 + i), tight: 1, oom: 2, hatch: 3 }

describe('paint', () => {
  it('shows the cell the frame lists for each pixel, on every structure', () => {
    for (const { structure, slices } of realStructures()) {
      const frame: Frame = {
        structure,
        panels: slices.slice(0, 2).map((slice) => [slice]),
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
      frame.panels.forEach(([slice], panel) => {
        const { x, y } = frame.origins[panel]
        frame.sequences.forEach((sequence, i) => {
          const column = new Map<Expression, bigint>()
          frame.batches.forEach((batch, j) => {
            const value = evaluator(slice, batch, sequence, column)
            const [used, safe, capacity] = ['total', 'safeCapacity', 'capacity'].map((name) =>
              Number(value(structure.outputs[name])),
            )
            const verdict = used > capacity ? 'oom' : used > safe ? 'tight' : 'fits'
            expected[(y + j) * frame.width + x + i] = shade(palette, verdict, used / capacity, x + i, y + j)
          })
        })
      })
      expect(paint(frame), structure.key).toEqual(expected)
    }
  })
})

describe('paint with several pipeline stages', () => {
  for (const { label, frame, expected } of pipelines(palette)) {
    it(`shows in every pixel what an estimate of its cell says: ${label}`, () => {
      expect(paint(frame)).toEqual(expected)
    })

    it(`cannot be told from any single stage: ${label}`, () => {
      for (const slice of frame.panels[0]) expect(paint({ ...frame, panels: [[slice]] })).not.toEqual(expected)
    })
  }

  it('keeps panels of different numbers of stages apart', () => {
    const [{ frame }] = pipelines(palette)
    const [stages] = frame.panels
    const beside = [stages.slice(0, 1), stages, stages.slice(1)]
    const place = (i: number) => ({ x: 1 + 20 * i, y: 2 })
    const all = paint({ ...frame, panels: beside, origins: beside.map((_, i) => place(i)), width: 60 })
    const alone = beside.map((ranks, i) => paint({ ...frame, panels: [ranks], origins: [place(i)], width: 60 }))
    expect(all).toEqual(all.map((_, p) => alone[0][p] | alone[1][p] | alone[2][p]))
  })
})

describe('distinct', () => {
  it('keeps one of stages that say the same', () => {
    const stage = (layers: number) => ({ values: { layers }, lists: { rows: [{ width: layers }] } })
    expect(distinct([stage(20), stage(20), stage(19), stage(20)])).toEqual([stage(20), stage(19)])
    expect(distinct([stage(1)])).toEqual([stage(1)])
  })
})

describe('risingBatches', () => {
  it('turns falling rows round and refuses unsorted ones', () => {
    expect(risingBatches(Uint32Array.of(9, 4, 4, 1))).toEqual({ batches: Uint32Array.of(1, 4, 4, 9), falling: true })
    expect(risingBatches(Uint32Array.of(1, 4))).toEqual({ batches: Uint32Array.of(1, 4), falling: false })
    expect(() => risingBatches(Uint32Array.of(1, 4, 2))).toThrow('rise or fall')
  })
})
