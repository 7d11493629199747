/**
 * The two encodings a sweep needs. Numbers that differ from cell to cell are written as differences, which are mostly equal along a walk over batch
 * sizes and then take no bits at all; what stays the same for many rows is written as runs.
 * https://github.com/apache/parquet-format/blob/master/Encodings.md
 */
import type { Bytes } from './bytes.ts'

/** Equal values in a row, counted. */
export class Runs {
  private readonly values: number[] = []
  private readonly counts: number[] = []
  length = 0

  push(value: number, count: number): void {
    if (count === 0) return
    const last = this.values.length - 1
    if (this.values[last] === value) this.counts[last] += count
    else {
      this.values.push(value)
      this.counts.push(count)
    }
    this.length += count
  }

  clear(): void {
    this.values.length = 0
    this.counts.length = 0
    this.length = 0
  }

  *[Symbol.iterator](): Generator<[value: number, count: number]> {
    for (const [i, value] of this.values.entries()) yield [value, this.counts[i]]
  }

  /** RLE, each value in as many whole bytes as `bits` need. */
  write(out: Bytes, bits: number): void {
    for (const [value, count] of this) {
      out.varint(count * 2)
      for (let shift = 0; shift < bits; shift += 8) out.byte((value >> shift) & 255)
    }
  }
}

const BLOCK = 128
const MINI = 32

/**
 * DELTA_BINARY_PACKED: safe integers, none at all included. False, with nothing written, where two differences are further apart than a number can
 * say: only next to the saturation limit.
 */
export function writeDeltas(out: Bytes, values: Float64Array): boolean {
  const start = out.length
  out.varint(BLOCK)
  out.varint(BLOCK / MINI)
  out.varint(values.length)
  out.zigzag(values.length > 0 ? values[0] : 0)
  for (let from = 1; from < values.length; from += BLOCK) {
    if (!writeBlock(out, values, from, Math.min(values.length, from + BLOCK))) {
      out.length = start
      return false
    }
  }
  return true
}

/** The differences that end at `from` … `to` − 1. */
function writeBlock(out: Bytes, values: Float64Array, from: number, to: number): boolean {
  let before = values[from]
  let least = before - values[from - 1]
  let most = least
  for (let i = from + 1; i < to; i++) {
    const value = values[i]
    const delta = value - before
    before = value
    if (delta < least) least = delta
    else if (delta > most) most = delta
  }
  if (most - least > Number.MAX_SAFE_INTEGER) return false
  out.zigzag(least)
  if (most === least) {
    // A walk: no bits for any of the four.
    out.int32(0)
    return true
  }
  const widths: number[] = []
  for (let mini = from; mini < from + BLOCK; mini += MINI) {
    let largest = 0
    for (let i = mini; i < Math.min(to, mini + MINI); i++) {
      const rest = values[i] - values[i - 1] - least
      if (rest > largest) largest = rest
    }
    widths.push(bitsOf(largest))
  }
  for (const width of widths) out.byte(width)
  widths.forEach((width, i) => {
    if (width > 0) writeMini(out, values, from + i * MINI, to, least, width)
  })
  return true
}

const bitsOf = (value: number) =>
  value < 2 ** 32 ? 32 - Math.clz32(value) : 64 - Math.clz32(Math.floor(value / 2 ** 32))

/** 32 values of `width` bits, the lowest first; what is missing of them is 0. */
function writeMini(out: Bytes, values: Float64Array, from: number, to: number, least: number, width: number): void {
  let bits = 0
  let held = 0
  const put = (value: number, count: number) => {
    held |= value << bits
    bits += count
    for (; bits >= 8; bits -= 8) {
      out.byte(held & 255)
      held >>>= 8
    }
  }
  for (let i = from; i < from + MINI; i++) {
    let rest = i < to ? values[i] - values[i - 1] - least : 0
    // At most 16 bits at a time beside the 7 that may be held.
    for (let left = width; left > 0; left -= 16) {
      const low = rest % 65_536
      put(low, Math.min(16, left))
      rest = (rest - low) / 65_536
    }
  }
}
