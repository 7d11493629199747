/** The CPU painter: a frame as pixels, each decided by `shade` of frame.ts. Columns are evaluated once, repeated batch sizes once. */

import { compiled } from '../formula/compiled.ts'
import { type Frame, shade } from './frame.ts'

/** The frame's pixels, width × height, one 0xAABBGGRR each; `into` is reused when it has that size. */
export function paint(frame: Frame, into?: Uint32Array): Uint32Array {
  const { width, height, sequences, batches, palette, origins } = frame
  const pixels = into?.length === width * height ? into.fill(0) : new Uint32Array(width * height)
  const { program, value } = compiled(frame.structure)
  const [total, capacity, safeCapacity] = ['total', 'capacity', 'safeCapacity'].map(value)
  const results = new Float64Array(program.columnResults)
  frame.slices.forEach((slice, panel) => {
    program.setSlice(slice)
    const { x: left, y: top } = origins[panel]
    for (let i = 0; i < sequences.length; i++) {
      program.column(sequences[i], results, 0)
      const most = capacity(results, 0, 1)
      const safe = safeCapacity(results, 0, 1)
      let batch = 0
      let used = 0
      const x = left + i
      for (let j = 0, at = top * width + x; j < batches.length; j++, at += width) {
        if (batches[j] !== batch) {
          batch = batches[j]
          used = total(results, 0, batch)
        }
        pixels[at] = shade(palette, used, safe, most, x, top + j)
      }
    }
  })
  return pixels
}
