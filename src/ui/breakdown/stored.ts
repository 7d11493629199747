/** How weights are stored: what has how many bits, which a quantised model's bytes cannot be checked without. */
import { evaluator } from '../../formula/evaluate.ts'
import { expertTensors, tensors } from '../../memory/quantities.ts'
import { classesOf, type Row } from '../../memory/rows.ts'
import { expertBytes, expertShard, tensorBytes, tensorShard } from '../../memory/weights.ts'
import type { TensorClass } from '../../model/architecture.ts'
import type { Cell } from './cell.ts'

const names: Record<TensorClass, string> = {
  embedding: 'embedding',
  head: 'output head',
  attention: 'attention',
  mlp: 'MLP',
  expert: 'experts',
  router: 'router',
  recurrent: 'recurrent mixers',
  vision: 'vision',
  mtp: 'token prediction',
  norm: 'norms',
}

/** Tensors of one number of bits on one GPU; scales and zero points are among the bits. */
export interface Stored {
  what: string
  parameters: number
  bits: number
  bytes: number
}

/** Most bytes first; a single entry where everything has the same bits. */
export function storedIn({ inputs, batch, sequence }: Pick<Cell, 'inputs' | 'batch' | 'sequence'>): Stored[] {
  const value = evaluator(inputs, batch, sequence)
  const groups = new Map<number, Omit<Stored, 'what'> & { classes: Set<TensorClass> }>()
  const add = (row: Row, exactly: number, parameters: bigint, bytes: bigint) => {
    const bits = Number(exactly.toPrecision(4))
    const group = groups.get(bits) ?? { bits, parameters: 0, bytes: 0, classes: new Set() }
    group.parameters += Number(parameters)
    group.bytes += Number(bytes)
    for (const one of classesOf(row)) group.classes.add(one)
    groups.set(bits, group)
  }
  for (const row of inputs.lists[tensors.name] ?? []) {
    const rows = { [tensors.name]: row }
    add(row, (8 * row.bytes_numerator) / row.bytes_denominator, value(tensorShard, rows), value(tensorBytes, rows))
  }
  for (const row of inputs.lists[expertTensors.name] ?? []) {
    const rows = { [expertTensors.name]: row }
    const bits = (8 * row.expert_bytes_numerator) / row.expert_bytes_denominator
    add(row, bits, value(expertShard, rows), value(expertBytes, rows))
  }
  const kinds = Object.keys(names) as TensorClass[]
  return [...groups.values()]
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ classes, ...group }) => {
      const what = kinds.filter((kind) => classes.has(kind)).map((kind) => names[kind])
      return { ...group, what: what.join(', ') }
    })
}
