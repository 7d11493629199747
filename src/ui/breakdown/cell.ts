/** One cell of the sweep by the BigInt reference: bytes of every component on the most loaded GPU. */
import { evaluator } from '../../formula/evaluate.ts'
import type { Expression, Inputs } from '../../formula/expression.ts'
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
  /** In training: what the activations are at the height of a step. */
  phase: string
  total: number
  capacity: number
  safeCapacity: number
  verdict: Verdict
}

export function cellOf(structure: Structure, ranks: readonly Inputs[], batch: number, sequence: number): Cell {
  const read = ranks.map((inputs) => {
    const value = evaluator(inputs, batch, sequence)
    return { inputs, value, of: (name: string) => Number(value(structure.outputs[name])) }
  })
  const worst = read.reduce((a, b) => (b.of('total') > a.of('total') ? b : a))
  const [total, capacity, safeCapacity] = ['total', 'capacity', 'safeCapacity'].map(worst.of)
  return {
    batch,
    sequence,
    structure,
    inputs: worst.inputs,
    phase: phaseOf(structure.outputs.activations, worst.value),
    perGpu: Object.fromEntries(componentNames.map((name) => [name, worst.of(name)])) as Cell['perGpu'],
    total,
    capacity,
    safeCapacity,
    verdict: total > capacity ? 'oom' : total > safeCapacity ? 'tight' : 'fits',
  }
}

/** The name of the alternative that is as large as all of them. */
function phaseOf(activations: Expression, value: (of: Expression) => bigint): string {
  const inner = activations.op === 'named' ? activations.of : activations
  const peak = inner.op === 'largest' ? inner.of.find((phase) => value(phase) === value(inner)) : null
  return peak?.op === 'named' ? peak.name : ''
}
