/** The GPU engine against the BigInt reference and the compiled CPU engine at tolerance zero, on random formulas and inputs. */
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { evaluator } from '../../src/formula/evaluate.ts'
import type { Expression, Inputs } from '../../src/formula/expression.ts'
import { specialise } from '../../src/formula/specialise.ts'
import { stage } from '../../src/formula/stages.ts'
import { GpuEngine } from '../../src/gpu/engine.ts'
import { CpuEvaluator } from '../../src/sweep/cpu-evaluator.ts'
import { columnsOf, type Lattice } from '../../src/sweep/evaluator.ts'
import { inputs, moving, still } from '../formulas.ts'

const engine = await GpuEngine.start()
const cpu = new CpuEvaluator()
afterAll(() => engine.destroy())

let structures = 0
function structure(formulas: Record<string, Expression>) {
  const outputs = Object.fromEntries(
    Object.entries(formulas).map(([name, formula]) => [name, specialise(formula, new Set())]),
  )
  return { key: `test ${structures++}`, outputs, stages: stage(outputs) }
}

const outputsOf = (formulas: Expression[]) => Object.fromEntries(formulas.map((formula, i) => [`output_${i}`, formula]))

/** Every value the reference finds, in the order engines write them. */
function expected({ structure, slices, sequences, batches }: Lattice, name: string): number[] {
  return slices.flatMap((slice: Inputs) =>
    [...sequences].flatMap((tokens) => {
      const column = new Map<Expression, bigint>()
      return [...batches].map((b) => Number(evaluator(slice, b, tokens, column)(structure.outputs[name])))
    }),
  )
}

const formulas = fc.array(fc.oneof(moving, still), { minLength: 8, maxLength: 8 }).map(outputsOf)
const slices = fc.array(inputs, { minLength: 1, maxLength: 5 })
const sequences = fc.uniqueArray(
  fc.oneof(fc.constantFrom(1, 4096, 65536, 2 ** 24), fc.integer({ min: 1, max: 2 ** 24 })),
  {
    minLength: 1,
    maxLength: 3,
  },
)
const even = fc
  .tuple(fc.integer({ min: 1, max: 400 }), fc.constantFrom(1, 2, 7, 100), fc.integer({ min: 1, max: 90 }))
  .chain(([start, step, count]) => {
    const rising = Array.from({ length: count }, (_, i) => start + i * step)
    return fc.constantFrom(rising, [...rising].reverse())
  })
const uneven = fc.array(fc.oneof(fc.constantFrom(1, 65535, 65536), fc.integer({ min: 1, max: 65536 })), {
  minLength: 1,
  maxLength: 20,
})

describe(`GPU engine on ${engine.gpu.name}`, () => {
  it('equals the reference and the CPU engine in every cell of random formulas', async () => {
    await fc.assert(
      fc.asyncProperty(formulas, slices, sequences, fc.oneof(even, uneven), async (given, slices, tokens, sizes) => {
        const lattice = {
          structure: structure(given),
          slices,
          sequences: Uint32Array.from(tokens),
          batches: Uint32Array.from(sizes),
        }
        const names = Object.keys(given)
        const tile = { firstColumn: 0, columns: columnsOf(lattice) }
        const [gpuCells, cpuCells] = [
          await engine.evaluator.cells(lattice, tile, names),
          await cpu.cells(lattice, tile, names),
        ]
        names.forEach((name, o) => {
          const wanted = expected(lattice, name)
          expect([...cpuCells[o]], `${name} on the CPU`).toEqual(wanted)
          expect([...gpuCells[o]], `${name} on the GPU`).toEqual(wanted)
        })
      }),
      { numRuns: 30, seed: 1 },
    )
  }, 300_000)
})
