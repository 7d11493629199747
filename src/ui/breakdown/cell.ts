/** One cell of the sweep by the BigInt reference: bytes of every component on the fullest GPU. */
import { evaluator } from '../../formula/evaluate.ts'
import type { Inputs } from '../../formula/expression.ts'
import { rank, type Verdict } from '../../memory/figures.ts'
import { fullest } from '../../memory/fuller.ts'
import { type ComponentName, componentNames } from '../../memory/model.ts'
import { structureOf } from '../../memory/structure.ts'
import type { Structure } from '../../sweep/evaluator.ts'
import type { Answer } from '../state/outcome.ts'

export interface Cell {
  batch: number
  sequence: number
  structure: Structure
  /** Of the fullest pipeline stage. */
  inputs: Inputs
  perGpu: Record<ComponentName, number>
  total: number
  capacity: number
  safeCapacity: number
  verdict: Verdict
}

export function cellOf(structure: Structure, ranks: readonly Inputs[], batch: number, sequence: number): Cell {
  const { total, capacity } = structure.outputs
  const values = ranks.map((inputs) => evaluator(inputs, batch, sequence))
  const worst = fullest(values.map((value) => ({ total: Number(value(total)), capacity: Number(value(capacity)) })))
  return filled({ batch, sequence, structure, inputs: ranks[worst] }, values[worst])
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
