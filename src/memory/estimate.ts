/**
 * One scenario's answer: bytes per GPU on the most loaded GPU, by the BigInt reference. Every number of the page's breakdown and of the
 * command line comes from here; engines are held against it.
 */
import { largestBatch } from '../formula/cells.ts'
import { compiled } from '../formula/compiled.ts'
import { evaluator } from '../formula/evaluate.ts'
import { countParameters } from '../model/parameters.ts'
import type { Resolved } from '../scenario/resolve.ts'
import { limits } from '../scenario/schema.ts'
import type { Layout } from './layout.ts'
import { type Lowered, lowerAll } from './lower.ts'
import { type ComponentName, componentNames } from './model.ts'
import { rangeOf } from './range.ts'
import { structureOf } from './structure.ts'
import { trainableParameters } from './trainable.ts'

export type Verdict = 'fits' | 'tight' | 'oom'

export interface Estimate {
  /** Bytes per component on the most loaded GPU; they add up to `total`. */
  perGpu: Record<ComponentName, number> & { total: number }
  /** Bytes between which nine in ten measurements fall. */
  range: { low: number; high: number }
  /** What the framework's allocator would report at its peak. */
  allocated: number
  /** Bytes a program, or the runtime's pool, can have. */
  capacity: number
  verdict: Verdict
  parameters: number
  trainableParameters: number
  /** Largest batch at this sequence and longest sequence at this batch that are not out of memory; 0 when none is. */
  maxBatch: number
  maxSequence: number
}

/** The rank a scenario's estimate speaks of. */
export interface Ranked {
  layout: Layout
  ranks: Lowered[]
  /** Index of the most loaded pipeline stage at the scenario's batch and sequence. */
  worst: number
  /** Values of that stage in the scenario's cell, by the reference. */
  value: ReturnType<typeof evaluator>
}

/** Lowers a scenario for every stage and finds the most loaded one. @throws ScenarioError */
export function rank(resolved: Resolved): Ranked {
  const { layout, ranks } = lowerAll(resolved)
  const { batch, sequence } = resolved.scenario
  const values = ranks.map(({ inputs }) => evaluator(inputs, batch, sequence))
  const totals = ranks.map(({ flags }, index) => values[index](structureOf(flags).outputs.total))
  const worst = totals.reduce((best, value, index) => (value > totals[best] ? index : best), 0)
  return { layout, ranks, worst, value: values[worst] }
}

/** @throws ScenarioError for a scenario that cannot exist */
export function estimate(resolved: Resolved): Estimate {
  const { ranks, worst, value } = rank(resolved)
  const { batch, sequence } = resolved.scenario
  const { outputs } = structureOf(ranks[worst].flags)
  const read = (name: string) => Number(value(outputs[name]))
  const total = read('total')
  const capacity = read('capacity')
  const perGpu = Object.fromEntries(componentNames.map((name) => [name, read(name)])) as Record<ComponentName, number>
  return {
    perGpu: { ...perGpu, total },
    range: rangeOf(resolved, perGpu, total),
    allocated: read('allocated'),
    capacity,
    verdict: total > capacity ? 'oom' : total > read('safeCapacity') ? 'tight' : 'fits',
    parameters: countParameters(resolved.architecture).total,
    trainableParameters: trainableParameters(resolved),
    ...frontierAt(ranks, batch, sequence),
  }
}

/** Both inverses through a cell: batch at this sequence, sequence at this batch. Total grows with each, so bisection finds them. */
export function frontierAt(
  ranks: Lowered[],
  batch: number,
  sequence: number,
): { maxBatch: number; maxSequence: number } {
  const frontier = { maxBatch: limits.batch as number, maxSequence: limits.sequence as number }
  for (const { flags, inputs } of ranks) {
    const { program, value } = compiled(structureOf(flags))
    const total = value('total')
    const capacity = value('capacity')
    const results = new Float64Array(program.columnResults)
    program.setSlice(inputs)
    const fits = (tokens: number) => {
      program.column(tokens, results, 0)
      return total(results, 0, batch) <= capacity(results, 0, 1)
    }
    program.column(sequence, results, 0)
    // The tightest rank decides, so a rank is only asked about what those before it left possible.
    frontier.maxBatch = largestBatch(total, results, 0, capacity(results, 0, 1), frontier.maxBatch)
    frontier.maxSequence = largest(fits, frontier.maxSequence)
  }
  return frontier
}

/** The largest number in 0 … most for which `fits` holds, where it holds up to some number and not beyond; 0 when for none. */
function largest(fits: (n: number) => boolean, most: number): number {
  if (most === 0 || fits(most)) return most
  let low = 0
  let high = most
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if (fits(middle)) low = middle
    else high = middle
  }
  return low
}
