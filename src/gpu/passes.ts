/** Encodes the slice, column and final pass over a tile of columns. */
import type { Inputs } from '../formula/expression.ts'
import type { Buffers } from './buffers.ts'
import type { Gpu } from './device.ts'
import { encodeSlices, encodeTile, type TileParameters } from './layout.ts'
import type { Pipelines, Program } from './pipelines.ts'

/** Columns of a lattice, and what the final pass makes of them. */
export interface Work {
  slices: readonly Inputs[]
  sequences: Uint32Array
  batches: Uint32Array
  firstColumn: number
  columns: number
  parameters: Partial<Pick<TileParameters, 'batchStep' | 'run' | 'runs' | 'most' | 'keepMargin'>>
  /** What the final pass writes into, and how many threads it takes. */
  target: GPUBuffer
  threads: number
  /** Repetitions of the final pass: outputs. */
  layers: number
}

/** Threads per workgroup, as in shaders/sweep.wgsl. */
const workgroup = 64
const storage = () => GPUBufferUsage.STORAGE

/** Records the passes; to be called inside `gpu.checked`. */
export function encodePasses(
  { device }: Gpu,
  buffers: Buffers,
  pipelines: Pipelines,
  program: Program,
  work: Work,
): GPUCommandEncoder {
  const { sequences, firstColumn, columns } = work
  const firstSlice = Math.floor(firstColumn / sequences.length)
  const lastSlice = Math.floor((firstColumn + columns - 1) / sequences.length)
  const encoded = encodeSlices(program.shader, work.slices.slice(firstSlice, lastSlice + 1))
  const slices = lastSlice - firstSlice + 1
  const tile = encodeTile({
    firstSequence: firstColumn - firstSlice * sequences.length,
    sequences: sequences.length,
    slices,
    columns,
    batches: work.batches.length,
    batchStep: 0,
    run: 1,
    runs: 1,
    most: 0,
    keepMargin: false,
    ...work.parameters,
  })
  const { hoistedBytes, columnBytes } = program.shader
  const bound = [
    buffers.upload('tile', tile, GPUBufferUsage.UNIFORM),
    buffers.upload('slices', encoded.slices, storage()),
    buffers.upload('rows', encoded.rows, storage()),
    buffers.get('hoisted', slices * hoistedBytes, storage()),
    buffers.upload('sequences', asWords(sequences), storage()),
    buffers.get('columns', columns * columnBytes, storage()),
    buffers.upload('batches', asWords(work.batches), storage()),
    work.target,
  ]
  const encoder = device.createCommandEncoder()
  const pass = encoder.beginComputePass()
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipelines.computeLayout,
      entries: bound.map((buffer, binding) => ({ binding, resource: { buffer } })),
    }),
  )
  const dispatch = (pipeline: GPUComputePipeline, threads: number, layers: number) => {
    pass.setPipeline(pipeline)
    const groups = Math.ceil(threads / workgroup)
    const rows = Math.ceil(groups / 65535)
    pass.dispatchWorkgroups(Math.ceil(groups / rows), rows, layers)
  }
  dispatch(program.slice, slices, 1)
  if (program.column) dispatch(program.column, columns, 1)
  dispatch(program.final, work.threads, work.layers)
  pass.end()
  return encoder
}

/** The same words in memory the queue accepts: shared memory is copied. */
function asWords(values: Uint32Array): Uint32Array<ArrayBuffer> {
  return values.buffer instanceof ArrayBuffer ? (values as Uint32Array<ArrayBuffer>) : new Uint32Array(values)
}
