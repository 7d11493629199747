/**
 * What every engine does, and nothing about how: evaluate the cells of a lattice, find its frontier. Knows no DOM, no GPU, no scenario.
 */
import type { Inputs } from '../formula/expression.ts'
import type { Structure } from '../formula/stages.ts'

export type { Structure }

/** Slices of one structure × sequence lengths × batch sizes. Column c is slice ⌊c / sequences⌋ at sequence c mod sequences. */
export interface Lattice {
  structure: Structure
  slices: readonly Inputs[]
  /** Tokens per sequence, 1 … 16 777 216. */
  sequences: Uint32Array
  /** Batch sizes, 1 … 65 536. Evenly spaced ones are walked by additions. */
  batches: Uint32Array
}

/** A run of a lattice's columns, to be evaluated over all batch sizes in one go. */
export interface Tile {
  firstColumn: number
  columns: number
}

export interface Evaluator {
  /** What runs, for people: `CPU`, or the GPU adapter's name. */
  readonly name: string
  readonly kind: 'cpu' | 'gpu'
  /**
   * Bytes of each named output in every cell of the tile: one array per output, columns × batches values, batch fastest.
   * Exact integers up to 2⁵³ − 1. Arrays of the right length in `into` (of a former call) are written again instead of new ones.
   */
  cells(
    lattice: Lattice,
    tile: Tile,
    outputs: readonly string[],
    into?: readonly Float64Array[],
  ): Promise<Float64Array[]>
  /** Per column the largest batch size in 0 … most with total ≤ the named limit output (`capacity` or `safeCapacity`). */
  frontier(lattice: Lattice, most: number, limit: 'capacity' | 'safeCapacity'): Promise<Uint32Array>
  /**
   * Per group of slices (of a structure) the longest sequence in 0 … most with total ≤ capacity at a batch size, on every slice of the group:
   * the stages of a pipeline are a group.
   */
  longest(
    structure: Structure,
    groups: readonly (readonly Inputs[])[],
    batch: number,
    most: number,
  ): Promise<Uint32Array>
  /** Frees what the engine holds. Pending calls reject. */
  destroy(): void
}

export const columnsOf = (lattice: Lattice) => lattice.slices.length * lattice.sequences.length

/** One array of `cells` values per output: those of `into` where they have that length. */
export const outputArrays = (outputs: readonly string[], cells: number, into: readonly Float64Array[] = []) =>
  outputs.map((_, o) => (into[o]?.length === cells ? into[o] : new Float64Array(cells)))

/** The step between evenly spaced values, or 0 when they are not evenly spaced. A single value has step 1. */
export function evenStep(values: Uint32Array): number {
  if (values.length < 2) return 1
  const step = values[1] - values[0]
  for (let i = 2; i < values.length; i++) if (values[i] - values[i - 1] !== step) return 0
  return step
}
