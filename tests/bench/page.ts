/** The benchmark, as run in a browser by run.mjs. Each function prints the numbers of one question. */
import type { Structure } from '../../src/formula/stages.ts'
import { Buffers } from '../../src/gpu/buffers.ts'
import { GpuEngine } from '../../src/gpu/engine.ts'
import { runsOf } from '../../src/gpu/gpu-evaluator.ts'
import { encodePasses } from '../../src/gpu/passes.ts'
import { estimate } from '../../src/memory/estimate.ts'
import { architectureOf } from '../../src/model/catalogue.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import { resolve } from '../../src/scenario/resolve.ts'
import { CpuEvaluator } from '../../src/sweep/cpu-evaluator.ts'
import { columnsOf, type Lattice } from '../../src/sweep/evaluator.ts'
import { lowered } from '../../src/sweep/plan.ts'
import { realStructures } from '../structures.ts'
import { alternate, rate, ratio, type Timing } from './measure.ts'
import { writeOnly } from './write-only.ts'

const engine = await GpuEngine.start()
const cpu = new CpuEvaluator()
const vllm = resolve(parseScenario({ model: 'meta-llama/Meta-Llama-3-8B', runtime: 'vllm' }), architectureOf)

/** Nodes of the cell tree: what a cell costs. */
const weight = ({ stages }: Structure) =>
  JSON.stringify(stages.outputs.find(({ name }) => name === 'total')?.tree).split('op').length

const structures = realStructures()
const heaviest = structures.reduce((a, b) => (weight(b.structure) > weight(a.structure) ? b : a))

function lattice(structure: Structure, slices: Lattice['slices'], sequences: number, batches: number): Lattice {
  return {
    structure,
    slices,
    sequences: Uint32Array.from({ length: sequences }, (_, i) => 64 * (i + 1)),
    batches: Uint32Array.from({ length: batches }, (_, i) => i + 1),
  }
}

/** A sweep computed on the adapter against kernels that only write as many bytes. */
async function gpuAgainstWriting(label: string, given: Lattice, outputs: string[]): Promise<string[]> {
  const { gpu, pipelines } = engine
  const buffers = new Buffers(gpu.device)
  const columns = columnsOf(given)
  const cells = columns * given.batches.length * outputs.length
  const program = await pipelines.cells(given.structure, outputs)
  const target = buffers.get('target', cells * 8, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC)
  const runs = runsOf(given.batches)
  const writers = await writeOnly(gpu, target, cells)
  const times: Record<string, Timing> = await alternate(
    {
      ...writers,
      sweep: async () => {
        const encoder = encodePasses(gpu, buffers, pipelines, program, {
          ...given,
          firstColumn: 0,
          columns,
          parameters: runs,
          target,
          threads: columns * runs.runs * 4,
          layers: outputs.length,
        })
        gpu.device.queue.submit([encoder.finish()])
        await gpu.device.queue.onSubmittedWorkDone()
      },
    },
    9,
  )
  buffers.destroy()
  const limit = Object.keys(writers)
    .map((name) => times[name])
    .reduce((a, b) => (b.median < a.median ? b : a))
  return [
    `${label}: ${rate(cells, times.sweep)} of ${rate(cells, limit)} only writing, ratio ${ratio(times.sweep, limit)}`,
    ...Object.keys(writers).map((name) => `  writing ${name}: ${rate(cells, times[name])}`),
  ]
}

async function sweeps(): Promise<string[]> {
  const { ranks, structure } = lowered(vllm)
  return [
    `heaviest structure: ${heaviest.structure.key} (${weight(heaviest.structure)} nodes in the total)`,
    ...(await gpuAgainstWriting('vLLM inference, total', lattice(structure, ranks, 4096, 1024), ['total'])),
    ...(await gpuAgainstWriting(
      'heaviest, total',
      lattice(heaviest.structure, heaviest.slices.slice(0, 1), 4096, 1024),
      ['total'],
    )),
    ...(await gpuAgainstWriting('vLLM inference, 8 outputs', lattice(structure, ranks, 1024, 512), [
      'weights',
      'kvCache',
      'activations',
      'communication',
      'overhead',
      'total',
      'capacity',
      'safeCapacity',
    ])),
  ]
}

async function engines(): Promise<string[]> {
  const { ranks, structure } = lowered(vllm)
  const lines: string[] = []
  for (const [label, given] of [
    ['vLLM inference', lattice(structure, ranks, 4096, 512)],
    ['heaviest', lattice(heaviest.structure, heaviest.slices.slice(0, 1), 4096, 512)],
  ] as const) {
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
      `${label}: CPU engine ${rate(cells, times.cpu)} of ${rate(cells, times.fill)} only filling, ratio ${ratio(times.cpu, times.fill)}`,
      `  into new arrays ${rate(cells, times.cpuAnew)} of ${rate(cells, times.fillAnew)}, ratio ${ratio(times.cpuAnew, times.fillAnew)}`,
      `  GPU engine, read back as JavaScript numbers: ${rate(cells, times.gpu)}`,
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

Object.assign(globalThis, { bench: { sweeps, engines }, adapter: engine.gpu.name })
