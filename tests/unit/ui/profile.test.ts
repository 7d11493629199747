/** What a profile shows: the pinned cell and the capacity inside, labels where nothing runs through them. */
import { describe, expect, it } from 'vitest'
import { CpuEvaluator } from '../../../src/sweep/cpu-evaluator.ts'
import { lowered } from '../../../src/sweep/plan.ts'
import { profile } from '../../../src/sweep/profile.ts'
import { axisScale } from '../../../src/ui/map/scales.ts'
import { atAnEnd, beside, spanOf } from '../../../src/ui/profile/beside.ts'
import { chart, pointsOf } from '../../../src/ui/profile/chart.ts'
import { loadCatalogue } from '../../../src/ui/state/models.ts'
import { answerTo } from '../../../src/ui/state/outcome.ts'

const box = { left: 62, top: 22, width: 550, height: 490 }

async function drawn(model: string, batch = 1) {
  await loadCatalogue()
  const answer = answerTo({ model, batch, hardware: { gpu: 'RTX-4090' } })
  const { total } = answer.estimate.perGpu
  const x = axisScale({ from: 1024, to: 131_072, scale: 'log2' }, box.width)
  const found = await profile(lowered(answer.resolved), 'sequence', pointsOf(x, 550), batch, 1, new CpuEvaluator())
  return { total, capacity: answer.estimate.capacity, chart: chart(found, x, box, total) }
}

describe.each([
  // 70.6 billion weights of 2 bytes are 131.4 GiB: six times an RTX 4090.
  ['meta-llama/Llama-3.3-70B-Instruct', 1],
  ['meta-llama/Meta-Llama-3-8B', 4],
  ['meta-llama/Meta-Llama-3-8B', 512],
])('%s × %i', (model, batch) => {
  it('the pinned cell and the capacity are inside, with room above', async () => {
    const { total, capacity, chart } = await drawn(model, batch)
    for (const bytes of [total, capacity]) {
      expect(chart.y(bytes)).toBeGreaterThan(box.height * 0.05)
      expect(bytes).toBeLessThan(chart.most)
    }
  })
})

it('a model that is too large by its weights shows its KV cache', async () => {
  const { chart } = await drawn('meta-llama/Llama-3.3-70B-Instruct')
  expect(chart.bands.find(({ name }) => name === 'kvCache')?.label).not.toBeNull()
})

describe('labels', () => {
  it('stand at the left end, at the right one where something is there', () => {
    expect(atAnEnd(100, [300], 500)).toEqual({ x: 8, anchor: 'start' })
    expect(atAnEnd(100, [50], 500)).toEqual({ x: 492, anchor: 'end' })
    expect(atAnEnd(100, [300], 500, [8, 90])).toEqual({ x: 492, anchor: 'end' })
    expect(atAnEnd(100, [50, 450], 500)).toEqual({ x: 56, anchor: 'start' })
    expect(atAnEnd(100, [60, 120], 180)).toBeNull()
  })

  it('no line runs through any, wherever it is', () => {
    for (let line = 0; line <= 230; line++) {
      for (const spot of [beside(60, { x: 100, anchor: 'start' }, line, 230), atAnEnd(60, [line, 115], 230)]) {
        if (!spot) continue
        const [left, right] = spanOf(spot, 60)
        expect(line <= left || line >= right).toBe(true)
        expect(left >= 0 && right <= 230).toBe(true)
      }
    }
  })
})
