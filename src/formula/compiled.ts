/** The compiled form of a structure: its passes and its cell functions, made once per structure and thread. */
import { type CellFunction, cellFunction, type RunFiller, runFiller } from './cells.ts'
import { compile, type Program } from './compile.ts'
import type { Structure } from './stages.ts'

export interface Compiled {
  program: Program
  /** One output's value in a cell, by the output's name. */
  value(output: string): CellFunction
  /** One output's values along a run of batch sizes. */
  filler(output: string): RunFiller
}

const known = new Map<string, Compiled>()

/** Its program keeps the slice set last, so a caller sets its own before it evaluates columns. */
export function compiled(structure: Structure): Compiled {
  let made = known.get(structure.key)
  if (!made) {
    const { outputs } = structure.stages
    const values = new Map(outputs.map(({ name, tree }) => [name, cellFunction(tree)]))
    const fillers = new Map(outputs.map(({ name, tree }) => [name, runFiller(tree)]))
    made = {
      program: compile(structure.stages),
      value: (output) => named(values, output),
      filler: (output) => named(fillers, output),
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
