/** What a prediction is, and what a meter reads it from. */
import type { Expression } from '../../src/formula/expression.ts'

export interface Prediction {
  /** Bytes, or tokens for `kv_tokens`. */
  expected: number
  /** The interval a total comes with; null for parts that are counted. */
  range: { low: number; high: number } | null
}

/** One pipeline stage's outputs, and how many GPUs hold the same. */
export interface Rank {
  read: (name: string) => number
  value: (expression: Expression) => number
  gpus: number
}
