/** The CPU painter: a frame as pixels, each decided by `shade` of frame.ts. */
import { compiled } from '../formula/compiled.ts'
import { type Frame, risingBatches, shade } from './frame.ts'

/** The frame's pixels, width × height, one 0xAABBGGRR each; `into` is reused when it has that size. @throws RangeError for unsorted rows */
export function paint(frame: Frame, into?: Uint32Array): Uint32Array {
  const { width, height, sequences, palette, origins } = frame
  const pixels = into?.length === width * height ? into.fill(0) : new Uint32Array(width * height)
  const { batches, falling } = risingBatches(frame.batches)
  const { program, value, series } = compiled(frame.structure)
  const [capacity, safeCapacity] = ['capacity', 'safeCapacity'].map(value)
  const total = series('total')
  const results = new Float64Array(program.columnResults)
  const used = new Float64Array(batches.length)
  frame.slices.forEach((slice, panel) => {
    program.setSlice(slice)
    const { x: left, y: top } = origins[panel]
    for (let i = 0; i < sequences.length; i++) {
      program.column(sequences[i], results, 0)
      const most = capacity(results, 0, 1)
      const safe = safeCapacity(results, 0, 1)
      total(results, 0, batches, used, 0)
      const x = left + i
      const last = batches.length - 1
      for (let j = 0, at = top * width + x; j <= last; j++, at += width) {
        pixels[at] = shade(palette, used[falling ? last - j : j], safe, most, x, top + j)
      }
    }
  })
  return pixels
}
