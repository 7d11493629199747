/** Labels of axes and of the profile, checked by hand: none touches another, and no line runs through one. */
import { expect, test } from 'vitest'
import { labelled } from '../../../src/ui/map/labels.ts'
import { beside } from '../../../src/ui/profile/beside.ts'

test('where two labels would touch, the rounder number has its own', () => {
  const at: Record<number, number> = { 128: 0, 192: 60, 256: 80 }
  expect([...labelled([128, 192, 256], (tick) => [at[tick] - 12, at[tick] + 12])].sort()).toEqual([128, 256])
  at[256] = 100
  expect(labelled([128, 192, 256], (tick) => [at[tick] - 12, at[tick] + 12]).size).toBe(3)
})

test('a label moves past an upright line that would run through it', () => {
  expect(beside(100, { x: 8, anchor: 'start' }, 50, 600)).toEqual({ x: 56, anchor: 'start' })
  expect(beside(100, { x: 8, anchor: 'start' }, 300, 600)).toEqual({ x: 8, anchor: 'start' })
  // Wanted left of 300, where the line at 250 is: on the other side instead.
  expect(beside(100, { x: 290, anchor: 'end' }, 250, 600)).toEqual({ x: 310, anchor: 'start' })
})
