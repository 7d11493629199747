/** Whole engines, results as JavaScript numbers: CPU against a bare typed-array fill, GPU with read-back, one estimate per call. */
import { estimate } from '../../src/memory/estimate.ts'
import { columnsOf } from '../../src/sweep/evaluator.ts'
import { alternate, rate, ratio } from './measure.ts'
import { cases, cpu, engine, lattice, vllm } from './setup.ts'

export async function engines(): Promise<string[]> {
  const lines: string[] = []
  for (const each of cases) {
    const given = lattice(each, 4096, 512)
    const tile = { firstColumn: 0, columns: columnsOf(given) }
    const cells = tile.columns * given.batches.length
    const [gpuArray, cpuArray, filled] = [0, 1, 2].map(() => new Float64Array(cells))
    const times = await alternate(
      {
        gpu: () => engine.evaluator.cells(given, tile, ['total'], [gpuArray]),
        cpu: () => cpu.cells(given, tile, ['total'], [cpuArray]),
        fill: () => filled.fill(1e9),
        cpuAnew: () => cpu.cells(given, tile, ['total']),
        fillAnew: () => new Float64Array(cells).fill(1e9),
      },
      15,
    )
    lines.push(
      `${each.label}: CPU engine ${rate(cells, times.cpu)} cells, ratio ${ratio(times.cpu, times.fill)} to a fill (${rate(cells, times.fill)})`,
      `  into new arrays ${rate(cells, times.cpuAnew)}, ratio ${ratio(times.cpuAnew, times.fillAnew)} to a fill of new arrays (${rate(cells, times.fillAnew)})`,
      `  GPU engine with read-back ${rate(cells, times.gpu)}`,
    )
  }
  const calls = 100
  const { estimates } = await alternate(
    {
      estimates: () => {
        for (let i = 0; i < calls; i++) estimate(vllm)
      },
    },
    9,
  )
  lines.push(`one estimate per call: ${((calls / estimates.median) * 1000).toFixed(0)} /s`)
  return lines
}
