/**
 * Runs a plan on an engine, tile by tile, so that memory stays flat however many cells there are. Where a scenario has several pipeline
 * stages, a cell's numbers are those of its fullest one.
 */
import type { Inputs } from '../formula/expression.ts'
import { isFuller } from '../memory/fuller.ts'
import { componentNames } from '../memory/model.ts'
import { columnsOf, type Evaluator, type Lattice, type Structure } from './evaluator.ts'
import type { Plan, Slice } from './plan.ts'

/** What every cell of an export carries. */
export const cellOutputs = [...componentNames, 'total', 'capacity', 'safeCapacity'] as const
export type CellOutput = (typeof cellOutputs)[number]

/** Some sequence lengths of one slice, over all batch sizes. */
export interface SweepTile {
  slice: Slice
  /** Index of the first sequence length in `plan.sequences`, and how many follow. */
  firstSequence: number
  sequences: number
  /** sequences × batches values per output, batch fastest; empty for a slice that cannot exist. */
  values: Partial<Record<CellOutput, Float64Array>>
}

/** Cells of one engine call; 12 outputs × 8 B × this is about 24 MiB. */
const TILE_CELLS = 2 ** 18

/** Evaluates every cell of a plan in order: slices as planned, sequence, batch fastest. Stops when the signal aborts. */
export async function* run(plan: Plan, engine: Evaluator, signal?: AbortSignal): AsyncGenerator<SweepTile> {
  for (const slice of plan.slices) {
    const perTile = columnsPerTile(TILE_CELLS, plan, slice)
    for (let first = 0; first < plan.sequences.length; first += perTile) {
      signal?.throwIfAborted()
      const sequences = plan.sequences.subarray(first, first + perTile)
      const values = slice.structure
        ? await evaluateTile(slice.structure, slice.ranks, sequences, plan.batches, engine)
        : {}
      yield { slice, firstSequence: first, sequences: sequences.length, values }
    }
  }
}

/** Sequence lengths of one engine call with at most that many cells, pipeline stages counted. */
export const columnsPerTile = (cells: number, { batches }: Plan, { ranks }: Slice): number =>
  Math.max(1, Math.floor(cells / (batches.length * Math.max(1, ranks.length))))

/** Every output of every cell, ranks reduced to the fullest. */
export async function evaluateTile(
  structure: Structure,
  ranks: readonly Inputs[],
  sequences: Uint32Array,
  batches: Uint32Array,
  engine: Evaluator,
): Promise<Record<CellOutput, Float64Array>> {
  const lattice: Lattice = { structure, slices: ranks, sequences, batches }
  const arrays = await engine.cells(lattice, { firstColumn: 0, columns: columnsOf(lattice) }, cellOutputs)
  const size = sequences.length * batches.length
  const [total, capacity] = [arrays[cellOutputs.indexOf('total')], arrays[cellOutputs.indexOf('capacity')]]
  const used = (i: number) => ({ total: total[i], capacity: capacity[i] })
  const reduced = arrays.map((array) => array.subarray(0, size))
  for (let r = 1; r < ranks.length; r++) {
    for (let i = 0; i < size; i++) {
      if (!isFuller(used(r * size + i), used(i))) continue
      for (const [o, array] of arrays.entries()) reduced[o][i] = array[r * size + i]
    }
  }
  return Object.fromEntries(cellOutputs.map((name, o) => [name, reduced[o]])) as Record<CellOutput, Float64Array>
}

/** Largest batch per sequence length for one slice: the OOM boundary. The tightest pipeline stage decides. */
export async function boundary(
  slice: Slice,
  sequences: Uint32Array,
  most: number,
  limit: 'capacity' | 'safeCapacity',
  engine: Evaluator,
) {
  if (!slice.structure) return new Uint32Array(sequences.length)
  const lattice: Lattice = { structure: slice.structure, slices: slice.ranks, sequences, batches: new Uint32Array([1]) }
  const all = await engine.frontier(lattice, most, limit)
  const found = all.slice(0, sequences.length)
  for (let i = sequences.length; i < all.length; i++)
    found[i % sequences.length] = Math.min(found[i % sequences.length], all[i])
  return found
}
