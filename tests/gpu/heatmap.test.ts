/** The heatmap's pixels, read back from the GPU, against the CPU painter: verdicts and hatching identical, shades within one of 1024. */
import { afterAll, describe, expect, it } from 'vitest'
import * as f from '../../src/formula/expression.ts'
import { stage } from '../../src/formula/stages.ts'
import { GpuEngine } from '../../src/gpu/engine.ts'
import { type Frame, type Palette, SHADES } from '../../src/sweep/frame.ts'
import { paint } from '../../src/sweep/raster.ts'
import { batch, sequence } from '../formulas.ts'
import { pipelines } from '../pipelines.ts'
import { realStructures } from '../structures.ts'

const engine = await GpuEngine.start()
afterAll(() => engine.destroy())
// Each takes a second of compiling here, so a spread of them.
const structures = realStructures().filter((_, i) => i % 5 === 0)

/** Shades whose number can be read from the colour; verdict colours have blue in them. */
const palette: Palette = {
  fits: Uint32Array.from({ length: SHADES }, (_, i) => (0xff000000 | i) >>> 0),
  tight: 0xff400000,
  oom: 0xff800000,
  hatch: 0xffc00000,
}

/** Pixels of a frame as the GPU paints them. */
async function painted(frames: Frame[]): Promise<Uint32Array> {
  const [{ width, height }] = frames
  const { device } = engine.gpu
  const texture = device.createTexture({
    size: [width, height],
    format: 'rgba8unorm',
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  })
  expect(await engine.heatmap.paint({ frames, target: { format: 'rgba8unorm', texture: () => texture } })).toBe(true)
  const bytesPerRow = 256 * Math.ceil((width * 4) / 256)
  const staging = device.createBuffer({
    size: bytesPerRow * height,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  })
  const encoder = device.createCommandEncoder()
  encoder.copyTextureToBuffer({ texture }, { buffer: staging, bytesPerRow }, [width, height])
  device.queue.submit([encoder.finish()])
  await engine.gpu.answer(staging.mapAsync(GPUMapMode.READ))
  const rows = new Uint32Array(staging.getMappedRange())
  const pixels = new Uint32Array(width * height)
  for (let y = 0; y < height; y++) {
    pixels.set(rows.subarray((y * bytesPerRow) / 4, (y * bytesPerRow) / 4 + width), y * width)
  }
  staging.destroy()
  texture.destroy()
  return pixels
}

const isShade = (pixel: number) => (pixel & 0xff0000) === 0 && pixel >>> 24 === 255

/** Pixels that differ by more than one shade. */
function differences(found: Uint32Array, wanted: Uint32Array): string[] {
  const wrong: string[] = []
  wanted.forEach((pixel, i) => {
    const close = isShade(pixel) && isShade(found[i]) && Math.abs((pixel & 0xffff) - (found[i] & 0xffff)) <= 1
    if (found[i] !== pixel && !close) wrong.push(`pixel ${i}: ${found[i].toString(16)} for ${pixel.toString(16)}`)
  })
  return wrong
}

const axis = (count: number, from: number, to: number, down: boolean) =>
  Uint32Array.from({ length: count }, (_, i) => {
    const share = (down ? count - 1 - i : i) / Math.max(1, count - 1)
    return Math.round(from * (to / from) ** share)
  })

/** Two panels of one structure, somewhere on a canvas. */
function frame(index: number, { width = 301, height = 200, x = 7, y = 5 } = {}): Frame {
  const { structure, slices } = structures[index]
  const panels = slices.slice(0, 2).map((slice) => [slice])
  return {
    structure,
    panels,
    sequences: axis(120, 64, 2 ** 20, false),
    batches: axis(150, 1, 65536, true),
    origins: panels.map((_, i) => ({ x: x + i * 140, y: y + i * 11 })),
    width,
    height,
    palette,
  }
}

describe(`heatmap on ${engine.gpu.name}`, () => {
  it('paints every structure as the CPU does', async () => {
    const seen = new Set<number>()
    for (let i = 0; i < structures.length; i++) {
      const given = frame(i)
      const found = await painted([given])
      expect(differences(found, paint(given)).slice(0, 5), structures[i].structure.key).toEqual([])
      for (const pixel of found) seen.add(isShade(pixel) ? 1 : pixel)
    }
    // Every verdict and both hatchings were on some picture, and so was the empty ground.
    expect(seen).toEqual(new Set([0, 1, palette.tight, palette.oom, palette.hatch]))
  }, 300_000)

  it('paints batch sizes that rise from top to bottom, and panels of an odd number of columns', async () => {
    const given = { ...frame(0), sequences: axis(121, 64, 2 ** 20, false), batches: axis(150, 1, 65536, false) }
    expect(differences(await painted([given]), paint(given))).toEqual([])
  })

  it('paints formulas of many walks, with a min, with differences', async () => {
    const walks = Array.from({ length: 20 }, (_, i) => f.sum(f.product(batch, i + 1), 2 ** i))
    const smallest = f.smallest(f.product(batch, 999), f.sum(f.product(batch, 3), 2 ** 21))
    const above = f.difference(f.sum(f.product(batch, sequence, 3), 77), f.product(sequence, 11))
    const totals = [
      f.largest(...walks, f.product(batch, sequence)),
      f.largest(...walks, ...walks.map((walk) => f.sum(walk, f.product(batch, sequence, 2)))),
      f.sum(smallest, above),
      f.sum(walks[3], above),
    ]
    for (const [i, total] of totals.entries()) {
      const outputs = { total, capacity: f.constant(2 ** 22), safeCapacity: f.constant(2 ** 21) }
      const structure = { key: `heatmap ${i}`, outputs, stages: stage(outputs) }
      const given = { ...frame(0), structure }
      expect(differences(await painted([given]), paint(given))).toEqual([])
    }
  })

  for (const { label, frame, expected } of pipelines(palette)) {
    it(`shows in every pixel the worst pipeline stage, as an estimate of its cell does: ${label}`, async () => {
      expect(differences(await painted([frame]), expected)).toEqual([])
    })
  }

  it('paints panels of different numbers of stages', async () => {
    const [{ frame }] = pipelines(palette)
    const [stages] = frame.panels
    const panels = [stages.slice(0, 1), stages, stages.slice(1)]
    const beside = { ...frame, panels, origins: panels.map((_, i) => ({ x: 1 + 20 * i, y: 2 })), width: 60 }
    expect(differences(await painted([beside]), paint(beside))).toEqual([])
  })

  it('paints frames of several structures on one canvas', async () => {
    const frames = [frame(0, { height: 400 }), frame(1, { height: 400, y: 205 })]
    const [first, second] = frames.map((f) => paint(f))
    const both = first.map((pixel, i) => pixel | second[i])
    expect(differences(await painted(frames), both).slice(0, 5)).toEqual([])
  })

  it('paints a frame of one pixel and one without panels', async () => {
    const one = { ...frame(0), sequences: Uint32Array.of(4096), batches: Uint32Array.of(1) }
    expect(differences(await painted([one]), paint(one))).toEqual([])
    const none = { ...frame(0), panels: [], origins: [] }
    expect(await painted([none])).toEqual(paint(none))
  })

  it('skips frames that were overtaken while one was in flight', async () => {
    const texture = engine.gpu.device.createTexture({
      size: [301, 200],
      format: 'rgba8unorm',
      usage: GPUTextureUsage.RENDER_ATTACHMENT,
    })
    const target = { format: 'rgba8unorm' as const, texture: () => texture }
    const results = await Promise.all([0, 1, 2, 3].map((i) => engine.heatmap.paint({ frames: [frame(i)], target })))
    expect(results).toEqual([true, null, null, true])
  })
})
