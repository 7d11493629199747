/**
 * The GPU engine: cells, frontiers and longest sequences of any lattice, in tiles of bounded size, read back while the next tile is computed.
 */
import type { Inputs } from '../formula/expression.ts'
import {
  columnsOf,
  type Evaluator,
  evenStep,
  type Lattice,
  outputArrays,
  type Structure,
  type Tile,
} from '../sweep/evaluator.ts'
import { Buffers } from './buffers.ts'
import type { Gpu } from './device.ts'
import { decode } from './layout.ts'
import { encodePasses, type Work } from './passes.ts'
import type { Pipelines, Program } from './pipelines.ts'

/** Bytes of results per tile, and of the column results behind them: far below WebGPU's 128 MiB per binding. */
const budget = 2 ** 23
/** Slices per tile, each with lists of its own in the worst case. */
const mostSlices = 4096
/** Of the domain, and what times_small in shaders/u64.wgsl can multiply by. */
const largestBatch = 65536
/** Batch sizes a thread walks at most. */
const longestRun = 256

export class GpuEvaluator implements Evaluator {
  readonly kind = 'gpu'
  private readonly buffers: Buffers
  private readonly gpu: Gpu
  private readonly pipelines: Pipelines
  private queue: Promise<unknown> = Promise.resolve()

  constructor(gpu: Gpu, pipelines: Pipelines) {
    this.gpu = gpu
    this.pipelines = pipelines
    this.buffers = new Buffers(gpu.device)
  }

  get name() {
    return this.gpu.name
  }

  /** Bytes of GPU memory held; bounded however large a lattice is. */
  get bytes() {
    return this.buffers.bytes
  }

  cells(
    lattice: Lattice,
    tile: Tile,
    outputs: readonly string[],
    into?: readonly Float64Array[],
  ): Promise<Float64Array[]> {
    return this.inTurn(async () => {
      checkBatches(lattice.batches)
      const count = lattice.batches.length
      const arrays = outputArrays(outputs, tile.columns * count, into)
      if (outputs.length === 0 || tile.columns * count === 0) return arrays
      const program = await this.pipelines.cells(lattice.structure, outputs)
      const runs = runsOf(lattice.batches)
      await this.eachTile(
        lattice,
        tile,
        program,
        8 * count * outputs.length,
        (columns) => ({
          parameters: runs,
          threads: columns * runs.runs,
          layers: outputs.length,
        }),
        (words, first, columns) => {
          const size = columns * count
          arrays.forEach((array, o) => {
            const part = words.subarray(2 * o * size, 2 * (o + 1) * size)
            decode(part, array.subarray(first * count, first * count + size))
          })
        },
      )
      return arrays
    })
  }

  frontier(lattice: Lattice, most: number, limit: 'capacity' | 'safeCapacity'): Promise<Uint32Array> {
    return this.inTurn(async () => {
      checkBatches([most])
      const found = new Uint32Array(columnsOf(lattice))
      if (found.length === 0) return found
      const program = await this.pipelines.frontier(lattice.structure)
      const whole = { firstColumn: 0, columns: found.length }
      await this.eachTile(
        lattice,
        whole,
        program,
        4,
        (columns) => ({
          parameters: { most, keepMargin: limit === 'safeCapacity' },
          threads: columns,
          layers: 1,
        }),
        (words, first) => found.set(words, first),
      )
      return found
    })
  }

  longest(
    structure: Structure,
    groups: readonly (readonly Inputs[])[],
    batch: number,
    most: number,
  ): Promise<Uint32Array> {
    return this.inTurn(async () => {
      checkBatches([batch])
      const slices = groups.flat()
      // One column per slice; the last pass gives it the lengths it tries.
      const lattice = { structure, slices, sequences: Uint32Array.of(1), batches: Uint32Array.of(batch) }
      const found = new Uint32Array(slices.length)
      if (slices.length > 0) {
        const program = await this.pipelines.longest(structure)
        await this.eachTile(
          lattice,
          { firstColumn: 0, columns: slices.length },
          program,
          4,
          (columns) => ({ parameters: { most }, threads: columns, layers: 1 }),
          (words, first) => found.set(words, first),
        )
      }
      let first = 0
      return Uint32Array.from(groups, ({ length }) =>
        found.subarray(first, (first += length)).reduce((a, b) => Math.min(a, b), most),
      )
    })
  }

  destroy() {
    this.buffers.destroy()
    this.gpu.close()
  }

  /** One call at a time; a failed one does not stop those after it. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.queue.then(work).catch((error: unknown) => {
      // Whatever was being mapped must not be met again.
      this.buffers.destroy()
      throw error
    })
    this.queue = done.catch(() => {})
    return done
  }

  private async eachTile(
    lattice: Lattice,
    { firstColumn, columns }: Tile,
    program: Program,
    bytesPerColumn: number,
    work: (columns: number) => Pick<Work, 'parameters' | 'threads' | 'layers'>,
    take: (words: Uint32Array, first: number, columns: number) => void,
  ): Promise<void> {
    const size = Math.max(
      1,
      Math.min(
        Math.floor(budget / Math.max(bytesPerColumn, program.shader.columnBytes)),
        mostSlices * lattice.sequences.length - (firstColumn % lattice.sequences.length),
      ),
    )
    let previous: (() => Promise<void>) | null = null
    for (let first = 0, turn = 0; first < columns; first += size, turn++) {
      const count = Math.min(size, columns - first)
      const bytes = count * bytesPerColumn
      const staging = await this.gpu.checked(() => {
        const target = this.buffers.get('target', bytes, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC)
        const encoder = encodePasses(this.gpu, this.buffers, this.pipelines, program, {
          slices: lattice.slices,
          sequences: lattice.sequences,
          batches: lattice.batches,
          firstColumn: firstColumn + first,
          columns: count,
          target,
          ...work(count),
        })
        const copy = this.buffers.get(`staging ${turn % 2}`, bytes, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST)
        encoder.copyBufferToBuffer(target, 0, copy, 0, bytes)
        this.gpu.device.queue.submit([encoder.finish()])
        return copy
      })
      await previous?.()
      previous = async () => {
        await this.gpu.answer(staging.mapAsync(GPUMapMode.READ, 0, bytes))
        take(new Uint32Array(staging.getMappedRange(0, bytes)), first, count)
        staging.unmap()
      }
    }
    await previous?.()
  }
}

function checkBatches(batches: ArrayLike<number>) {
  for (let i = 0; i < batches.length; i++) {
    if (batches[i] > largestBatch)
      throw new RangeError(`batch must be at most ${largestBatch}, not ${batches[i]}: lower it`)
  }
}

/** How a column's batch sizes are shared out among threads: each walks up to 256 of them. */
export function runsOf(batches: Uint32Array): { batchStep: number; run: number; runs: number } {
  const runs = Math.ceil(batches.length / longestRun)
  return { batchStep: Math.max(0, evenStep(batches)), run: Math.ceil(batches.length / runs), runs }
}
