/** Sweeps computed on the adapter against kernels that only write as many bytes there. */
import { Buffers } from '../../src/gpu/buffers.ts'
import { runsOf } from '../../src/gpu/gpu-evaluator.ts'
import { encodePasses } from '../../src/gpu/passes.ts'
import { columnsOf, type Lattice } from '../../src/sweep/evaluator.ts'
import { alternate, rate, ratio, type Timing } from './measure.ts'
import { cases, engine, lattice, weight } from './setup.ts'
import { writeOnly } from './write-only.ts'

async function compare(label: string, given: Lattice, outputs: readonly string[]): Promise<string[]> {
  const { gpu, pipelines } = engine
  const buffers = new Buffers(gpu.device)
  const columns = columnsOf(given)
  const cells = columns * given.batches.length * outputs.length
  const program = await pipelines.cells(given.structure, outputs)
  const target = buffers.get('target', cells * 8, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC)
  const runs = runsOf(given.batches)
  const writers = await writeOnly(gpu, target, cells)
  const sweep = async () => {
    const encoder = encodePasses(gpu, buffers, pipelines, program, {
      ...given,
      firstColumn: 0,
      columns,
      parameters: runs,
      target,
      threads: columns * runs.runs,
      layers: outputs.length,
    })
    gpu.device.queue.submit([encoder.finish()])
    await gpu.device.queue.onSubmittedWorkDone()
  }
  const times: Record<string, Timing> = await alternate({ ...writers, sweep }, 9)
  buffers.destroy()
  const ways = Object.keys(writers)
  const best = ways.reduce((a, b) => (times[b].median < times[a].median ? b : a))
  return [
    `${label}: ${rate(cells, times.sweep)} values, ratio ${ratio(times.sweep, times[best])} to only writing`,
    ...ways.map((way) => `  only writing, ${way}: ${rate(cells, times[way])}`),
  ]
}

export async function sweeps(): Promise<string[]> {
  const lines: string[] = []
  for (const each of cases) {
    const all = Object.keys(each.structure.outputs).slice(0, 8)
    lines.push(
      ...(await compare(`${each.label}, total (${weight(each.structure)} nodes)`, lattice(each, 4096, 1024), [
        'total',
      ])),
      ...(await compare(`${each.label}, 8 outputs`, lattice(each, 1024, 512), all)),
    )
  }
  return lines
}
