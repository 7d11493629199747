/** Time and memory as sweeps grow: vLLM inference, one total per cell, tile by tile into the same array. */
import { columnsOf } from '../../src/sweep/evaluator.ts'
import { cases, cpu, engine, lattice } from './setup.ts'

/** Cells per call. */
const tileCells = 2 ** 20

/** Evaluates about `cells` cells; the runner watches the processes' memory meanwhile. */
export async function scale(kind: 'gpu' | 'cpu', cells: number): Promise<string> {
  const batches = 1000
  const given = lattice(cases[0], Math.ceil(cells / batches), batches)
  const evaluator = kind === 'gpu' ? engine.evaluator : cpu
  const columns = columnsOf(given)
  const perTile = Math.floor(tileCells / batches)
  let into: Float64Array[] = []
  let sum = 0
  const start = performance.now()
  for (let first = 0; first < columns; first += perTile) {
    const tile = { firstColumn: first, columns: Math.min(perTile, columns - first) }
    into = await evaluator.cells(given, tile, ['total'], into)
    sum += into[0][0]
  }
  const seconds = (performance.now() - start) / 1000
  if (!(sum > 0)) throw new Error('The sweep gave nothing')
  const held = kind === 'gpu' ? `, ${(engine.evaluator.bytes / 2 ** 20).toFixed(1)} MiB of GPU buffers` : ''
  return `${seconds.toFixed(2)} s${held}`
}
