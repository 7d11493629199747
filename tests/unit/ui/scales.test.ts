/** Which cells the pixels of an axis show. */
import { describe, expect, it } from 'vitest'
import { axisScale, cells } from '../../../src/ui/map/scales.ts'

describe.each([1, 1.75, 2])('at %d device pixels', (ratio) => {
  const tokens = axisScale({ from: 1024, to: 131_072, scale: 'log2' }, 708)
  const shown = cells(tokens, Math.floor(708 * ratio), ratio)

  it('shows powers of two themselves, not what is beside them', () => {
    for (let power = 1024; power <= 65_536; power *= 2) {
      expect(shown[Math.floor(tokens.position(power) * ratio)]).toBe(power)
    }
    // llama.cpp allocates 256 tokens at a time: the first pixel must not need the next 256.
    expect(shown[0]).toBe(1024)
  })

  it('shows in every pixel a number that is in it, each further than the last', () => {
    shown.forEach((value, i) => {
      expect(Math.floor(tokens.position(value) * ratio)).toBe(i)
      if (i > 0) expect(value).toBeGreaterThan(shown[i - 1])
    })
  })

  it('shows every batch in all its pixels where there are more pixels than numbers', () => {
    const batches = axisScale({ from: 1, to: 8, scale: 'linear' }, -160)
    const rows = cells(batches, 160 * ratio, ratio)
    expect(new Set(rows)).toEqual(new Set([8, 7, 6, 5, 4, 3, 2, 1]))
    for (const batch of [1, 5, 8]) expect(rows[Math.floor(batches.position(batch) * ratio)]).toBe(batch)
  })
})

it('picks the roundest of many: whole thousands before odd ones', () => {
  const wide = axisScale({ from: 1, to: 1_048_576, scale: 'log2' }, 40)
  for (const value of cells(wide, 40, 1)) if (value > 64) expect(value % 32).toBe(0)
})
