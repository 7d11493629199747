/**
 * Fewest GPUs and smallest card, each candidate put to the BigInt reference one by one; and the GPUs view, which the compiled engine fills, has to
 * name the same card.
 */
import { describe, expect, it } from 'vitest'
import { gpus } from '../../../src/hardware/catalogue.ts'
import { capacityBytes } from '../../../src/hardware/gpu.ts'
import { estimate } from '../../../src/memory/estimate.ts'
import { bySize, finished, isCard, onFewest, searchSmallest, withCount, withGpu } from '../../../src/memory/fewest.ts'
import { obstacleTo } from '../../../src/memory/runnable.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import { parseScenario, ScenarioError } from '../../../src/scenario/parse.ts'
import { type Resolved, resolve } from '../../../src/scenario/resolve.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'
import { atlas, slicesOn } from '../../../src/sweep/atlas.ts'
import { CpuEvaluator } from '../../../src/sweep/cpu-evaluator.ts'
import { withField } from '../../../src/sweep/plan.ts'
import { fewestHint, smallestHint } from '../../../src/ui/answer/fewest.ts'
import { rank, smallestAt } from '../../../src/ui/atlas/ranking.ts'

const scenarios: ScenarioInput[] = [
  { model: 'meta-llama/Meta-Llama-3-8B', batch: 4 },
  { model: 'meta-llama/Meta-Llama-3-8B', batch: 4, hardware: { gpu: { name: 'Mine', memoryMiB: 9000 } } },
  { model: 'meta-llama/Llama-3.1-70B', sequence: 1024, hardware: { gpu: 'T4' } },
  { model: 'meta-llama/Llama-3.1-70B', hardware: { gpu: 'H100-SXM-80GB', count: 4 }, parallelism: { tensor: 2 } },
  { model: 'deepseek-ai/DeepSeek-V3', hardware: { gpu: 'H200', count: 8 } },
  { model: 'Qwen/Qwen3-8B', task: 'qlora', runtime: 'transformers', sequence: 2048, hardware: { gpu: 'T4' } },
  { model: 'Qwen/Qwen3-8B', runtime: 'llama.cpp', precision: { weights: 'q4_k_m' }, hardware: { gpu: 'RX-7900-XTX' } },
  { model: 'meta-llama/Meta-Llama-3-8B', task: 'full', runtime: 'transformers', hardware: { gpu: 'A100-SXM-80GB' } },
]
const resolved = (input: ScenarioInput) => resolve(parseScenario(input), architectureOf)

/** The reference's word. */
function holds(at: Resolved): boolean {
  try {
    return estimate(at).verdict !== 'oom'
  } catch (error) {
    if (error instanceof ScenarioError) return false
    throw error
  }
}

const onGpu = (at: Resolved, gpu: (typeof gpus)[number]): Resolved =>
  resolve({ ...at.scenario, hardware: { ...at.scenario.hardware, gpu: gpu.id } }, architectureOf)

describe.each(scenarios)('$model $task on $hardware.gpu × $hardware.count', (input) => {
  const at = resolved(input)

  it('no smaller number of GPUs holds it', () => {
    const found = onFewest(at)?.at
    const count = found?.scenario.hardware.count
    if (found) expect(holds(found)).toBe(true)
    for (const fewer of [1, 2, 3, 4, 5, 6, 7, 8, 16, 24, 32].filter((n) => n < (count ?? 33))) {
      expect(holds(withCount(at, fewer)), `${fewer}`).toBe(false)
    }
  })

  it('no smaller card holds it', () => {
    const found = finished(searchSmallest(at))
    if (found) expect(holds(onGpu(at, found))).toBe(true)
    for (const gpu of gpus.filter(isCard).filter((gpu) => !found || bySize(gpu, found) < 0)) {
      const other = onGpu(at, gpu)
      expect(holds(other) && obstacleTo(other) === null, gpu.id).toBe(false)
    }
  })

  it('the GPUs view names the same card', async () => {
    const { count } = at.scenario.hardware
    const counts = [...new Set([1, 2, 3, 4, 5, 6, 7, 8, count])]
    const engine = new CpuEvaluator()
    const { batch, sequence } = at.scenario
    const rows = await Promise.all(
      gpus.map(async (gpu) => {
        const slices = slicesOn(
          at,
          counts.map((count) => ({ gpu, count })),
          (other) => obstacleTo(other)?.message ?? null,
        )
        const cells = await atlas(slices, { batch, sequence }, 'sequence', engine)
        return cells.map((cell, i) => cell ?? slices[i].refusal ?? '')
      }),
    )
    const listed = gpus.map((gpu) => ({ value: gpu.id, gpu, name: gpu.id, obstacle: obstacleTo(withGpu(at, gpu)) }))
    const ranked = rank(listed, rows, counts)
    const smallest = finished(searchSmallest(at))
    expect(smallestAt(ranked, counts.indexOf(count))?.gpu.id).toBe(smallest?.id)
    // What heads the ranking is that card, or has no more memory in all.
    const [first] = ranked
    const sold = (card: typeof smallest, n = count) => (card ? n * card.marketedGiB : Number.POSITIVE_INFINITY)
    if (first.needs) expect(sold(first.gpu, first.needs.count)).toBeLessThanOrEqual(sold(smallest))
    if (first.needs?.count === count && isCard(first.gpu)) expect(first.gpu.id).toBe(smallest?.id)
  })

  it('what is offered leads where it says', () => {
    for (const { text, changes } of [finished(fewestHint(at)), finished(smallestHint(at))]) {
      if (text.startsWith('none ')) continue
      const changed = changes.reduce<unknown>((to, { path, value }) => withField(to, path.split('.'), value), input)
      expect(holds(resolved(changed as ScenarioInput)), text).toBe(true)
    }
  })
})

describe('full fine-tuning with every GPU holding everything', () => {
  // 8.03 billion parameters of 2 + 2 + 4 bytes (weights, gradients, moments in BF16) are 60 GiB on each, more than 44.5: only sharing them out helps.
  it('is held by more GPUs only when states are shared out, and the answer says so', () => {
    const at = resolved({ ...scenarios[7], sequence: 1024, hardware: { gpu: 'L40S' } })
    expect(onFewest(at)?.strategies[0].name).toBe('ZeRO 3')
    const { text, needs, changes } = finished(fewestHint(at))
    expect(text).toMatch(/^[2-8]$/)
    expect(needs).toMatch(/^with ZeRO 3/)
    expect(changes).toContainEqual({ path: 'parallelism.zero', value: 3 })
  })

  it('is held by one when its activations are recomputed, where its states fit', () => {
    const at = resolved(scenarios[7])
    expect(finished(fewestHint(at))).toMatchObject({ text: '1', needs: 'with checkpointing' })
  })
})

it('where none will do, the answer says how many were tried: 128 machines of 8, one machine where a runtime knows no more', () => {
  const far: ScenarioInput = { model: 'meta-llama/Meta-Llama-3-8B', batch: 65_536, sequence: 2 ** 24 }
  expect(finished(fewestHint(resolved(far))).text).toBe('none ≤ 1\u202f024')
  expect(finished(fewestHint(resolved({ ...far, runtime: 'llama.cpp' }))).text).toBe('none ≤ 8')
  const laptop = { ...far, runtime: 'llama.cpp', hardware: { gpu: 'RTX-4090-Laptop' } } as const
  expect(finished(fewestHint(resolved(laptop))).text).toBe('none will do')
})

it('cards are what can be put beside another: no laptop, no chip with the computer’s memory', () => {
  for (const id of ['RTX-4090-Laptop', 'M1-8GB', 'GB10', 'Strix-Halo-128GB']) {
    expect(gpus.filter((gpu) => gpu.id === id).map(isCard), id).toEqual([false])
  }
  for (const id of ['T4', 'RTX-4090', 'H200', 'Arc-Pro-B60', 'RX-7900-XTX']) {
    expect(gpus.filter((gpu) => gpu.id === id).map(isCard), id).toEqual([true])
  }
})

it('orders GPUs by the memory that programs can use; among equals cards first, then what is commonly met', () => {
  const sorted = [...gpus].sort(bySize)
  for (let i = 1; i < sorted.length; i++)
    expect(capacityBytes(sorted[i])).toBeGreaterThanOrEqual(capacityBytes(sorted[i - 1]))
  const ids = sorted.map(({ id }) => id)
  // Drivers keep 1.8 GiB of an A10G's 24 GB, 0.35 of an RTX 4090's: nvidia-smi reports 22 731 and 24 564 MiB.
  expect(ids.indexOf('A10G')).toBeLessThan(ids.indexOf('RTX-4090'))
  // 16 376 MiB each, as nvidia-smi reports them.
  const of16 = ids.filter((id) => ['RTX-4080', 'RTX-4080-SUPER', 'RTX-4090-Laptop'].includes(id))
  expect([of16[0], of16.at(-1)]).toEqual(['RTX-4080', 'RTX-4090-Laptop'])
})

it('a card that is itself the smallest is said to be', () => {
  const at = (gpu: string) =>
    finished(smallestHint(resolved({ model: 'meta-llama/Meta-Llama-3-8B', hardware: { gpu } })))
  const found = at('RTX-4090').found?.gpu.id ?? ''
  expect(at(found)).toMatchObject({ text: 'this one', changes: [] })
})
