/** The compiled form of a structure: its passes and its cell functions, made once per structure and thread. */
import {
  type CellFunction,
  cellFunction,
  type LargestBatch,
  largestBatchOf,
  type RunFiller,
  runFiller,
  type SeriesFiller,
  seriesFiller,
} from './cells.ts'
import { compile, type Program } from './compile.ts'
import type { CellTree, Structure } from './stages.ts'

export interface Compiled {
  program: Program
  /** One output's value in a cell, by the output's name. */
  value(output: string): CellFunction
  /** One output's values along evenly spaced batch sizes. */
  filler(output: string): RunFiller
  /** One output's values along batch sizes that never fall. */
  series(output: string): SeriesFiller
  /** The largest batch size at which an output stays within a limit. */
  largest(output: string): LargestBatch
}

const known = new Map<string, Compiled>()

/** Its program keeps the slice set last, so a caller sets its own before it evaluates columns. */
export function compiled(structure: Structure): Compiled {
  let made = known.get(structure.key)
  if (!made) {
    const each = <T>(make: (tree: CellTree) => T) => {
      const made = new Map(structure.stages.outputs.map(({ name, tree }) => [name, make(tree)]))
      return (output: string) => named(made, output)
    }
    made = {
      program: compile(structure.stages),
      value: each(cellFunction),
      filler: each(runFiller),
      series: each(seriesFiller),
      largest: each(largestBatchOf),
    }
    known.set(structure.key, made)
  }
  return made
}

function named<T>(map: Map<string, T>, name: string): T {
  const found = map.get(name)
  if (found === undefined) throw new RangeError(`No output is called ${name}; there are ${[...map.keys()].join(', ')}`)
  return found
}
