/** Plans: which cells there are, in which order, and what becomes of slices that cannot exist. Counts are worked out by hand. */
import { describe, expect, it } from 'vitest'
import { architectureOf } from '../../../src/model/catalogue.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'
import type { AxisInput } from '../../../src/sweep/axis.ts'
import { MAX_SLICES, plan, withField } from '../../../src/sweep/plan.ts'

const llama: ScenarioInput = { model: 'meta-llama/Meta-Llama-3-8B', batch: 3, sequence: 777 }
const planOf = (...axes: AxisInput[]) => plan(llama, axes, architectureOf)

describe('plan', () => {
  it('of no axes is the scenario’s own cell', () => {
    const { slices, sequences, batches, cells } = planOf()
    expect([slices.length, [...sequences], [...batches], cells]).toEqual([1, [777], [3], 1])
    expect(slices[0]).toMatchObject({ coordinates: [], refusal: null })
  })

  it('nests slice axes in the order given, the last fastest, wherever batch and sequence stand', () => {
    const { slices, sliceAxes, sequences, batches, cells } = planOf(
      { field: 'batch', from: 1, to: 4 },
      { field: 'precision.weights', values: ['bf16', 'fp8'] },
      { field: 'sequence', values: [100, 200, 300] },
      { field: 'hardware.count', values: [1, 2, 4] },
    )
    expect(sliceAxes.map(({ field }) => field)).toEqual(['precision.weights', 'hardware.count'])
    expect(slices.map(({ coordinates }) => coordinates)).toEqual([
      ['bf16', 1],
      ['bf16', 2],
      ['bf16', 4],
      ['fp8', 1],
      ['fp8', 2],
      ['fp8', 4],
    ])
    expect(slices.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5])
    expect([[...sequences], [...batches], cells]).toEqual([[100, 200, 300], [1, 2, 3, 4], 6 * 3 * 4])
    expect(slices[5].scenario).toMatchObject({ precision: { weights: 'fp8' }, hardware: { count: 4 }, batch: 3 })
  })

  it('keeps the reason of a slice that cannot exist, and the slices beside it', () => {
    const { slices } = planOf({ field: 'parallelism.tensor', values: [1, 3] }, { field: 'hardware.count', values: [3] })
    expect(slices[0].refusal).toBeNull()
    // 32 attention heads are not divided by 3.
    expect(slices[1]).toMatchObject({ structure: null, ranks: [], scenario: null })
    expect(slices[1].refusal).toMatch(/parallelism\.tensor: 3 does not divide the model's 32 attention heads/)
    expect(planOf({ field: 'hardware.count', values: [0] }).slices[0].refusal).toMatch(
      /hardware\.count: 0 is less than 1/,
    )
    expect(planOf({ field: 'model', values: ['nope'] }).slices[0].refusal).toMatch(/not in the catalogue/)
  })

  it('lets any field be an axis, a custom GPU’s memory and a pasted config’s keys too', () => {
    const config = {
      model_type: 'llama',
      hidden_size: 64,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      intermediate_size: 128,
      vocab_size: 100,
    }
    const { slices } = plan(
      { model: config, hardware: { gpu: { name: 'mine', memoryMiB: 1000 } } },
      [
        { field: 'hardware.gpu.memoryMiB', values: [1000, 2000] },
        { field: 'model.num_hidden_layers', values: [2, 4] },
        { field: 'serving.gpuMemoryUtilization', values: [0.5] },
      ],
      architectureOf,
    )
    expect(slices.map(({ refusal }) => refusal)).toEqual([null, null, null, null])
    const layers = slices.map(({ ranks }) => ranks[0].lists.layers[0].layer_count)
    expect(layers).toEqual([2, 4, 2, 4])
  })

  it('gives a slice one set of inputs per pipeline stage, all of one structure', () => {
    const { slices } = plan(
      { model: 'meta-llama/Meta-Llama-3-8B', runtime: 'vllm', hardware: { gpu: 'H100-SXM-80GB', count: 4 } },
      [{ field: 'parallelism.pipeline', values: [1, 2, 4] }],
      architectureOf,
    )
    expect(slices.map(({ ranks }) => ranks.length)).toEqual([1, 2, 4])
  })

  it('refuses what is wrong whatever the slice', () => {
    expect(() => planOf({ field: 'batch', values: [1] }, { field: 'batch', values: [2] })).toThrow('is an axis twice')
    expect(() => planOf({ field: 'batch', values: [1, 65537] })).toThrow(
      'axes.batch: 65537 must be a whole number from 1 to 65536',
    )
    expect(() => planOf({ field: 'sequence', values: ['8k'] })).toThrow('axes.sequence')
    expect(() => plan({ model: 'gpt2', batch: 0 }, [], architectureOf)).toThrow('batch: 0')
    const long: AxisInput = { field: 'serving.blockSize', from: 1, to: 4096 }
    expect(() => planOf(long, { field: 'lora.rank', from: 1, to: 4096 })).toThrow(`slices are more than ${MAX_SLICES}`)
  })
})

describe('withField', () => {
  it('copies, and makes parents where there are none', () => {
    const before = { a: { b: 1 } }
    expect(withField(before, ['a', 'c'], 2)).toEqual({ a: { b: 1, c: 2 } })
    expect(withField({}, ['x', 'y'], 1)).toEqual({ x: { y: 1 } })
    expect(before).toEqual({ a: { b: 1 } })
  })
  it('has nothing to do with prototypes', () => {
    const made = withField({}, ['__proto__', 'polluted'], true) as Record<string, unknown>
    expect(Object.hasOwn(made, '__proto__')).toBe(true)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})
