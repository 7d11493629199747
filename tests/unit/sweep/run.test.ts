/**
 * Sweeps run by the CPU engine, held against one estimate per cell by the BigInt reference, and boundaries against the cells on both sides,
 * over every structure the memory model has.
 */
import { describe, expect, it } from 'vitest'
import { estimate } from '../../../src/memory/estimate.ts'
import { componentNames } from '../../../src/memory/model.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import { limits, type ScenarioInput } from '../../../src/scenario/schema.ts'
import type { AxisInput } from '../../../src/sweep/axis.ts'
import { CpuEvaluator } from '../../../src/sweep/cpu-evaluator.ts'
import { columnsOf, type Evaluator, type Lattice } from '../../../src/sweep/evaluator.ts'
import { type Plan, plan } from '../../../src/sweep/plan.ts'
import { boundary, evaluateTile, run } from '../../../src/sweep/run.ts'
import { randomIntegers } from '../../random.ts'
import { realStructures } from '../../structures.ts'

const engine = new CpuEvaluator()
const axes: AxisInput[] = [
  { field: 'precision.weights', values: ['bf16', 'nf4', 'nope'] },
  { field: 'hardware.count', values: [1, 2, 3, 8] },
  { field: 'sequence', values: [1, 777, 8192, 131072] },
  { field: 'batch', values: [1, 2, 3, 64, 65536] },
]
const scenarios: ScenarioInput[] = [
  { model: 'meta-llama/Meta-Llama-3-8B', hardware: { gpu: 'H100-SXM-80GB' } },
  // Layers are split: every GPU is a pipeline stage, and which one is the most loaded depends on the cell.
  { model: 'google/gemma-3-27b-it', runtime: 'transformers', hardware: { gpu: 'H100-SXM-80GB' } },
  { model: 'openai-community/gpt2', runtime: 'guide', task: 'full' },
]

async function everyCell(
  of: Plan,
  visit: (
    at: { slice: Plan['slices'][number]; sequence: number; batch: number },
    read: (name: string) => number,
  ) => void,
) {
  for await (const { slice, firstSequence, sequences, values } of run(of, engine)) {
    for (let i = 0; i < sequences * of.batches.length; i++) {
      const at = {
        slice,
        sequence: of.sequences[firstSequence + Math.floor(i / of.batches.length)],
        batch: of.batches[i % of.batches.length],
      }
      visit(at, (name) => (values as Record<string, Float64Array>)[name][i])
    }
  }
}

describe('run', () => {
  it.each(scenarios)('every component of every cell is that of one estimate: $model', async (scenario) => {
    const planned = plan(scenario, axes, architectureOf)
    const visited: string[] = []
    let impossible = 0
    await everyCell(planned, ({ slice, sequence, batch }, read) => {
      visited.push(`${slice.index} ${sequence} ${batch}`)
      if (!slice.scenario) {
        impossible++
        return
      }
      const { perGpu, capacity, verdict } = estimate(resolve({ ...slice.scenario, batch, sequence }, architectureOf))
      for (const name of [...componentNames, 'total'] as const)
        expect(read(name), `${name} at ${visited.at(-1)}`).toBe(perGpu[name])
      expect(read('capacity')).toBe(capacity)
      expect(read('total') > read('capacity')).toBe(verdict === 'oom')
    })
    const order = planned.slices.flatMap(({ index }) =>
      [...planned.sequences].flatMap((s) => [...planned.batches].map((b) => `${index} ${s} ${b}`)),
    )
    expect(visited).toEqual(order)
    expect(impossible).toBeGreaterThan(0)
  })

  it('asks an engine for tiles of bounded size, however many batch sizes, sequence lengths and pipeline stages there are', async () => {
    let largest = 0
    const watched: Evaluator = {
      name: 'watched',
      kind: 'cpu',
      cells(lattice: Lattice, tile, outputs) {
        largest = Math.max(largest, tile.columns * lattice.batches.length)
        return engine.cells(lattice, tile, outputs)
      },
      frontier: (...args) => engine.frontier(...args),
      longest: (...args) => engine.longest(...args),
      destroy() {},
    }
    const wide = plan(
      { model: 'meta-llama/Meta-Llama-3-8B', runtime: 'transformers', hardware: { gpu: 'T4', count: 32 } },
      [
        { field: 'batch', from: 1, to: 2000 },
        { field: 'sequence', from: 1, to: 300 },
      ],
      architectureOf,
    )
    let cells = 0
    for await (const tile of run(wide, watched)) {
      cells += tile.sequences * wide.batches.length
      if (cells > 100_000) break
    }
    expect(largest).toBeLessThanOrEqual(2 ** 18)
  })

  it('stops when it is told to', async () => {
    const controller = new AbortController()
    const tiles = run(plan(scenarios[0], axes, architectureOf), engine, controller.signal)
    await tiles.next()
    controller.abort(new Error('enough'))
    await expect(tiles.next()).rejects.toThrow('enough')
  })
})

describe('pipeline stages', () => {
  it('a cell’s numbers are those of its most loaded stage, not a mixture', async () => {
    const { slices } = plan(
      {
        model: 'google/gemma-3-27b-it',
        runtime: 'vllm',
        hardware: { gpu: 'H100-SXM-80GB', count: 3 },
        parallelism: { tensor: 1, pipeline: 3 },
      },
      [],
      architectureOf,
    )
    const { structure, ranks } = slices[0]
    if (!structure) throw new Error('The slice cannot exist')
    const sequences = Uint32Array.of(1, 5000, 100_000)
    const batches = Uint32Array.of(1, 40, 1000)
    const reduced = await evaluateTile(structure, ranks, sequences, batches, engine)
    const each = await Promise.all(ranks.map((rank) => evaluateTile(structure, [rank], sequences, batches, engine)))
    for (let i = 0; i < 9; i++) {
      const totals = each.map((rank) => rank.total[i])
      const worst = each[totals.indexOf(Math.max(...totals))]
      for (const name of Object.keys(reduced) as (keyof typeof reduced)[]) expect(reduced[name][i]).toBe(worst[name][i])
    }
    expect(new Set(each.map((rank) => rank.total[0])).size).toBeGreaterThan(1)
  })
})

describe('the boundary', () => {
  it('is a cell that fits whose next is out of memory, in every column of every structure', async () => {
    const below = randomIntegers(7)
    let columns = 0
    for (const { structure, slices, example } of realStructures()) {
      const some = slices.slice(0, 6)
      const sequences = Uint32Array.from({ length: 6 }, () => 1 + below(2 ** below(25)))
      for (const limit of ['capacity', 'safeCapacity'] as const) {
        for (const ranks of some.map((inputs) => [inputs])) {
          const slice = { index: 0, coordinates: [], scenario: null, ranks, structure, refusal: null }
          const found = await boundary(slice, sequences, limits.batch, limit, engine)
          for (const [column, most] of found.entries()) {
            const batches = Uint32Array.of(Math.max(1, most), Math.min(limits.batch, most + 1))
            const values = await evaluateTile(structure, ranks, sequences.subarray(column, column + 1), batches, engine)
            const where = `${JSON.stringify(example)} at ${sequences[column]}: ${most}`
            if (most > 0) expect(values.total[0], where).toBeLessThanOrEqual(values[limit][0])
            if (most < limits.batch) expect(values.total[1], where).toBeGreaterThan(values[limit][1])
            columns++
          }
        }
      }
    }
    expect(columns).toBeGreaterThan(1000)
  }, 120_000)

  it('of several stages is the tightest one’s, and agrees with the estimate’s largest batch', async () => {
    const scenario = parseScenario({
      model: 'google/gemma-3-27b-it',
      runtime: 'transformers',
      hardware: { gpu: 'A100-SXM-80GB', count: 3 },
    })
    const { slices, sequences } = plan(scenario, [{ field: 'sequence', values: [100, 3000, 20_000] }], architectureOf)
    const found = await boundary(slices[0], sequences, limits.batch, 'capacity', engine)
    const expected = [...sequences].map(
      (sequence) => estimate(resolve({ ...scenario, sequence }, architectureOf)).maxBatch,
    )
    expect([...found]).toEqual(expected)
    expect(slices[0].ranks.length).toBe(3)
  })

  it('of a slice that cannot exist is 0 everywhere', async () => {
    const { slices, sequences } = plan({ model: 'nope' }, [{ field: 'sequence', values: [1, 2] }], architectureOf)
    expect([...(await boundary(slices[0], sequences, 10, 'capacity', engine))]).toEqual([0, 0])
  })
})

describe('the CPU engine', () => {
  it('gives the same cells along an even run and one by one', async () => {
    const { slices } = plan(scenarios[1], [], architectureOf)
    const { structure, ranks } = slices[0]
    if (!structure) throw new Error('The slice cannot exist')
    const sequences = Uint32Array.of(9, 4096)
    const even = Uint32Array.from({ length: 200 }, (_, i) => 5 + 3 * i)
    const uneven = Uint32Array.of(...even, 65536)
    const walked = await evaluateTile(structure, ranks, sequences, even, engine)
    const single = await evaluateTile(structure, ranks, sequences, uneven, engine)
    for (let s = 0; s < 2; s++) {
      const one = walked.total.slice(s * 200, s * 200 + 200)
      expect([...one]).toEqual([...single.total.slice(s * 201, s * 201 + 200)])
    }
  })
  it('names the outputs there are when it is asked for another', async () => {
    const { slices } = plan(scenarios[0], [], architectureOf)
    const lattice = {
      structure: slices[0].structure as never,
      slices: slices[0].ranks,
      sequences: Uint32Array.of(1),
      batches: Uint32Array.of(1),
    }
    await expect(engine.cells(lattice, { firstColumn: 0, columns: columnsOf(lattice) }, ['wieghts'])).rejects.toThrow(
      'weights',
    )
  })
})
