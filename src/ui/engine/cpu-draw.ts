/** A drawing by the CPU: pixels and frontiers. The same code in the worker and, for the very first map, on the main thread. */
import { largestBatch } from '../../formula/cells.ts'
import { compiled } from '../../formula/compiled.ts'
import type { Inputs } from '../../formula/expression.ts'
import { structureOf } from '../../memory/structure.ts'
import type { Structure } from '../../sweep/evaluator.ts'
import type { Frame } from '../../sweep/frame.ts'
import { paint } from '../../sweep/raster.ts'
import type { Drawing, Frontiers } from './engine.ts'

/** A drawing that can be posted to a worker: structures by their key. */
export type PostedDrawing = Omit<Drawing, 'frames'> & {
  frames: (Omit<Frame, 'structure'> & { key: string })[]
}

export const post = ({ frames, ...rest }: Drawing): PostedDrawing => ({
  ...rest,
  frames: frames.map(({ structure, ...frame }) => ({ ...frame, key: structure.key })),
})

export const receive = ({ frames, ...rest }: PostedDrawing): Drawing => ({
  ...rest,
  frames: frames.map(({ key, ...frame }) => ({
    ...frame,
    structure: structureOf(new Set(key.split(', ').filter(Boolean))),
  })),
})

/** @param reuse an array of a former drawing to paint into */
export function drawOnCpu(drawing: Drawing, reuse?: Uint32Array): { pixels: Uint32Array; frontiers: Frontiers } {
  const { frames, most } = drawing
  let pixels: Uint32Array = reuse ?? new Uint32Array(0)
  frames.forEach((frame, index) => {
    if (index === 0) pixels = paint(frame, reuse)
    else {
      // Panels do not overlap, and pixels outside them are 0.
      const more = paint(frame)
      for (let i = 0; i < more.length; i++) pixels[i] |= more[i]
    }
  })
  const frontiers = frames.map(({ structure, panels, sequences }) =>
    panels.map((ranks) => frontier(structure, ranks, sequences, most)),
  )
  return { pixels, frontiers }
}

/** Largest batch per sequence length that fits on every one of some ranks. */
export function frontier(
  structure: Structure,
  ranks: readonly Inputs[],
  sequences: Uint32Array,
  most: number,
): Uint32Array {
  const { program, value } = compiled(structure)
  const total = value('total')
  const capacity = value('capacity')
  const results = new Float64Array(program.columnResults)
  const found = new Uint32Array(sequences.length).fill(most)
  for (const inputs of ranks) {
    program.setSlice(inputs)
    for (let i = 0; i < sequences.length; i++) {
      program.column(sequences[i], results, 0)
      found[i] = largestBatch(total, results, 0, capacity(results, 0, 1), found[i])
    }
  }
  return found
}
