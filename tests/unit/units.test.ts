/** Expectations are worked out by hand from the definitions GiB = 2^30 bytes, GB = 10^9 bytes, k = 1024. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  closest,
  formatBytes,
  formatHeadroom,
  formatInteger,
  formatRoom,
  formatTokens,
  GB,
  GiB,
  MiB,
  parseQuantity,
} from '../../src/units.ts'

describe('bytes', () => {
  test.each([
    [0, '0.00 GiB'],
    [1, '0.01 GiB'],
    [GiB, '1.00 GiB'],
    [GiB + 1, '1.01 GiB'],
    [268_435_456, '0.25 GiB'],
    [-GiB, '−1.00 GiB'],
    [-1, '0.00 GiB'],
    [1500 * GiB, '1\u202f500.00 GiB'],
    [Number.MAX_SAFE_INTEGER, '8\u202f388\u202f608.00 GiB'],
  ])('usage of %d bytes rounds up to %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  test.each([
    [0, '+0.00 GiB'],
    [1, '+0.00 GiB'],
    [GiB + 1, '+1.00 GiB'],
    [-1, '−0.01 GiB'],
    [-GiB - 1, '−1.01 GiB'],
  ])('headroom of %d bytes rounds down to %s', (bytes, text) => {
    expect(formatHeadroom(bytes)).toBe(text)
  })

  test.each([
    [45_776 * MiB, '44.70 GiB'],
    [2 ** 31 - 1, '1.99 GiB'],
    [48 * GiB, '48.00 GiB'],
  ])('room for %d bytes rounds down to %s', (bytes, text) => {
    expect(formatRoom(bytes)).toBe(text)
  })

  test('decimal gigabytes', () => {
    expect(formatBytes(14 * GB, 'GB')).toBe('14.00 GB')
    expect(formatBytes(14 * GB + 1, 'GB')).toBe('14.01 GB')
    expect(formatHeadroom(80 * GB - 1, 'GB')).toBe('+79.99 GB')
  })

  test('never understates usage nor overstates headroom, and is at most a hundredth away', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (bytes) => {
        const read = (text: string) => BigInt(text.replace(/[^\d−]/g, '').replace('−', '-'))
        const scaled = BigInt(bytes) * 100n
        const up = read(formatBytes(bytes)) * BigInt(GiB) - scaled
        const down = scaled - read(formatHeadroom(bytes)) * BigInt(GiB)
        return up >= 0n && up < BigInt(GiB) && down >= 0n && down < BigInt(GiB)
      }),
    )
  })
})

test.each([
  [0, '0'],
  [999, '999'],
  [-1234, '−1\u202f234'],
  [6_738_415_616, '6\u202f738\u202f415\u202f616'],
])('the integer %d reads %s', (n, text) => {
  expect(formatInteger(n)).toBe(text)
  expect(formatInteger(BigInt(n))).toBe(text)
})

test.each([
  [1, '1'],
  [1000, '1\u202f000'],
  [1024, '1k'],
  [1536, '1\u202f536'],
  [131_072, '128k'],
  [1_048_576, '1M'],
  [1_572_864, '1\u202f536k'],
  [16_777_216, '16M'],
])('%d tokens read %s', (tokens, text) => {
  expect(formatTokens(tokens)).toBe(text)
})

describe('quantities', () => {
  test.each([
    ['8192', 8192],
    [' 4 096 ', 4096],
    ['4,096', 4096],
    ['4_096', 4096],
    ['24\u202f576', 24_576],
    ['32k', 32_768],
    ['128K', 131_072],
    ['1M', 1_048_576],
    ['1.5k', 1536],
    ['0', 0],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('%j is %d', (text, value) => {
    expect(parseQuantity(text)).toBe(value)
  })

  test.each(['', 'k', '-1', '1e9', '1,5', '4,09', 'NaN', '0x10', '12 34', '١٢', '1.', '1kk'])(
    '%j is refused',
    (text) => {
      expect(() => parseQuantity(text)).toThrow(/is not a count: write it like 8192, 32k or 1M/)
    },
  )

  test('a part of a token and a count beyond exact integers are refused with the reason', () => {
    expect(() => parseQuantity('0.3k')).toThrow('"0.3k" is not a whole number')
    expect(() => parseQuantity('9007199254740992')).toThrow('"9007199254740992" is too large')
    expect(() => parseQuantity('9'.repeat(1000))).toThrow(/^"9{40}…" is too large/)
  })

  test('what formatTokens writes is read back', () => {
    fc.assert(fc.property(fc.nat(), (tokens) => parseQuantity(formatTokens(tokens)) === tokens))
  })
})

describe('closest', () => {
  const names = ['RTX-4090', 'RTX-3090', 'H100-SXM-80GB', 'A100-SXM-80GB']

  test('a slip of the keyboard finds the name', () => {
    expect(closest('RTX 4099', names, 1)).toEqual(['RTX-4090'])
    expect(closest('h100sxm', names, 1)).toEqual(['H100-SXM-80GB'])
  })

  test('at most so many, and nothing when nothing is alike', () => {
    expect(closest('RTX', names, 2)).toHaveLength(2)
    expect(closest('', names, 3)).toEqual([])
    expect(closest('???', names, 3)).toEqual([])
    expect(closest('asdfqwer', [...names, 'A2', 'A40', 'qwen 7b'], 3)).toEqual([])
    expect(closest('qwne3 8b', ['qwen 3 8b', 'bloom'], 3)).toEqual(['qwen 3 8b'])
  })
})
