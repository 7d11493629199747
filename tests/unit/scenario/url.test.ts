/** The link's promise, from RFC 3986 and from us: what is written comes back, nothing else is understood, the rest survives. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseScenario } from '../../../src/scenario/parse.ts'
import {
  attentionKernels,
  checkpointing,
  does,
  limits,
  losses,
  offloadable,
  optimizers,
  runtimes,
  type ScenarioInput,
  tasks,
  usualRuntime,
} from '../../../src/scenario/schema.ts'
import { decodeScenario, encodeScenario, joined, packModel, unpackModel } from '../../../src/scenario/url.ts'
import { urlFields } from '../../../src/scenario/url-fields.ts'

const model = 'meta-llama/Meta-Llama-3-8B'
/** Text as links hold it: deflated, base 64. */
const packText = async (text: string) => {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  return Buffer.from(await new Response(stream).arrayBuffer()).toString('base64url')
}
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(fc.option(value, { nil: null }), { nil: undefined })
const text = (maxLength: number) =>
  fc
    .string({ minLength: 1, maxLength, unit: 'grapheme' })
    .filter((s) => s.length <= maxLength && !/[\p{Cc}\p{Cf}\p{Z}]/u.test(s.replaceAll(' ', '')))
const whole = (min: number, max: number) => fc.integer({ min, max })
const real = (min: number, max: number) => fc.double({ min, max, noNaN: true }).map((x) => x + 0)
const gpus = whole(1, limits.gpus)
const flag = fc.boolean()

const scenarios: fc.Arbitrary<ScenarioInput> = fc.record(
  {
    model: text(200),
    task: fc.constantFrom(...tasks),
    runtime: fc.constantFrom(...runtimes),
    runtimeVersion: nullable(text(40)),
    batch: whole(1, limits.batch),
    sequence: whole(1, limits.sequence),
    hardware: fc.record(
      {
        gpu: fc.oneof(
          text(100),
          fc.record({ name: text(100), memoryMiB: whole(1, limits.memoryMiB), reserveMiB: whole(0, limits.memoryMiB) }),
        ),
        count: gpus,
      },
      { requiredKeys: [] },
    ),
    precision: fc.record({
      weights: nullable(text(40)),
      kvCache: nullable(fc.constantFrom('fp8', 'K=q8_0,V=q4_0')),
      compute: maybe(fc.constantFrom('fp32', 'tf32', 'fp16', 'bf16')),
      gradients: nullable(fc.constantFrom('fp32', 'fp16', 'bf16')),
      optimizer: nullable(fc.constantFrom('fp32', 'bf16')),
      groupSize: nullable(whole(16, 4096)),
    }),
    parallelism: fc.record({
      tensor: nullable(gpus),
      pipeline: nullable(gpus),
      data: nullable(gpus),
      expert: nullable(gpus),
      context: nullable(gpus),
      zero: nullable(whole(0, 3)),
      shard: nullable(gpus),
      sequenceParallel: nullable(flag),
      microBatches: nullable(whole(1, 65_536)),
      interleave: maybe(whole(1, 64)),
    }),
    training: fc.record({
      optimizer: maybe(fc.constantFrom(...optimizers)),
      masterWeights: nullable(flag),
      autocast: nullable(flag),
      checkpointing: nullable(fc.constantFrom(...checkpointing)),
      checkpointEvery: maybe(whole(1, 1024)),
      attention: nullable(fc.constantFrom(...attentionKernels)),
      gradientAccumulation: maybe(whole(1, 65_536)),
      loss: nullable(fc.constantFrom(...losses)),
      fusedLoss: nullable(flag),
      foreach: nullable(flag),
      reference: maybe(flag),
      offload: maybe(fc.array(fc.constantFrom(...offloadable), { maxLength: 4 })),
    }),
    lora: fc.record({
      rank: maybe(whole(1, 4096)),
      alpha: maybe(real(0, 65_536)),
      targets: maybe(fc.array(text(100), { minLength: 1, maxLength: 8 })),
      dropout: maybe(real(0, 1)),
      dora: maybe(flag),
      rslora: maybe(flag),
      precision: nullable(fc.constantFrom('fp32', 'bf16', 'fp16')),
    }),
    serving: fc.record({
      gpuMemoryUtilization: maybe(real(0.01, 1)),
      maxBatchedTokens: nullable(whole(1, limits.sequence)),
      maxSequences: nullable(whole(1, limits.batch)),
      blockSize: nullable(whole(1, 4096)),
      cudaGraphs: nullable(flag),
      attention: nullable(fc.constantFrom(...attentionKernels)),
      logits: nullable(fc.constantFrom('last', 'all')),
      promptTokens: nullable(whole(1, limits.sequence)),
      gpuLayers: nullable(whole(0, 10_000)),
    }),
    guide: fc.record({
      activationsGB: nullable(real(0, 1e6)),
      activationFactor: maybe(whole(1, 1000)),
      overheadGB: maybe(real(0, 1000)),
      perGpuOverheadGB: maybe(real(0, 1000)),
      efficiency: maybe(real(0, 1)),
    }),
  },
  { requiredKeys: ['model'] },
)

describe('a scenario in a link', () => {
  test('is not cut where chat programs end links: at brackets, quotes, stars and last dots', () => {
    // github.github.com/gfm, 6.9: ?, !, ., ,, :, *, _, and ~ at the end are not part of an autolink; a last bracket is counted.
    for (const name of ["Bob's (big) GPU", 'wow!', 'a*b', 'y.', 'x_', 'z~', '(a)']) {
      for (const input of [
        { model: 'gpt2', runtimeVersion: name },
        { model: 'gpt2', hardware: { gpu: { name, memoryMiB: 1000 } } },
      ]) {
        const text = joined([encodeScenario(input)])
        expect(text).not.toMatch(/[!'()*]|[?!.,:*_~]$/)
        expect(decodeScenario(text)).toMatchObject({ input, problems: [], rest: [] })
      }
    }
  })

  test('comes back as it was, for 500 random scenarios over every field', () => {
    fc.assert(
      fc.property(scenarios, (input) => {
        fc.pre(does(input.runtime ?? usualRuntime(input.task), input.task ?? 'inference'))
        const link = encodeScenario(input)
        // RFC 3986 §3.5: what a fragment may hold.
        expect(link).toMatch(/^[\w\-.~!$&'()*+,;=:@/?%]*$/)
        const { input: read, problems, rest } = decodeScenario(`#${link}`)
        expect([problems, rest]).toEqual([[], []])
        expect(parseScenario(read)).toEqual(parseScenario(input))
      }),
      { numRuns: 500 },
    )
  })

  test('has a key for every leaf of the schema, and no key twice', () => {
    const leaves = (object: object, path: string): string[] =>
      Object.entries(object).flatMap(([key, value]) =>
        value !== null && typeof value === 'object' && !Array.isArray(value)
          ? leaves(value, `${path}${key}.`)
          : [`${path}${key}`],
      )
    expect(urlFields.map(({ path }) => path).sort()).toEqual(leaves(parseScenario({ model }), '').sort())
    expect(new Set(urlFields.map(({ key }) => key)).size).toBe(urlFields.length)
  })

  test('is short and readable, and leaves the defaults out', () => {
    expect(encodeScenario({ model })).toBe(`model=${model}`)
    expect(
      encodeScenario({
        model,
        batch: 4,
        sequence: 131_072,
        precision: { weights: null, kvCache: 'fp8' },
        hardware: { gpu: 'RTX-4090', count: 2 },
        parallelism: { tensor: 2 },
        lora: { targets: ['q_proj', 'a,b'] },
      }),
    ).toBe(`model=${model}&gpus=2&batch=4&seq=128k&kv=fp8&tp=2&targets=q_proj,a%2Cb`)
  })

  test('reports what is broken and keeps the rest', () => {
    const { input, problems, rest } = decodeScenario(
      '#model=gpt2&batch=-4&seq=32k&kv=%E0%A4&task=sleep&by=kv&tp=2&gpus=1e300&dora=1',
    )
    expect(input).toEqual({ model: 'gpt2', sequence: 32_768, parallelism: { tensor: 2 } })
    expect(problems.map(({ key }) => key).sort()).toEqual(['batch', 'dora', 'gpus', 'kv', 'task'])
    expect(problems.find(({ key }) => key === 'task')?.message).toContain('is not one of inference, full, lora, qlora')
    expect(rest).toEqual([['by', 'kv']])
    // A number out of range is told its limit: 1 to 65 536 sequences, at most 65 535 GPUs (the schema's).
    const said = (key: string) => problems.find((problem) => problem.key === key)?.message
    expect(said('batch')).toBe('batch: -4 is less than 1, the least allowed')
    expect(said('gpus')).toBe('hardware.count: 1e+300 is more than 65535, the most allowed')
  })

  test('never reaches an object’s prototype', () => {
    const { input, rest } = decodeScenario('__proto__=x&constructor=y&model=__proto__')
    expect(input).toEqual({ model: '__proto__' })
    expect(rest).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ])
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  test('holds a custom GPU and a custom model', async () => {
    const config = { model_type: 'llama', hidden_size: 4096, name: 'ünï <b>', list: [1, null, { a: true }] }
    const gpu = { name: 'My: GPU, 24', memoryMiB: 24_564, reserveMiB: 347 }
    const link = encodeScenario({ model: config, hardware: { gpu } }, await packModel(config))
    const { input, packedModel, problems } = decodeScenario(link)
    expect(problems).toEqual([])
    expect(input).toEqual({ hardware: { gpu } })
    expect(await unpackModel(packedModel ?? '')).toEqual(config)
  })

  test('refuses a cut or hostile custom model in a sentence', async () => {
    const packed = await packModel({ model_type: 'llama' })
    const bomb = await packModel({ zeros: '0'.repeat(3_000_000) })
    // Too deep for JSON.stringify, so that the page could not even compare it with the next one.
    const deep = await packText(`{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`)
    // Asking for it again would not help here.
    await expect(unpackModel(bomb)).rejects.toThrow(/is larger than 2000000 bytes/)
    for (const broken of [packed.slice(0, 5), '', 'ä', bomb, deep, await packModel([1])]) {
      await expect(unpackModel(broken)).rejects.toThrow(/^The model in this link /)
    }
  })
})
