/** The GPUs view without its page: what is folded holds the same (checked against the memory model), and orders keep what the ranking says of equals. */
import { describe, expect, it, test } from 'vitest'
import { gpus } from '../../../src/hardware/catalogue.ts'
import { findGpu } from '../../../src/hardware/find-gpu.ts'
import { estimate } from '../../../src/memory/estimate.ts'
import { withGpu } from '../../../src/memory/fewest.ts'
import { obstacleTo } from '../../../src/memory/runnable.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario } from '../../../src/scenario/parse.ts'
import { resolve } from '../../../src/scenario/resolve.ts'
import { runtimes, type ScenarioInput } from '../../../src/scenario/schema.ts'
import { chipsOf, folded, type ListedGpu } from '../../../src/ui/atlas/fold.ts'
import { firstOrder, ordered, rank } from '../../../src/ui/atlas/ranking.ts'
import type { Found } from '../../../src/ui/atlas/worker.ts'
import { gpuName } from '../../../src/ui/words.ts'

const listed = (id: string): ListedGpu => ({ value: id, gpu: findGpu(id), name: gpuName(id), obstacle: null })
const all = gpus.map(({ id }) => listed(id))

test.each([
  [['M1-16GB', 'M2-16GB', 'M3-16GB', 'M4-16GB'], 'M1–M4'],
  [['M1-16GB', 'M1-Pro-16GB', 'M2-16GB', 'M2-Pro-16GB', 'M5-16GB'], 'M1–M2, M5, M1–M2 Pro'],
  [['M3-Max-128GB'], 'M3 Max'],
])('%j are %s', (ids, chips) => {
  expect(chipsOf(ids)).toBe(chips)
})

describe('folding', () => {
  it('every Mac of a size is one entry, named by its size, with its chips', () => {
    const mac = folded(all).filter(({ name }) => name.startsWith('Mac '))
    expect(mac.find(({ name }) => name === 'Mac 16GB')?.chips).toBe('M1–M5, M1–M2 Pro')
    expect(mac.length).toBeLessThan(16)
    expect(folded(all).flatMap(({ gpu, ids }) => ids ?? [gpu.id])).toHaveLength(gpus.length)
  })

  it('loses nothing: all of an entry have the same estimate and the same obstacles, for every runtime', () => {
    for (const runtime of runtimes) {
      const task = ['fsdp-qlora', 'peft', 'torchtitan', 'torchtune', 'megatron', 'ms-swift', 'unsloth'].includes(
        runtime,
      )
        ? 'lora'
        : 'inference'
      const input: ScenarioInput = { model: 'Qwen/Qwen3-0.6B', runtime, task, sequence: 1024 }
      const at = resolve(parseScenario(input), architectureOf)
      for (const { ids } of folded(all)) {
        const answers = (ids ?? []).map((id) => {
          const there = withGpu(at, findGpu(id))
          const { notes: _, ...figures } = estimate(there)
          return JSON.stringify([figures, obstacleTo(there)?.kind])
        })
        expect(new Set(answers).size, `${runtime} on ${ids}`).toBeLessThanOrEqual(1)
      }
    }
  })

  it('the scenario’s own GPU speaks for the others', () => {
    const own = folded(all, 'M3-16GB').find(({ ids }) => ids?.includes('M3-16GB'))
    expect(own?.value).toBe('M3-16GB')
    expect(folded([listed('M3-Max-128GB')])[0].name).toBe('M3 Max 128GB')
  })
})

describe('orders', () => {
  const cell = (most: number, verdict: 'fits' | 'oom'): Found => ({ most, verdict, total: 1, capacity: 2 })
  const cells: Record<string, Found[]> = {
    L4: [cell(10, 'fits'), cell(50, 'fits')],
    'RTX-4090': [cell(12, 'fits'), cell(55, 'fits')],
    'RTX-5070': [cell(0, 'oom'), cell(9, 'fits')],
    'H100-SXM-80GB': [cell(90, 'fits'), 'impossible'],
    'RTX-2060': [cell(0, 'oom'), cell(0, 'oom')],
    T4: [cell(0, 'oom'), cell(8, 'fits')],
  }
  const obstacle = { kind: 'Apple', message: 'does not run' }
  const gpus = [...Object.keys(cells).map(listed), { ...listed('M3-Max-128GB'), obstacle }]
  const rows = rank(gpus, [...Object.values(cells), [cell(99, 'fits'), cell(99, 'fits')]], [1, 2])
  const names = (order: Parameters<typeof ordered>[1]) => ordered(rows, order).map(({ gpu }) => gpu.id)

  it('the ranking: memory bought, as sold; then fewer; data centre before desktop; what does not fit; what cannot run', () => {
    const ranked = ['L4', 'RTX-4090', 'RTX-5070', 'T4', 'H100-SXM-80GB', 'RTX-2060', 'M3-Max-128GB']
    expect(rows.map(({ gpu }) => gpu.id)).toEqual(ranked)
    expect(names(firstOrder('needs'))).toEqual(ranked)
    expect(rows.at(-1)?.needs).toBeNull()
  })

  it('by a number of GPUs: the most first, impossible ones last either way', () => {
    expect(names(firstOrder(1))).toEqual([
      'M3-Max-128GB',
      'RTX-4090',
      'L4',
      'RTX-5070',
      'T4',
      'RTX-2060',
      'H100-SXM-80GB',
    ])
    expect(names({ by: 1, descending: false }).at(-1)).toBe('H100-SXM-80GB')
    expect(names({ by: 1, descending: false })[0]).toBe('RTX-2060')
  })

  it('by memory and by name, equals as ranked', () => {
    expect(names(firstOrder('memory')).slice(0, 5)).toEqual(['RTX-2060', 'RTX-5070', 'T4', 'L4', 'RTX-4090'])
    expect(names({ by: 'memory', descending: true }).slice(0, 4)).toEqual([
      'M3-Max-128GB',
      'H100-SXM-80GB',
      'L4',
      'RTX-4090',
    ])
    expect(names(firstOrder('name'))).toEqual([
      'H100-SXM-80GB',
      'L4',
      'M3-Max-128GB',
      'RTX-2060',
      'RTX-4090',
      'RTX-5070',
      'T4',
    ])
  })
})
