/**
 * All catalogue models against published facts (`published.json`; every row names its sources): total parameter counts
 * to the last one, their split, and what each layer is.
 */
import { describe, expect, test } from 'vitest'
import type { Architecture, LayerKind } from '../../../src/model/architecture.ts'
import { architectureOf, CATALOGUE } from '../../../src/model/catalogue.ts'
import { countParameters } from '../../../src/model/parameters.ts'
import { extraElements, type StoredExtra } from '../../../src/model/stored-extras.ts'
import facts from './published.json'

interface Fact {
  id: string
  published?: { total: number; includes: string[] }
  split?: Partial<Record<string, number>>
  layers: string
}

const rows = facts as unknown as Fact[]

test('the catalogue holds every model with facts', () => {
  const ids = new Set(CATALOGUE.map((entry) => entry.id))
  expect(rows.filter((row) => !ids.has(row.id))).toEqual([])
  expect(rows.length).toBe(197)
})

describe('published totals', () => {
  const published = rows.filter((row) => row.published)

  test.each(published.map((row) => [row.id, row] as const))('%s', (id, row) => {
    const architecture = architectureOf(id)
    const counts = countParameters(architecture)
    const { total, includes } = row.published!
    const counted = { vision: counts.perClass.vision, mtp: counts.perClass.mtp }
    // What the figure includes and the architecture lists by itself is not an extra.
    const extras = includes.filter((name) => !(name in counted && counted[name as 'vision' | 'mtp'] > 0))
    expect(counts.total + extraElements(architecture, extras as StoredExtra[])).toBe(total)
  })
})

describe('splits of the counts', () => {
  const split = rows.filter((row) => row.split)

  test.each(split.map((row) => [row.id, row.split!] as const))('%s', (id, wanted) => {
    const architecture = architectureOf(id)
    const { embedding, head, body, language, active } = countParameters(architecture)
    const tables = (wanted.embedding ?? 0) + (wanted.positions ?? 0) + (wanted.per_layer_embedding ?? 0)
    // OPT-350M's projections in and out of the narrow embedding are the body's in the facts, the embedding's here.
    const projections = id === 'facebook/opt-350m' ? 2 * 512 * 1024 : 0
    expect({ embedding, head, body, language, active }).toEqual({
      embedding: tables + projections,
      head: wanted.lm_head ?? 0,
      body: (wanted.body ?? 0) - projections,
      language: wanted.total,
      active: wanted.active ?? wanted.total,
    })
    if (wanted.routed_experts !== undefined) expect(expertWeights(architecture)).toBe(wanted.routed_experts)
  })
})

describe('layer patterns', () => {
  test.each(rows.map((row) => [row.id, row.layers] as const))('%s', (id, layers) => {
    const wanted = expand(layers)
    // A window that no position reaches beyond is full attention to the facts, and stays a window here.
    const got = patternOf(architectureOf(id), /^F+$/.test(wanted))
    expect(got).toBe(wanted)
  })
})

/** Matrices of the routed experts, without their biases (gpt-oss). */
function expertWeights({ kinds, order }: Architecture): number {
  const perKind = kinds.map((kind) =>
    kind.tensors
      .filter((tensor) => tensor.class === 'expert' && tensor.linear)
      .reduce((sum, tensor) => sum + tensor.count * tensor.out * tensor.in, 0),
  )
  return order.reduce((sum, index) => sum + perKind[index]!, 0)
}

/** `3L1F` → `LLLF`. */
function expand(runs: string): string {
  return runs.replace(/(\d+)(\D)/g, (_, count: string, letter: string) => letter.repeat(Number(count)))
}

function patternOf(architecture: Architecture, idleWindows: boolean): string {
  const letter = architecture.modelType === 'nemotron_h' ? nemotronLetter : layerLetter
  const longest = idleWindows ? (architecture.maxPositionEmbeddings ?? 0) : Number.POSITIVE_INFINITY
  return architecture.order.map((index) => letter(architecture.kinds[index]!, longest)).join('')
}

/** F full (or a window of at least `longest` tokens), S sliding window, K chunked, L linear, M Mamba, C short convolution, H attention beside Mamba, '-' none. */
function layerLetter(kind: LayerKind, longest: number): string {
  if (kind.mixers.length === 2) return 'H'
  const [mixer] = kind.mixers
  if (!mixer) return '-'
  if (mixer.kind === 'mla' || mixer.kind === 'compressed') return 'F'
  if (mixer.kind === 'attention') return (mixer.window ?? longest) >= longest ? 'F' : mixer.chunked ? 'K' : 'S'
  return { mamba1: 'M', mamba2: 'M', 'gated-delta-net': 'L', lightning: 'L', 'short-conv': 'C' }[mixer.kind]
}

/** NVIDIA's own letters: M Mamba, * attention, - MLP, E experts. */
function nemotronLetter(kind: LayerKind): string {
  if (kind.mixers[0]) return kind.mixers[0].kind === 'attention' ? '*' : 'M'
  return kind.feedForwards[0]?.kind === 'moe' ? 'E' : '-'
}
