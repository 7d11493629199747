/** What the map shows: the ranges the reader chose, else usual ones that hold the pinned cell. */
import { limits } from '../../scenario/schema.ts'
import { type Document, isTraining, type Range } from '../state/document.ts'

/** Where people work: serving up to long contexts, training in shorter sequences and smaller batches. */
const usual = {
  serving: { x: [1024, 131_072], y: [1, 256] },
  training: { x: [256, 32_768], y: [1, 64] },
} as const

export function rangesOf({ input, view }: Document): { x: Range; y: Range } {
  const { x, y } = usual[isTraining(input) ? 'training' : 'serving']
  return {
    x: view.x ?? around(x, input.sequence ?? 8192, limits.sequence),
    y: view.y ?? around(y, input.batch ?? 1, limits.batch),
  }
}

/** From power of two to power of two, wide enough for a value. */
function around([from, to]: readonly [number, number], value: number, most: number): Range {
  return {
    from: Math.min(from, 2 ** Math.floor(Math.log2(value))),
    to: Math.min(most, Math.max(to, 2 ** Math.ceil(Math.log2(value)))),
    scale: 'log2',
  }
}
