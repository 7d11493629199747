/** Holds an engine against the CPU: the compiled evaluator in every cell, the BigInt reference in a sample. Tolerance zero. */
import { evaluator as reference } from '../formula/evaluate.ts'
import { CpuEvaluator } from './cpu-evaluator.ts'
import { columnsOf, type Evaluator } from './evaluator.ts'
import type { Plan } from './plan.ts'
import { cellOutputs, columnsPerTile } from './run.ts'

export interface Verification {
  /** The engine under test. */
  engine: string
  /** Cells compared with the compiled CPU evaluator, all outputs of each. */
  cells: number
  /** Cells compared with the BigInt reference. */
  referenceCells: number
  /** Values that differ. */
  mismatches: number
  /** The first value that differs, for a report. */
  first: { output: string; slice: number; sequence: number; batch: number; engine: number; expected: number } | null
}

/** Cells of one engine call; two engines' results are held at once. */
const TILE_CELLS = 2 ** 17

/** Cells per slice and tile that are also evaluated by the reference. */
const SAMPLES = 256

/** Compares every output of every cell of a plan. `onProgress` gets the share done. */
export async function verify(
  plan: Plan,
  engine: Evaluator,
  onProgress?: (share: number) => void,
  signal?: AbortSignal,
): Promise<Verification> {
  const cpu = new CpuEvaluator()
  const report: Verification = { engine: engine.name, cells: 0, referenceCells: 0, mismatches: 0, first: null }
  let found: Float64Array[] = []
  let expected: Float64Array[] = []
  const perSlice = plan.sequences.length * plan.batches.length
  for (const slice of plan.slices) {
    if (!slice.structure) continue
    const perTile = columnsPerTile(TILE_CELLS, plan, slice)
    for (let first = 0; first < plan.sequences.length; first += perTile) {
      signal?.throwIfAborted()
      const sequences = plan.sequences.subarray(first, first + perTile)
      const lattice = { structure: slice.structure, slices: slice.ranks, sequences, batches: plan.batches }
      const tile = { firstColumn: 0, columns: columnsOf(lattice) }
      ;[found, expected] = await Promise.all([
        engine.cells(lattice, tile, cellOutputs, found),
        cpu.cells(lattice, tile, cellOutputs, expected),
      ])
      const note = (o: number, i: number, wanted: number) => {
        const column = Math.floor(i / plan.batches.length)
        report.mismatches++
        report.first ??= {
          output: cellOutputs[o],
          slice: slice.index,
          sequence: sequences[column % sequences.length],
          batch: plan.batches[i % plan.batches.length],
          engine: found[o][i],
          expected: wanted,
        }
      }
      found.forEach((array, o) => {
        for (let i = 0; i < array.length; i++) if (array[i] !== expected[o][i]) note(o, i, expected[o][i])
      })
      const size = tile.columns * plan.batches.length
      for (let k = 0; k < Math.min(SAMPLES, size); k++) {
        const i = Math.floor((k * (size - 1)) / Math.max(1, Math.min(SAMPLES, size) - 1))
        const column = Math.floor(i / plan.batches.length)
        const inputs = slice.ranks[Math.floor(column / sequences.length)]
        const value = reference(inputs, plan.batches[i % plan.batches.length], sequences[column % sequences.length])
        cellOutputs.forEach((name, o) => {
          const wanted = Number(value(slice.structure?.outputs[name] as never))
          // What differs from the CPU too has been counted already.
          if (found[o][i] !== wanted && found[o][i] === expected[o][i]) note(o, i, wanted)
        })
        report.referenceCells++
      }
      report.cells += size
      onProgress?.((slice.index * perSlice + (first + sequences.length) * plan.batches.length) / plan.cells)
    }
  }
  return report
}
