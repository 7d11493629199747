/** Axes against lists of values written by hand. */
import { describe, expect, it } from 'vitest'
import { expandAxis, log2Values, MAX_AXIS_VALUES } from '../../../src/sweep/axis.ts'
import { parseSweep } from '../../../src/sweep/parse.ts'

const values = (axis: Parameters<typeof expandAxis>[0]) => expandAxis(axis).values

describe('axes', () => {
  it('take values as they are, and ranges with a step, both ends in where the step reaches them', () => {
    expect(values({ field: 'precision.weights', values: ['bf16', null] })).toEqual(['bf16', null])
    expect(values({ field: 'batch', from: 1, to: 4 })).toEqual([1, 2, 3, 4])
    expect(values({ field: 'batch', from: 1, to: 10, step: 4 })).toEqual([1, 5, 9])
    expect(values({ field: 'batch', from: 7, to: 7 })).toEqual([7])
  })
  it('double by default on a log2 scale, and end where they were told to', () => {
    expect(values({ field: 'sequence', from: 1024, to: 16384, scale: 'log2' })).toEqual([1024, 2048, 4096, 8192, 16384])
    expect(values({ field: 'sequence', from: 1000, to: 5000, scale: 'log2' }).at(0)).toBe(1000)
    expect(values({ field: 'sequence', from: 1000, to: 5000, scale: 'log2' }).at(-1)).toBe(5000)
    expect(values({ field: 'batch', from: 3, to: 3, scale: 'log2' })).toEqual([3])
  })
  it('hold whole numbers only once on a fine log2 scale', () => {
    expect(log2Values(1, 8, 100)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(log2Values(1, 65536, 17)).toEqual(Array.from({ length: 17 }, (_, i) => 2 ** i))
  })
  it('are known by their short keys too', () => {
    expect(expandAxis({ field: 'gpus', values: [1] }).field).toBe('hardware.count')
  })
  it('are refused with field, value and remedy', () => {
    const refusals: [Parameters<typeof expandAxis>[0], string][] = [
      [{ field: 'bach', values: [1] }, 'axes: "bach" is no scenario field; did you mean "batch"?'],
      [{ field: '__proto__', values: [1] }, 'is no scenario field'],
      [{ field: 'batch', values: [] }, 'axes.batch: [] needs a list of at least one value'],
      [{ field: 'batch', values: 3 as never }, 'needs a list'],
      [{ field: 'batch', values: [{}] as never }, 'must be a number, a text, true, false or null'],
      [{ field: 'batch', from: 5, to: 4 }, 'starts above its end 4; swap them'],
      [{ field: 'batch', from: 0, to: 4 }, 'axes.batch.from: 0 must be a whole number of at least 1'],
      [{ field: 'batch', from: 1, to: Number.POSITIVE_INFINITY }, 'axes.batch.to'],
      [{ field: 'batch', from: 1, to: 4, step: 0.5 }, 'axes.batch.step: 0.5'],
      [{ field: 'batch', from: 1, to: 4, scale: 'log2', points: Number.NaN }, 'axes.batch.points'],
      [{ field: 'sequence', from: 1, to: MAX_AXIS_VALUES + 1 }, 'use a larger step or a log2 scale'],
      [{ field: 'batch', values: Array(MAX_AXIS_VALUES + 1).fill(1) }, `more than ${MAX_AXIS_VALUES}`],
    ]
    for (const [axis, message] of refusals) expect(() => expandAxis(axis), message).toThrow(message)
  })
})

describe('a sweep in JSON', () => {
  const scenario = { model: 'gpt2' }
  it('is a scenario and a list of axes', () => {
    const axes = [{ field: 'batch', from: 1, to: 4 }]
    expect(parseSweep({ scenario, axes })).toEqual({ scenario, axes })
  })
  it('is refused where its frame is wrong', () => {
    const refusals: [unknown, string][] = [
      [[], 'sweep: [] must be an object'],
      [{ scenario }, 'axes: undefined must be a list'],
      [{ scenario, axes: [], axs: 1 }, 'sweep: "axs" is an unknown field; did you mean "axes"?'],
      [{ scenario, axes: [null] }, 'axes[0]: null must be an object'],
      [{ scenario, axes: [{ values: [1] }] }, 'axes[0].field: undefined must name a scenario field'],
      [{ scenario, axes: [{ field: 'batch' }] }, 'needs either "values", or "from" and "to"'],
      [{ scenario, axes: [{ field: 'batch', values: [1], from: 1, to: 2 }] }, 'needs either'],
      [{ scenario, axes: [{ field: 'batch', from: 1, to: 2, scale: 'log10' }] }, 'must be "log2"'],
      [{ scenario, axes: [{ field: 'batch', from: 1, to: 2, stp: 2 }] }, 'did you mean "step"?'],
    ]
    for (const [input, message] of refusals) expect(() => parseSweep(input), message).toThrow(message)
  })
})
