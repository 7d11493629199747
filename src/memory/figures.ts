/**
 * One scenario's answer: bytes per GPU on the fullest GPU, by the BigInt reference. Every number of the page's breakdown and of the
 * command line comes from here; engines are held against it.
 */

import { evaluator } from '../formula/evaluate.ts'
import type { Expression } from '../formula/expression.ts'
import { countParameters } from '../model/parameters.ts'
import type { Resolved } from '../scenario/resolve.ts'
import { fullest } from './fuller.ts'
import { guideSpeed } from './guide.ts'
import { inversesAt } from './inverses.ts'
import type { Layout } from './layout.ts'
import { type Lowered, lowerAll } from './lower.ts'
import { type ComponentName, componentNames } from './model.ts'
import { rangeOf } from './range.ts'
import { detailsOf, structureOf } from './structure.ts'
import { trainableParameters } from './trainable.ts'

export type Verdict = 'fits' | 'tight' | 'oom'

/** Forward pass with the loss, backward pass, optimizer step. */
export type Phase = 'forward' | 'backward' | 'step'

export interface Estimate {
  /** Bytes per component on the fullest GPU; they add up to `total`. */
  perGpu: Record<ComponentName, number> & { total: number }
  /** Bytes between which nine in ten measurements fall. */
  range: { low: number; high: number }
  /** What the framework's allocator would report at its peak. */
  allocated: number
  /** In training: what is allocated at the height of each phase of a step; the largest is `allocated`. */
  phases?: Record<Phase, number>
  /** In training: what PyTorch's allocator reserves where there is room for free blocks. */
  reserved?: number
  /** Bytes a program, or the runtime's pool, can have. */
  capacity: number
  verdict: Verdict
  parameters: number
  trainableParameters: number
  /** Largest batch at this sequence and longest sequence at this batch that are not out of memory; 0 when none is. */
  maxBatch: number
  maxSequence: number
  /** The article's multi-GPU efficiency: speed of all GPUs together relative to one. Only with the guide's rule. */
  speedup?: number
  /** With pipeline parallelism or a split by layers: every stage's GPU, in order. The estimate above is that of the fullest one. */
  stages?: (Record<ComponentName, number> & { total: number })[]
  /** What a reader should know beside the numbers, when there is something. */
  notes?: string[]
}

/** The rank a scenario's estimate speaks of. */
export interface Ranked {
  layout: Layout
  ranks: Lowered[]
  /** Index of the fullest pipeline stage at the scenario's batch and sequence. */
  worst: number
  /** Values of each rank in the scenario's cell, by the reference; `value` is the worst one's. */
  values: ReturnType<typeof evaluator>[]
  value: ReturnType<typeof evaluator>
}

/** Lowers a scenario for every stage and finds the fullest one. @throws ScenarioError */
export function rank(resolved: Resolved): Ranked {
  const found = known.get(resolved) ?? ranked(resolved)
  known.set(resolved, found)
  return found
}

const known = new WeakMap<Resolved, Ranked>()

function ranked(resolved: Resolved): Ranked {
  const { layout, ranks } = lowerAll(resolved)
  const { batch, sequence } = resolved.scenario
  const values = ranks.map(({ inputs }) => evaluator(inputs, batch, sequence))
  const worst = fullest(
    ranks.map(({ flags }, index) => {
      const { total, capacity } = structureOf(flags).outputs
      return { total: Number(values[index](total)), capacity: Number(values[index](capacity)) }
    }),
  )
  return { layout, ranks, worst, values, value: values[worst] }
}

/** The estimate without its notes, which the page fetches later. @throws ScenarioError for a scenario that cannot exist */
export function figures(resolved: Resolved): Estimate {
  const { ranks, worst, value, values } = rank(resolved)
  const { batch, sequence } = resolved.scenario
  const { outputs } = structureOf(ranks[worst].flags)
  const read = (name: string) => Number(value(outputs[name]))
  const total = read('total')
  const capacity = read('capacity')
  const perGpu = componentsOf(value, outputs)
  return {
    perGpu,
    range: rangeOf(resolved, perGpu, total),
    allocated: read('allocated'),
    ...training(ranks[worst], value),
    capacity,
    verdict: total > capacity ? 'oom' : total > read('safeCapacity') ? 'tight' : 'fits',
    parameters: countParameters(resolved.architecture).total,
    trainableParameters: trainableParameters(resolved),
    ...inversesAt(ranks, batch, sequence),
    ...(resolved.scenario.runtime === 'guide' ? { speedup: Number(value(guideSpeed)) / 1000 } : {}),
    ...(ranks.length > 1
      ? { stages: ranks.map(({ flags }, stage) => componentsOf(values[stage], structureOf(flags).outputs)) }
      : {}),
  }
}

/** A training step from within. */
function training({ flags }: Lowered, value: Ranked['value']): Pick<Estimate, 'phases' | 'reserved'> {
  if (!flags.has('training') || flags.has('guide')) return {}
  const details = detailsOf(flags)
  const read = (name: string) => Number(value(details[name]))
  return {
    phases: { forward: read('forward'), backward: read('backward'), step: read('step') },
    reserved: read('reserved'),
  }
}

function componentsOf(value: ReturnType<typeof evaluator>, outputs: Record<string, Expression>): Estimate['perGpu'] {
  const entries = [...componentNames, 'total'].map((name) => [name, Number(value(outputs[name]))])
  return Object.fromEntries(entries) as Estimate['perGpu']
}
