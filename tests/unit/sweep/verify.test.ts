/** The verification itself: it finds nothing in a right engine, and every value that a broken one changes. */
import { describe, expect, it } from 'vitest'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { CpuEvaluator } from '../../../src/sweep/cpu-evaluator.ts'
import type { Evaluator } from '../../../src/sweep/evaluator.ts'
import { plan } from '../../../src/sweep/plan.ts'
import { verify } from '../../../src/sweep/verify.ts'

const cpu = new CpuEvaluator()
const planned = plan(
  { model: 'meta-llama/Meta-Llama-3-8B', hardware: { gpu: 'H100-SXM-80GB' } },
  [
    { field: 'hardware.count', values: [1, 3, 2] },
    { field: 'sequence', values: [100, 200] },
    { field: 'batch', from: 1, to: 10 },
  ],
  architectureOf,
)

/** The CPU engine with one value of its results changed. */
function broken(change: (arrays: Float64Array[], outputs: readonly string[]) => void): Evaluator {
  return {
    name: 'broken',
    kind: 'cpu',
    async cells(lattice, tile, outputs) {
      const arrays = await cpu.cells(lattice, tile, outputs)
      change(arrays, outputs)
      return arrays
    },
    frontier: (...args) => cpu.frontier(...args),
    longest: (...args) => cpu.longest(...args),
    destroy() {},
  }
}

describe('verify', () => {
  it('compares every cell that exists and finds nothing in a right engine', async () => {
    const shares: number[] = []
    const report = await verify(planned, cpu, (share) => shares.push(share))
    // Three GPUs cannot share 32 heads: two slices of 2 × 10 cells are left, all of them in the reference's sample.
    expect(report).toEqual({ engine: 'CPU', cells: 40, referenceCells: 40, mismatches: 0, first: null })
    expect(shares).toEqual([1 / 3, 1])
  })

  it('finds one byte in one component of one cell, and says where', async () => {
    let calls = 0
    const report = await verify(
      planned,
      broken((arrays, outputs) => {
        if (calls++ === 1) arrays[outputs.indexOf('kvCache')][13]++
      }),
    )
    expect(report.mismatches).toBe(1)
    expect(report.first).toMatchObject({ output: 'kvCache', slice: 2, sequence: 200, batch: 4 })
    expect((report.first?.engine ?? 0) - (report.first?.expected ?? 0)).toBe(1)
  })

  it('counts a value that is no number as wrong', async () => {
    const report = await verify(
      planned,
      broken((arrays) => arrays[0].fill(Number.NaN, 5, 6)),
    )
    expect(report.mismatches).toBeGreaterThanOrEqual(2)
  })

  it('stops when it is told to', async () => {
    await expect(verify(planned, cpu, undefined, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
  })
})
