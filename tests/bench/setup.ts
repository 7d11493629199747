/** What all benchmarks share: the engines, vLLM inference of Llama 3 8B, and the structure whose cells cost most. */
import type { CellTree, Structure } from '../../src/formula/stages.ts'
import { GpuEngine } from '../../src/gpu/engine.ts'
import { architectureOf } from '../../src/model/catalogue.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import { resolve } from '../../src/scenario/resolve.ts'
import { CpuEvaluator } from '../../src/sweep/cpu-evaluator.ts'
import type { Lattice } from '../../src/sweep/evaluator.ts'
import { lowered } from '../../src/sweep/plan.ts'
import { realStructures } from '../structures.ts'
import '../setup.ts'

export const engine = await GpuEngine.start()
export const cpu = new CpuEvaluator()
export const vllm = resolve(parseScenario({ model: 'meta-llama/Meta-Llama-3-8B', runtime: 'vllm' }), architectureOf)

const nodes = (tree: CellTree): number =>
  tree.op === 'walk' ? 1 : 1 + (tree.op === 'difference' ? nodes(tree.of) : tree.of.reduce((n, t) => n + nodes(t), 0))

/** Nodes of the total's cell tree. */
export const weight = ({ stages }: Structure) =>
  stages.outputs.reduce((n, { name, tree }) => (name === 'total' ? nodes(tree) : n), 0)

const inference = lowered(vllm)
const heaviest = realStructures().reduce((a, b) => (weight(b.structure) > weight(a.structure) ? b : a))

/** The two cases the targets are set for. */
export const cases = [
  { label: 'vLLM inference', structure: inference.structure, slices: inference.ranks },
  {
    label: `heaviest structure (${heaviest.structure.key})`,
    structure: heaviest.structure,
    slices: heaviest.slices.slice(0, 1),
  },
]

export function lattice(
  { structure, slices }: Pick<Lattice, 'structure' | 'slices'>,
  sequences: number,
  batches: number,
): Lattice {
  return {
    structure,
    slices,
    sequences: Uint32Array.from({ length: sequences }, (_, i) => 64 * (i + 1)),
    batches: Uint32Array.from({ length: batches }, (_, i) => i + 1),
  }
}
