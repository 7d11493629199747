/**
 * The tensor inventory against PyTorch. `tests/oracle/golden/parameters.json` lists the parameters of real transformers
 * models built from the catalogue's dimensions; `switches.json` the parameter counts of small models that turn on
 * what the published ones leave off (biases, norms, windows, shared experts, untied heads …), counted on the meta device.
 */
import { describe, expect, test } from 'vitest'
import type { Architecture, Tensor } from '../../../src/model/architecture.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { importHuggingFaceConfig } from '../../../src/model/hugging-face/import.ts'
import { countParameters } from '../../../src/model/parameters.ts'
import golden from '../../oracle/golden/parameters.json'
import laterBuilt from './built.json'
import switches from './switches.json'

type Parameter = [path: string, shape: number[], count: number]
type Buffer = [path: string, shape: number[], dtype: string, count: number]
interface Built {
  total: number
  tensors: Parameter[]
  buffers: Buffer[]
}

const built = Object.entries(golden.models as unknown as Record<string, Built>).map(([name, model]) => {
  return [name.replace(/ \(.*/, ''), model] as const
})
const product = (shape: number[]) => shape.reduce((size, edge) => size * edge, 1)

/** What is a parameter here and a buffer, so not in `parameters()`, in transformers. */
const HELD_AS_BUFFER = /e_score_correction_bias|expert_bias|layer_scalar/

describe('totals of real models', () => {
  test.each(built)('%s', (id, { total, buffers }) => {
    const counts = countParameters(architectureOf(id))
    const held = buffers.filter(([path]) => HELD_AS_BUFFER.test(path))
    const buffered = held.reduce((sum, [, shape, , count]) => sum + count * product(shape), 0)
    // transformers builds no prediction layers.
    expect([total, total + buffered]).toContain(counts.total - counts.perClass.mtp)
  })
})

describe('tensors of real models, by name', () => {
  test.each(built)('%s', (id, { tensors, buffers }) => {
    const architecture = architectureOf(id)
    const theirs = new Map<string, number>()
    const stored: Parameter[] = buffers.filter(([path]) => HELD_AS_BUFFER.test(path)).map(([p, s, , n]) => [p, s, n])
    for (const [path, shape, count] of [...tensors, ...stored]) {
      if (!TOWER.test(path)) add(theirs, moduleName(path), count * product(shape))
    }
    const ours = new Map<string, number>()
    for (const [tensor, layers] of inventory(architecture)) {
      if (tensor.class === 'vision' || tensor.class === 'mtp') continue
      add(ours, moduleName(tensor.name), layers * tensor.count * tensor.out * tensor.in)
    }
    expect(sorted(ours)).toEqual(sorted(theirs))
  })
})

// The catalogue's later entries, built from its own configs.
const { transformers: _, ...later } = laterBuilt
test.each(Object.entries(later))('%s', (id, { total, buffers }) => {
  const counts = countParameters(architectureOf(id))
  expect(counts.total - counts.perClass.mtp).toBe(total + buffers)
})

test.each(switches.map((row, n) => [`${n} ${row.config.model_type}`, row] as const))('switches %s', (_, row) => {
  const counts = countParameters(importHuggingFaceConfig(row.config, 'small'))
  expect([row.total, row.total + row.buffers]).toContain(counts.total - counts.perClass.mtp)
})

const TOWER = /vision|visual|audio|multi_modal_projector/

/** One name for a module whatever stands above its layer, and for experts however they are packed. */
function moduleName(path: string): string {
  return path
    .replace(/^.*?(layers|blocks|h)\.\*\./, '')
    .replace(/^((model|transformer|backbone|gpt_neox|decoder|language_model)\.)+/, '')
    .replace(/\.weight$/, '')
    .replace(/^mamba\./, '')
    .replace(/^(block_sparse_moe|feed_forward|mlp)\.(gate\.)?(e_score_correction_bias|expert_bias)$/, 'router bias')
    .replace(/^(block_sparse_moe|feed_forward|mlp)\.gate$/, 'router')
    .replace(/^.*experts\.(\*\.)?(mlp\.)?(gate_up_proj|gate_proj|up_proj|w1|w3|v1)/, 'experts up')
    .replace(/^.*experts\.(\*\.)?(mlp\.)?(down_proj|w2)/, 'experts down')
    .replace(/_bias$/, '.bias')
}

function inventory(architecture: Architecture): [Tensor, number][] {
  const layers = architecture.order.flatMap((index) => architecture.kinds[index]!.tensors)
  return [...layers, ...architecture.outside].map((tensor) => [tensor, 1])
}

function add(sums: Map<string, number>, name: string, size: number): void {
  sums.set(name, (sums.get(name) ?? 0) + size)
}

const sorted = (sums: Map<string, number>) => Object.fromEntries([...sums].sort())
