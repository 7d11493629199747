/**
 * What must hold for every scenario whatever it is: parts add up, nothing falls as batch or sequence grows (the frontier relies on it),
 * engines and reference agree. Scenarios are random over all models, GPUs, tasks, runtimes and precisions.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compiled } from '../../../src/formula/compiled.ts'
import { evaluator } from '../../../src/formula/evaluate.ts'
import { gpus } from '../../../src/hardware/catalogue.ts'
import { estimate } from '../../../src/memory/estimate.ts'
import { lowerAll } from '../../../src/memory/lower.ts'
import { componentNames } from '../../../src/memory/model.ts'
import { structureOf } from '../../../src/memory/structure.ts'
import { architectureOf, CATALOGUE } from '../../../src/model/catalogue.ts'
import { parseScenario, ScenarioError } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import {
  attentionKernels,
  checkpointing,
  losses,
  optimizers,
  runtimes,
  type ScenarioInput,
  tasks,
} from '../../../src/scenario/schema.ts'
import { atlas } from '../../../src/sweep/atlas.ts'
import { CpuEvaluator } from '../../../src/sweep/cpu-evaluator.ts'
import { plan } from '../../../src/sweep/plan.ts'
import { evaluateTile } from '../../../src/sweep/run.ts'

const orNull = <T>(values: readonly T[]) => fc.constantFrom(null, ...values)
const scenarios: fc.Arbitrary<ScenarioInput> = fc.record({
  model: fc.constantFrom(...CATALOGUE.map((m) => m.id)),
  task: fc.constantFrom(...tasks),
  runtime: fc.constantFrom(...runtimes),
  runtimeVersion: fc.constantFrom(null, null, '4.30', '4.40', '4.50', '0.6.3', '0.15', '0.19', '0.22'),
  batch: fc.integer({ min: 1, max: 65_536 }),
  sequence: fc.integer({ min: 1, max: 2 ** 24 }),
  precision: fc.record({
    weights: orNull(['bf16', 'fp8', 'int8', 'nf4', 'gptq-int4', 'Q4_K_M']),
    kvCache: orNull(['fp8', 'int8', 'q4_0']),
    compute: fc.constantFrom('bf16', 'fp16', 'fp32'),
  }),
  hardware: fc.record({ gpu: fc.constantFrom(...gpus.map((g) => g.id)), count: fc.constantFrom(1, 1, 2, 4, 8, 64) }),
  parallelism: fc.record({
    tensor: orNull([1, 2, 8]),
    pipeline: orNull([1, 2, 4]),
    context: orNull([1, 2]),
    zero: orNull([0, 1, 2, 3]),
    interleave: fc.constantFrom(1, 2),
  }),
  training: fc.record({
    optimizer: fc.constantFrom(...optimizers),
    checkpointing: orNull(checkpointing),
    attention: orNull(attentionKernels),
    loss: orNull(losses),
    gradientAccumulation: fc.constantFrom(1, 8),
    autocast: orNull([true, false]),
  }),
  lora: fc.record({ rank: fc.constantFrom(8, 64), targets: fc.constant(['all-linear']), dora: fc.boolean() }),
}) as fc.Arbitrary<ScenarioInput>

/** Runs a property on the scenarios that can exist; most can. */
function forEvery(runs: number, check: (resolved: ReturnType<typeof resolve>) => void): void {
  let possible = 0
  fc.assert(
    fc.property(scenarios, (input) => {
      try {
        const resolved = resolve(parseScenario(input), architectureOf)
        lowerAll(resolved)
        possible++
        check(resolved)
      } catch (error) {
        if (!(error instanceof ScenarioError)) throw error
      }
    }),
    { numRuns: runs },
  )
  expect(possible).toBeGreaterThan(runs / 4)
}

describe('every scenario', () => {
  it('adds up: the total is the sum of its components, the range holds it, all are whole numbers', () => {
    forEvery(400, (resolved) => {
      const { perGpu, range, capacity, verdict, allocated } = estimate(resolved)
      const sum = componentNames.reduce((s, name) => s + perGpu[name], 0)
      expect(perGpu.total).toBe(Math.min(Number.MAX_SAFE_INTEGER, sum))
      for (const value of [...Object.values(perGpu), capacity, allocated, range.low, range.high]) {
        expect(Number.isSafeInteger(value) || value >= Number.MAX_SAFE_INTEGER).toBe(true)
        expect(value).toBeGreaterThanOrEqual(0)
      }
      expect(range.low).toBeLessThanOrEqual(perGpu.total)
      expect(range.high).toBeGreaterThanOrEqual(perGpu.total)
      expect(verdict === 'oom').toBe(perGpu.total > capacity)
    })
  })

  it('never needs less for a larger batch or a longer sequence', () => {
    forEvery(400, (resolved) => {
      const { batch, sequence } = resolved.scenario
      for (const { flags, inputs } of lowerAll(resolved).ranks) {
        const { program, value } = compiled(structureOf(flags))
        const results = new Float64Array(program.columnResults)
        program.setSlice(inputs)
        let before = -1
        for (const s of [1, 2, 15, 16, 17, 1023, 4096, 4097, 131_072, sequence, 2 ** 24].sort((a, b) => a - b)) {
          program.column(s, results, 0)
          const now = value('total')(results, 0, batch)
          expect(now, `sequence ${s}`).toBeGreaterThanOrEqual(before)
          before = now
        }
        before = -1
        program.column(sequence, results, 0)
        for (const b of [1, 2, 3, 16, 255, 256, 257, batch, 65_536].sort((a, b) => a - b)) {
          const now = value('total')(results, 0, b)
          expect(now, `batch ${b}`).toBeGreaterThanOrEqual(before)
          before = now
        }
      }
    })
  })

  it('is the same, every output of it, compiled and by the reference', () => {
    forEvery(400, (resolved) => {
      const { batch, sequence } = resolved.scenario
      for (const { flags, inputs } of lowerAll(resolved).ranks) {
        const structure = structureOf(flags)
        const { program, value } = compiled(structure)
        const results = new Float64Array(program.columnResults)
        program.setSlice(inputs)
        program.column(sequence, results, 0)
        const reference = evaluator(inputs, batch, sequence)
        for (const [name, expression] of Object.entries(structure.outputs)) {
          expect(value(name)(results, 0, batch), name).toBe(Number(reference(expression)))
        }
      }
    })
  })

  it('answers backwards what it answers forwards: maxBatch and maxSequence are the last that are not out of memory', () => {
    forEvery(150, (resolved) => {
      const { maxBatch, maxSequence } = estimate(resolved)
      const verdictAt = (change: { batch?: number; sequence?: number }) =>
        estimate({ ...resolved, scenario: { ...resolved.scenario, ...change } }).verdict
      if (maxBatch > 0) expect(verdictAt({ batch: maxBatch })).not.toBe('oom')
      if (maxBatch < 65_536) expect(verdictAt({ batch: maxBatch + 1 })).toBe('oom')
      if (maxSequence > 0) expect(verdictAt({ sequence: maxSequence })).not.toBe('oom')
      if (maxSequence < 2 ** 24) expect(verdictAt({ sequence: maxSequence + 1 })).toBe('oom')
    })
  })

  it('is out of memory where a stage is that needs less than another, but has a smaller pool', async () => {
    // SGLang's share leaves room for its own activations: the stage with the head has more than the one with most layers.
    const scenario: ScenarioInput = {
      model: 'google/gemma-3-12b-it',
      runtime: 'sglang',
      batch: 1,
      hardware: { gpu: 'GB300', count: 8 },
      parallelism: { tensor: 2, pipeline: 2 },
    }
    const at = (sequence: number) => resolve(parseScenario({ ...scenario, sequence }), architectureOf)
    const { maxSequence } = estimate(at(1))
    const { verdict, perGpu, capacity } = estimate(at(maxSequence + 1))
    expect({ verdict, over: perGpu.total > capacity }).toEqual({ verdict: 'oom', over: true })
    expect(estimate(at(maxSequence)).verdict).not.toBe('oom')
    const { slices, sequences, batches } = plan({ ...scenario, sequence: maxSequence + 1 }, [], architectureOf)
    const { structure, ranks } = slices[0]!
    const cells = await evaluateTile(structure!, ranks, sequences, batches, new CpuEvaluator())
    expect([cells.total[0], cells.capacity[0]]).toEqual([perGpu.total, capacity])
    const [cell] = await atlas(slices, { batch: 1, sequence: maxSequence + 1 }, 'sequence', new CpuEvaluator())
    expect(cell).toEqual({ most: maxSequence, verdict: 'oom', total: perGpu.total, capacity })
  })
})
