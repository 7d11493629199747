/** A sweep of more than 10⁵ slices: models × GPUs × precisions × tensor-parallel degrees, the OOM boundary of each. */
import type { Inputs } from '../../src/formula/expression.ts'
import { gpus } from '../../src/hardware/catalogue.ts'
import { architectureOf, CATALOGUE } from '../../src/model/catalogue.ts'
import { parseScenario, ScenarioError } from '../../src/scenario/parse.ts'
import { resolve } from '../../src/scenario/resolve.ts'
import type { Lattice } from '../../src/sweep/evaluator.ts'
import { lowered } from '../../src/sweep/plan.ts'
import { cases, cpu, engine } from './setup.ts'

const { structure } = cases[0]

function slicesOf(): { slices: Inputs[]; refused: number } {
  const slices: Inputs[] = []
  let refused = 0
  for (const { id: model } of CATALOGUE) {
    for (const { id: gpu } of gpus) {
      for (const [weights, kvCache] of [
        ['bf16', 'bf16'],
        ['fp8', 'fp8'],
        ['awq', 'bf16'],
      ]) {
        for (const tensor of [1, 2, 4, 8]) {
          try {
            const scenario = parseScenario({
              model,
              runtime: 'vllm',
              precision: { weights, kvCache },
              hardware: { gpu, count: tensor },
              parallelism: { tensor },
            })
            const given = lowered(resolve(scenario, architectureOf))
            if (given.structure === structure) slices.push(...given.ranks)
          } catch (error) {
            if (!(error instanceof ScenarioError)) throw error
            refused++
          }
        }
      }
    }
  }
  return { slices, refused }
}

export async function frontier(): Promise<string[]> {
  const planned = performance.now()
  const { slices, refused } = slicesOf()
  const seconds = (since: number) => (performance.now() - since) / 1000
  const lines = [`${slices.length} slices lowered in ${seconds(planned).toFixed(1)} s (${refused} refused)`]
  const lattice: Lattice = {
    structure,
    slices,
    sequences: Uint32Array.from({ length: 16 }, (_, i) => 2 ** (i + 5)),
    batches: Uint32Array.of(1),
  }
  const results: Uint32Array[] = []
  for (const evaluator of [engine.evaluator, cpu]) {
    const start = performance.now()
    results.push(await evaluator.frontier(lattice, 65536, 'capacity'))
    const time = seconds(start)
    const columns = slices.length * lattice.sequences.length
    lines.push(
      `${evaluator.name}: ${columns} boundaries in ${time.toFixed(2)} s, ${(columns / time / 1e6).toFixed(2)} M/s`,
    )
  }
  const differing = results[0].reduce((n, batch, i) => n + (batch === results[1][i] ? 0 : 1), 0)
  lines.push(`${differing} differ between the engines`)
  return lines
}
