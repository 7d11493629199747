/** One cell of the sweep by the BigInt reference: bytes of every component on the most loaded GPU. */
import { evaluator } from '../../formula/evaluate.ts'
import type { Inputs } from '../../formula/expression.ts'
import { rank, type Verdict } from '../../memory/figures.ts'
import { type ComponentName, componentNames } from '../../memory/model.ts'
import { structureOf } from '../../memory/structure.ts'
import type { Structure } from '../../sweep/evaluator.ts'
import type { Answer } from '../state/outcome.ts'

export interface Cell {
  batch: number
  sequence: number
  structure: Structure
  /** Of the most loaded pipeline stage. */
  inputs: Inputs
  perGpu: Record<ComponentName, number>
  total: number
  capacity: number
  safeCapacity: number
  verdict: Verdict
}

export function cellOf(structure: Structure, ranks: readonly Inputs[], batch: number, sequence: number): Cell {
  const { total } = structure.outputs
  const read = ranks.map((inputs) => ({ inputs, value: evaluator(inputs, batch, sequence) }))
  const { inputs, value } = read.reduce((a, b) => (b.value(total) > a.value(total) ? b : a))
  return filled({ batch, sequence, structure, inputs }, value)
}

/** The scenario's own cell, from what its estimate was read from. */
export function pinnedCell({ resolved }: Answer): Cell {
  const { ranks, worst, value } = rank(resolved)
  const { flags, inputs } = ranks[worst]
  const { batch, sequence } = resolved.scenario
  return filled({ batch, sequence, structure: structureOf(flags), inputs }, value)
}

type Place = Pick<Cell, 'batch' | 'sequence' | 'structure' | 'inputs'>

function filled(place: Place, value: ReturnType<typeof evaluator>): Cell {
  const { outputs } = place.structure
  const of = (name: string) => Number(value(outputs[name]))
  const [total, capacity, safeCapacity] = ['total', 'capacity', 'safeCapacity'].map(of)
  return {
    ...place,
    perGpu: Object.fromEntries(componentNames.map((name) => [name, of(name)])) as Cell['perGpu'],
    total,
    capacity,
    safeCapacity,
    verdict: total > capacity ? 'oom' : total > safeCapacity ? 'tight' : 'fits',
  }
}
