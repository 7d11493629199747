/** Atlases on the GPU against the CPU engine, which the unit tests hold against the reference: every cell, over pipelines and structures. */
import { afterAll, describe, expect, it } from 'vitest'
import { GpuEngine } from '../../src/gpu/engine.ts'
import { gpus } from '../../src/hardware/catalogue.ts'
import { architectureOf } from '../../src/model/catalogue.ts'
import { parseScenario } from '../../src/scenario/parse.ts'
import { resolve } from '../../src/scenario/resolve.ts'
import { limits, type ScenarioInput } from '../../src/scenario/schema.ts'
import { atlas, type Goal, slicesOn } from '../../src/sweep/atlas.ts'
import { CpuEvaluator } from '../../src/sweep/cpu-evaluator.ts'

const engine = await GpuEngine.start()
const cpu = new CpuEvaluator()
afterAll(() => engine.destroy())

const scenarios: ScenarioInput[] = [
  { model: 'meta-llama/Meta-Llama-3-8B', batch: 4 },
  { model: 'google/gemma-3-27b-it', runtime: 'llama.cpp', precision: { weights: 'q4_k_m' }, sequence: 32_768 },
  { model: 'deepseek-ai/DeepSeek-V3', batch: 3, sequence: 4096 },
  { model: 'meta-llama/Llama-2-7b-hf', task: 'qlora', runtime: 'transformers', batch: 2, sequence: 2048 },
]
const places = gpus.flatMap((gpu) => [1, 2, 3, 8].map((count) => ({ gpu, count })))
const slicesOf = (input: ScenarioInput) => slicesOn(resolve(parseScenario(input), architectureOf), places)

describe(`atlas on ${engine.gpu.name}`, () => {
  it.each(['sequence', 'batch'] as Goal[])('of the most %s, several models at once', async (goal) => {
    const slices = scenarios.flatMap(slicesOf)
    const own = { batch: 3, sequence: 5000 }
    const [onGpu, onCpu] = [await atlas(slices, own, goal, engine.evaluator), await atlas(slices, own, goal, cpu)]
    expect(onGpu).toEqual(onCpu)
    // Some hold nothing, some something, some everything; some cannot exist.
    const kinds = new Set(
      onCpu.map((cell) => cell && (cell.most === 0 ? 'none' : cell.most < limits[goal] ? 'some' : 'all')),
    )
    expect(kinds.size).toBeGreaterThanOrEqual(3)
  })

  it('takes no slices at all', async () => {
    expect(await atlas([], { batch: 1, sequence: 1 }, 'sequence', engine.evaluator)).toEqual([])
    const [{ structure }] = slicesOf(scenarios[0])
    if (!structure) throw new Error('One GPU holds any layout')
    expect(await engine.evaluator.longest(structure, [], 1, 10)).toEqual(new Uint32Array(0))
  })
})
