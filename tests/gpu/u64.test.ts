/** The integer arithmetic of shaders/u64.wgsl in real WGSL against BigInt: every pair of designed edges, then random pairs. */
import { describe, expect, it } from 'vitest'
import u64Code from '../../shaders/u64.wgsl?raw'
import { LIMIT } from '../../src/formula/expression.ts'
import { Gpu } from '../../src/gpu/device.ts'

const limit = BigInt(LIMIT)
const saturate = (v: bigint) => (v > limit ? limit : v < 0n ? 0n : v)

const operations: Record<string, { wgsl: string; exact: (a: bigint, b: bigint) => bigint }> = {
  plus: { wgsl: 'plus(a, b)', exact: (a, b) => saturate(a + b) },
  minus: { wgsl: 'minus(a, b)', exact: (a, b) => saturate(a - b) },
  times: { wgsl: 'times(a, b)', exact: (a, b) => saturate(a * b) },
  times_small: {
    wgsl: 'times_small(a, b.x % 65537u)',
    exact: (a, b) => saturate(a * ((b & 0xffffffffn) % 65537n)),
  },
  floor_div: { wgsl: 'floor_div(a, larger(b, u64(1, 0)))', exact: (a, b) => a / (b || 1n) },
  ceil_div: { wgsl: 'ceil_div(a, larger(b, u64(1, 0)))', exact: (a, b) => (a + (b || 1n) - 1n) / (b || 1n) },
  smaller: { wgsl: 'smaller(a, b)', exact: (a, b) => (a < b ? a : b) },
  larger: { wgsl: 'larger(a, b)', exact: (a, b) => (a > b ? a : b) },
  less: { wgsl: 'u64(select(0u, 1u, less(a, b)), 0)', exact: (a, b) => (a < b ? 1n : 0n) },
  at_most: { wgsl: 'u64(select(0u, 1u, at_most(a, b)), 0)', exact: (a, b) => (a <= b ? 1n : 0n) },
}

/** 0, 1, every power of two and its neighbours, and the limit. */
const edges = [
  ...new Set(
    Array.from({ length: 54 }, (_, k) => 2n ** BigInt(k))
      .flatMap((p) => [p - 1n, p, p + 1n])
      .concat(3n, 10n, 1000n, 65535n * 65537n, limit - 1n)
      .filter((v) => v <= limit),
  ),
]

/** Random 53-bit integers of every length, from a fixed seed (mulberry32). */
function* random(seed: number): Generator<bigint> {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (t ^ (t >>> 14)) >>> 0
  }
  while (true) yield ((BigInt(next()) << 32n) | BigInt(next())) >> BigInt(11 + (next() % 53))
}

const source = random(20240607)
const pairs: [bigint, bigint][] = edges.flatMap((a) => edges.map((b): [bigint, bigint] => [a, b]))
while (pairs.length < 150_000) pairs.push([source.next().value, source.next().value])

const toWords = (values: bigint[]) => {
  const words = new BigUint64Array(values)
  return new Uint32Array(words.buffer)
}

async function evaluate(gpu: Gpu, expression: string): Promise<BigUint64Array> {
  const { device } = gpu
  const code = `${u64Code}
    @group(0) @binding(0) var<storage, read> left: array<u64>;
    @group(0) @binding(1) var<storage, read> right: array<u64>;
    @group(0) @binding(2) var<storage, read_write> out: array<u64>;
    @compute @workgroup_size(64)
    fn main(@builtin(global_invocation_id) id: vec3<u32>) {
      if id.x < arrayLength(&out) {
        let a = left[id.x];
        let b = right[id.x];
        out[id.x] = ${expression};
      }
    }`
  const bytes = pairs.length * 8
  const result = await gpu.checked(() => {
    const pipeline = device.createComputePipeline({
      layout: 'auto',
      compute: { module: device.createShaderModule({ code }) },
    })
    const input = (index: 0 | 1) => {
      const buffer = device.createBuffer({ size: bytes, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST })
      device.queue.writeBuffer(buffer, 0, toWords(pairs.map((pair) => pair[index])))
      return buffer
    }
    const out = device.createBuffer({ size: bytes, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC })
    const staging = device.createBuffer({ size: bytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST })
    const encoder = device.createCommandEncoder()
    const pass = encoder.beginComputePass()
    pass.setPipeline(pipeline)
    pass.setBindGroup(
      0,
      device.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: [input(0), input(1), out].map((buffer, binding) => ({ binding, resource: { buffer } })),
      }),
    )
    pass.dispatchWorkgroups(Math.ceil(pairs.length / 64))
    pass.end()
    encoder.copyBufferToBuffer(out, 0, staging, 0, bytes)
    device.queue.submit([encoder.finish()])
    return staging
  })
  await gpu.answer(result.mapAsync(GPUMapMode.READ))
  return new BigUint64Array(result.getMappedRange().slice(0))
}

describe(`u64 in WGSL on ${pairs.length} pairs`, async () => {
  const gpu = await Gpu.acquire()
  for (const [name, { wgsl, exact }] of Object.entries(operations)) {
    it(`${name} equals BigInt`, async () => {
      const found = await evaluate(gpu, wgsl)
      const wrong = pairs.filter(([a, b], i) => found[i] !== exact(a, b))
      expect(wrong.slice(0, 5).map(([a, b]) => `${name}(${a}, ${b})`)).toEqual([])
    })
  }
})
