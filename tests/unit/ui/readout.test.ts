/** Used ÷ capacity as a reader works it out. */
import { expect, it } from 'vitest'
import { shareInWords } from '../../../src/ui/map/readout.ts'

it.each([
  // 20.21 of 22.18 GiB are 91.1 %.
  [20.21, 22.18, '91 %'],
  [19.72, 41.38, '48 %'],
  // Never full while something is left, nor while something is missing.
  [22.17, 22.18, '99 %'],
  [22.18, 22.18, '100 %'],
  [22.19, 22.18, '101 %'],
])('%d of %d GiB are %s', (used, capacity, said) => {
  expect(shareInWords({ total: used * 2 ** 30, capacity: capacity * 2 ** 30 })).toBe(said)
})
