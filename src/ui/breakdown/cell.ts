/** One cell of the sweep by the BigInt reference: bytes of every component on the most loaded GPU. */
import { evaluator } from '../../formula/evaluate.ts'
import type { Inputs } from '../../formula/expression.ts'
import type { Verdict } from '../../memory/estimate.ts'
import { type ComponentName, componentNames } from '../../memory/model.ts'
import type { Structure } from '../../sweep/evaluator.ts'

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
  const read = ranks.map((inputs) => {
    const value = evaluator(inputs, batch, sequence)
    return { inputs, of: (name: string) => Number(value(structure.outputs[name])) }
  })
  const worst = read.reduce((a, b) => (b.of('total') > a.of('total') ? b : a))
  const [total, capacity, safeCapacity] = ['total', 'capacity', 'safeCapacity'].map(worst.of)
  return {
    batch,
    sequence,
    structure,
    inputs: worst.inputs,
    perGpu: Object.fromEntries(componentNames.map((name) => [name, worst.of(name)])) as Cell['perGpu'],
    total,
    capacity,
    safeCapacity,
    verdict: total > capacity ? 'oom' : total > safeCapacity ? 'tight' : 'fits',
  }
}
