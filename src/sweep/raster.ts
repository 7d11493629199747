/** The CPU painter: a frame as pixels, each coloured by `shade` of frame.ts. */
import { compiled } from '../formula/compiled.ts'
import { type Frame, risingBatches, SHADES, shade } from './frame.ts'

/** The frame's pixels, width × height, one 0xAABBGGRR each; `into` is reused when it has that size. @throws RangeError for unsorted rows */
export function paint(frame: Frame, into?: Uint32Array): Uint32Array {
  const { width, height, sequences, palette, origins } = frame
  const pixels = into?.length === width * height ? into.fill(0) : new Uint32Array(width * height)
  const { batches, falling } = risingBatches(frame.batches)
  const { program, value, series } = compiled(frame.structure)
  const [capacity, safeCapacity] = ['capacity', 'safeCapacity'].map(value)
  const total = series('total')
  const rows = batches.length
  const used = new Float64Array(rows)
  const worst = new Float64Array(rows)
  frame.panels.forEach((ranks, panel) => {
    const several = ranks.length > 1
    const size = program.columnResults
    const results = new Float64Array(ranks.length * sequences.length * size)
    ranks.forEach((slice, rank) => {
      program.setSlice(slice)
      for (let i = 0; i < sequences.length; i++)
        program.column(sequences[i], results, (rank * sequences.length + i) * size)
    })
    const { x: left, y: top } = origins[panel]
    hatch(pixels, frame, left, top)
    const step = falling ? -width : width
    for (let i = 0; i < sequences.length; i++) {
      // Rows that fit and that fit with the safety margin, from the smallest batch size, on every rank.
      let fit = rows
      let safe = rows
      let most = 0
      for (let rank = 0; rank < ranks.length; rank++) {
        const at = (rank * sequences.length + i) * size
        most = capacity(results, at, 1)
        total(results, at, batches, used, 0)
        fit = rowsWithin(used, most, fit)
        safe = rowsWithin(used, safeCapacity(results, at, 1), Math.min(safe, fit))
        if (several) raise(worst, used, most, fit, rank === 0)
      }
      const [shares, whole] = several ? [worst, 1] : [used, most]
      const x = left + i
      const y = falling ? top + rows - 1 : top
      colour(pixels, y * width + x, step, shares, whole, safe, palette.fits)
      for (let row = safe; row < fit; row++) {
        const at = falling ? y - row : y + row
        pixels[at * width + x] = shade(palette, 'tight', shares[row] / whole, x, at)
      }
    }
  })
  return pixels
}

/** Paints a panel as if nothing fitted, in whole rows: their pattern comes back every eight. */
function hatch(pixels: Uint32Array, { width, sequences, batches, palette }: Frame, left: number, top: number): void {
  const patterns = Array.from({ length: 8 }, (_, y) =>
    Uint32Array.from(sequences, (_, x) => shade(palette, 'oom', 1, left + x, top + y)),
  )
  for (let row = 0; row < batches.length; row++) pixels.set(patterns[row % 8], (top + row) * width + left)
}

/** What `shade` says of "fits", written out for the first `rows` of a column: this is most of the work. */
function colour(
  pixels: Uint32Array,
  first: number,
  step: number,
  shares: Float64Array,
  whole: number,
  rows: number,
  fits: Uint32Array,
): void {
  let pixel = first
  for (let row = 0; row < rows; row++, pixel += step) {
    const index = Math.floor((shares[row] / whole) * SHADES)
    pixels[pixel] = fits[index < SHADES ? index : SHADES - 1]
  }
}

/** Raises shares to those of one more rank, the first `rows` of them. */
function raise(shares: Float64Array, used: Float64Array, most: number, rows: number, first: boolean): void {
  for (let row = 0; row < rows; row++) {
    const share = used[row] / most
    if (first || share > shares[row]) shares[row] = share
  }
}

/** How many of the first `most` values, which never fall, do not exceed the limit. */
function rowsWithin(values: Float64Array, limit: number, most: number): number {
  let fit = 0
  let fail = most + 1
  while (fail - fit > 1) {
    const middle = (fit + fail) >>> 1
    if (values[middle - 1] <= limit) fit = middle
    else fail = middle
  }
  return fit
}
