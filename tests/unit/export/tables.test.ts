/**
 * Tables against rows made by hand. GPT-2 under the article's rule, 16 bit: 124 439 808 parameters × 2 B; cache 2 × 12 layers × 12 heads ×
 * 64 × 2 B = 36 864 B a token; activations 768 × 12 × 2 × 20 B a token; overhead 1.5 GB. Of 4 GiB, less a tenth, 3 904 515 723 B are safe.
 */
import { parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { csv } from '../../../src/export/csv.ts'
import { frontierCsv } from '../../../src/export/frontier-csv.ts'
import { parquet } from '../../../src/export/parquet/sweep.ts'
import { architectureOf } from '../../../src/model/catalogue.ts'
import type { ScenarioInput } from '../../../src/scenario/schema.ts'
import type { AxisInput } from '../../../src/sweep/axis.ts'
import { CpuEvaluator } from '../../../src/sweep/cpu-evaluator.ts'
import { type Plan, plan } from '../../../src/sweep/plan.ts'

const engine = new CpuEvaluator()
const scenario: ScenarioInput = {
  model: 'openai-community/gpt2',
  runtime: 'guide',
  precision: { weights: 'bf16' },
  sequence: 1024,
  hardware: { gpu: { name: 'four', memoryMiB: 4096 } },
}
const planOf = (...axes: AxisInput[]) => plan(scenario, axes, architectureOf)

async function gather(chunks: AsyncGenerator<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: BlobPart[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}
const text = async (chunks: AsyncGenerator<Uint8Array<ArrayBuffer>>) => new TextDecoder().decode(await gather(chunks))

const bytes =
  'weights,gradients,optimizer,masterWeights,adapters,kvCache,activations,communication,overhead,total,capacity'
const headings = `"sequence [tokens]","batch [sequences]",${bytes.replaceAll(/(\w+)/g, '"$1 [B]"')},"verdict","reason"`

const weights = 248_879_616
const cache = 37_748_736
const activations = 377_487_360
const row = (batch: number, total: number, verdict: string) =>
  `1024,${batch},${weights},0,0,0,0,${batch * cache},${batch * activations},0,1500000000,${total},4294967296,${verdict},`

describe('CSV', () => {
  it('has one row per cell, bytes to the last digit, a verdict each side of both limits', async () => {
    expect(await text(csv(planOf({ field: 'batch', from: 5, to: 7 }), engine))).toBe(
      [headings, row(5, 3_825_060_096, 'fits'), row(6, 4_240_296_192, 'tight'), row(7, 4_655_532_288, 'oom'), ''].join(
        '\r\n',
      ),
    )
  })

  it('puts every axis in front, a null as an empty cell, an impossible slice with its reason and no bytes', async () => {
    const axes: AxisInput[] = [
      { field: 'precision.kvCache', values: [null, 'no, "such" type'] },
      { field: 'batch', values: [1] },
    ]
    const [head, first, second, end] = (await text(csv(planOf(...axes), engine))).split('\r\n')
    expect(head).toBe(`"precision.kvCache",${headings}`)
    expect(first).toBe(`,${row(1, 2_164_115_712, 'fits')}`)
    expect(second).toMatch(/^"no, ""such"" type",1024,1,,,,,,,,,,,,impossible,"precision\.kvCache: .*"$/)
    expect(end).toBe('')
  })

  it('nests as planned: slices, then sequence, then batch', async () => {
    const axes: AxisInput[] = [
      { field: 'batch', values: [1, 2] },
      { field: 'hardware.count', values: [1, 2] },
      { field: 'sequence', values: [512, 1024] },
    ]
    const rows = (await text(csv(planOf(...axes), engine))).trimEnd().split('\r\n').slice(1)
    const places = rows.map((line) => line.split(',').slice(0, 3).join(' '))
    expect(places).toEqual(['1 512 1', '1 512 2', '1 1024 1', '1 1024 2', '2 512 1', '2 512 2', '2 1024 1', '2 1024 2'])
  })

  const large = () => planOf({ field: 'batch', from: 1, to: 1000 }, { field: 'sequence', from: 1, to: 100 })

  it('gives the event loop its turns, tells its progress, and keeps chunks small', async () => {
    let turns = 0
    let running = true
    const count = () => {
      turns++
      if (running) setImmediate(count)
    }
    count()
    const reports: number[] = []
    let largest = 0
    for await (const chunk of csv(large(), engine, { onProgress: (done) => reports.push(done) })) {
      largest = Math.max(largest, chunk.length)
    }
    running = false
    expect(reports.at(-1)).toBe(100_000)
    expect(reports.length).toBeGreaterThan(10)
    expect(turns).toBeGreaterThan(10)
    expect(largest).toBeLessThan(2 ** 21)
  })

  it('stops when it is cancelled', async () => {
    const controller = new AbortController()
    const chunks = csv(large(), engine, {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    })
    await expect(gather(chunks)).rejects.toThrow('enough')
  })
})

describe('the frontier', () => {
  it('is the largest batch that is not out of memory, and the largest within the margin', async () => {
    const found = await text(frontierCsv(planOf({ field: 'precision.weights', values: ['bf16', 'none'] }), engine))
    const [head, fits, impossible, end] = found.split('\r\n')
    expect(head).toBe(
      '"precision.weights","sequence [tokens]","largest batch [sequences]","largest batch within the safety margin [sequences]","reason"',
    )
    expect(fits).toBe('bf16,1024,6,5,')
    expect(impossible).toMatch(/^none,1024,,,"?precision\.weights/)
    expect(end).toBe('')
  })
})

describe('Parquet, read back by another library', () => {
  const read = async (of: Plan) => {
    const file = await gather(parquet(of, engine))
    return { file, rows: await parquetReadObjects({ file: file.buffer }) }
  }

  it('holds the rows of the CSV with types of their own', async () => {
    const axes: AxisInput[] = [
      { field: 'precision.kvCache', values: [null, 'nope'] },
      { field: 'hardware.count', values: [1] },
      { field: 'serving.gpuMemoryUtilization', values: [0.5] },
      { field: 'serving.cudaGraphs', values: [false] },
      { field: 'batch', values: [6] },
    ]
    const { rows } = await read(planOf(...axes))
    expect(rows[0]).toEqual({
      'precision.kvCache': null,
      'hardware.count [GPUs]': 1n,
      'serving.gpuMemoryUtilization': 0.5,
      'serving.cudaGraphs': false,
      'sequence [tokens]': 1024,
      'batch [sequences]': 6,
      'weights [B]': BigInt(weights),
      'gradients [B]': 0n,
      'optimizer [B]': 0n,
      'masterWeights [B]': 0n,
      'adapters [B]': 0n,
      'kvCache [B]': BigInt(6 * cache),
      'activations [B]': BigInt(6 * activations),
      'communication [B]': 0n,
      'overhead [B]': 1_500_000_000n,
      'total [B]': 4_240_296_192n,
      'capacity [B]': 4_294_967_296n,
      verdict: 'tight',
      reason: null,
    })
    expect(rows[1]).toMatchObject({ 'precision.kvCache': 'nope', 'total [B]': null, verdict: 'impossible' })
    expect(rows[1].reason).toContain('precision.kvCache')
  })

  it('holds every row of a sweep of several groups and tiles', async () => {
    const axes: AxisInput[] = [
      { field: 'batch', from: 1, to: 500 },
      { field: 'sequence', from: 1, to: 40 },
      { field: 'hardware.count', values: [1, 2] },
    ]
    const { rows } = await read(planOf(...axes))
    const lines = (await text(csv(planOf(...axes), engine))).trimEnd().split('\r\n').slice(1)
    expect(
      rows.map((r) =>
        Object.values(r)
          .map((value) => (value === null ? '' : String(value)))
          .join(','),
      ),
    ).toEqual(lines)
  })
})
