/** The CPU engine: the compiled slice and column passes, and cells filled along straight walks. Plain loops on one thread. */
import type { Program } from '../formula/compile.ts'
import { compiled } from '../formula/compiled.ts'
import type { Inputs } from '../formula/expression.ts'
import { type Evaluator, evenStep, type Lattice, outputArrays, type Structure, type Tile } from './evaluator.ts'

/** Runs `each` for every column from `first`, with the column's results. */
function eachColumn(
  lattice: Lattice,
  program: Program,
  first: number,
  count: number,
  each: (results: Float64Array, index: number) => void,
) {
  const results = new Float64Array(program.columnResults)
  const { length } = lattice.sequences
  let slice = -1
  for (let i = 0; i < count; i++) {
    const column = first + i
    const next = Math.floor(column / length)
    if (next !== slice) program.setSlice(lattice.slices[next])
    slice = next
    program.column(lattice.sequences[column - next * length], results, 0)
    each(results, i)
  }
}

export class CpuEvaluator implements Evaluator {
  readonly name = 'CPU'
  readonly kind = 'cpu'

  async cells(
    lattice: Lattice,
    tile: Tile,
    outputs: readonly string[],
    into?: readonly Float64Array[],
  ): Promise<Float64Array[]> {
    const { program, value, filler, series } = compiled(lattice.structure)
    const { batches } = lattice
    const step = evenStep(batches)
    const rising = batches.every((batch, b) => b === 0 || batch >= batches[b - 1])
    const run = { start: batches[0], step, count: batches.length }
    const arrays = outputArrays(outputs, tile.columns * batches.length, into)
    eachColumn(lattice, program, tile.firstColumn, tile.columns, (results, i) => {
      const at = i * batches.length
      outputs.forEach((name, o) => {
        if (step > 0) filler(name)(results, 0, run, arrays[o], at, 1)
        else if (rising) series(name)(results, 0, batches, arrays[o], at)
        else {
          const valueAt = value(name)
          for (let b = 0; b < batches.length; b++) arrays[o][at + b] = valueAt(results, 0, batches[b])
        }
      })
    })
    return arrays
  }

  async frontier(lattice: Lattice, most: number, limit: 'capacity' | 'safeCapacity'): Promise<Uint32Array> {
    const { program, value, largest } = compiled(lattice.structure)
    const total = largest('total')
    const bound = value(limit)
    const columns = lattice.slices.length * lattice.sequences.length
    const found = new Uint32Array(columns)
    eachColumn(lattice, program, 0, columns, (results, i) => {
      found[i] = total(results, 0, bound(results, 0, 1), most)
    })
    return found
  }

  /** A slice is only asked about what those of its group before it left possible, so one that holds that costs one look. */
  async longest(
    structure: Structure,
    groups: readonly (readonly Inputs[])[],
    batch: number,
    most: number,
  ): Promise<Uint32Array> {
    const { program, value } = compiled(structure)
    const [total, capacity] = [value('total'), value('capacity')]
    const results = new Float64Array(program.columnResults)
    const fits = (tokens: number) => {
      program.column(tokens, results, 0)
      return total(results, 0, batch) <= capacity(results, 0, 1)
    }
    return Uint32Array.from(groups, (slices) => {
      let left = most
      for (const inputs of slices) {
        program.setSlice(inputs)
        if (left === 0 || fits(left)) continue
        let low = 0
        while (left - low > 1) {
          const middle = (low + left) >>> 1
          if (fits(middle)) low = middle
          else left = middle
        }
        left = low
      }
      return left
    })
  }

  destroy() {}
}
