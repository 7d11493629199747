/**
 * The memory model on three engines: GPU and compiled CPU against the BigInt reference, every output of more than a million random cells over
 * every structure of the model, tolerance zero; designed edges first. Frontiers too.
 */
import { afterAll, describe, expect, it } from 'vitest'
import { evaluator } from '../../src/formula/evaluate.ts'
import type { Expression } from '../../src/formula/expression.ts'
import { GpuEngine } from '../../src/gpu/engine.ts'
import { limits } from '../../src/scenario/schema.ts'
import { CpuEvaluator } from '../../src/sweep/cpu-evaluator.ts'
import { columnsOf, type Lattice } from '../../src/sweep/evaluator.ts'
import { randomIntegers } from '../random.ts'
import { type RealStructure, realStructures } from '../structures.ts'

const engine = await GpuEngine.start()
const cpu = new CpuEvaluator()
const structures = realStructures()
afterAll(() => engine.destroy())

/** Random cells in all, shared by the structures. */
const wanted = 1_050_000
const perCall = { slices: 4, sequences: 8, batches: 128 }
let compared = 0

/** Compares every output in every cell; returns how many cells there were. */
async function compare(lattice: Lattice): Promise<number> {
  const { structure, slices, sequences, batches } = lattice
  const names = Object.keys(structure.outputs)
  const tile = { firstColumn: 0, columns: columnsOf(lattice) }
  const [onGpu, onCpu] = await Promise.all([
    engine.evaluator.cells(lattice, tile, names),
    cpu.cells(lattice, tile, names),
  ])
  let at = 0
  const wrong: string[] = []
  for (const [s, slice] of slices.entries()) {
    for (const tokens of sequences) {
      const column = new Map<Expression, bigint>()
      for (const batch of batches) {
        const exact = evaluator(slice, batch, tokens, column)
        names.forEach((name, o) => {
          const value = Number(exact(structure.outputs[name]))
          if (onGpu[o][at] === value && onCpu[o][at] === value) return
          const where = `slice ${s}, sequence ${tokens}, batch ${batch}`
          wrong.push(`${name} at ${where}: GPU ${onGpu[o][at]}, CPU ${onCpu[o][at]}, reference ${value}`)
        })
        at++
      }
    }
  }
  expect(wrong.slice(0, 5)).toEqual([])
  return at
}

function randomLattice({ structure, slices }: RealStructure, below: (n: number) => number): Lattice {
  const anyLength = (most: number) => 1 + below(2 ** below(Math.ceil(Math.log2(most)) + 1) || 1)
  // Even runs are walked, uneven ones evaluated cell by cell.
  const step = 1 + below(2 ** below(9))
  const start = 1 + below(limits.batch - step * perCall.batches)
  const even = below(2) === 0
  return {
    structure,
    slices: Array.from({ length: perCall.slices }, () => slices[below(slices.length)]),
    sequences: Uint32Array.from({ length: perCall.sequences }, () => anyLength(limits.sequence)),
    batches: Uint32Array.from({ length: perCall.batches }, (_, i) =>
      even ? start + i * step : anyLength(limits.batch),
    ),
  }
}

describe(`${structures.length} structures of the memory model on ${engine.gpu.name}`, () => {
  for (const real of structures) {
    it(`${real.structure.key || 'plain'}: edges, then random cells`, async () => {
      const edges = {
        structure: real.structure,
        slices: real.slices.slice(0, 16),
        sequences: Uint32Array.of(1, 2, 15, 16, 17, 255, 4095, 4096, 4097, 65535, 65536, 65537, 2 ** 24 - 1, 2 ** 24),
        batches: Uint32Array.of(1, 2, 3, 255, 256, 257, 65535, 65536),
      }
      await compare(edges)
      const below = randomIntegers(structures.indexOf(real))
      const cells = perCall.slices * perCall.sequences * perCall.batches
      for (let done = 0; done < wanted / structures.length; done += cells) {
        compared += await compare(randomLattice(real, below))
      }
    })

    // The frontier's pipelines are compiled apart, so a spread of structures has to do.
    if (structures.indexOf(real) % 4 === 0)
      it(`${real.structure.key || 'plain'}: frontier`, async () => {
        const lattice = {
          structure: real.structure,
          slices: real.slices.slice(0, 20),
          sequences: Uint32Array.from({ length: 40 }, (_, i) => Math.round(2 ** (i * 0.6))),
          batches: Uint32Array.of(1),
        }
        for (const limit of ['capacity', 'safeCapacity'] as const) {
          for (const most of [1, 1000, limits.batch]) {
            const found = await engine.evaluator.frontier(lattice, most, limit)
            expect(found).toEqual(await cpu.frontier(lattice, most, limit))
            found.forEach((batch, i) => {
              const slice = lattice.slices[Math.floor(i / 40)]
              const fits = (b: number) => {
                const exact = evaluator(slice, b, lattice.sequences[i % 40])
                return exact(real.structure.outputs.total) <= exact(real.structure.outputs[limit])
              }
              if (batch > 0 && i % 7 === 0) expect(fits(batch)).toBe(true)
              if (batch < most && i % 7 === 0) expect(fits(batch + 1)).toBe(false)
            })
          }
        }
      })
  }

  it('compared at least a million random cells', () => {
    console.info(`${compared} random cells, all outputs, on ${engine.gpu.name}`)
    expect(compared).toBeGreaterThanOrEqual(1_000_000)
  })
})
