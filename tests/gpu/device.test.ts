/** Losing the device: pending calls reject at once with DeviceLostError, recovery gives a working engine, and choosing never fails. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { DeviceLostError, Gpu, GpuError, NoGpuError } from '../../src/gpu/device.ts'
import { chooseEngine, GpuEngine } from '../../src/gpu/engine.ts'
import { CpuEvaluator } from '../../src/sweep/cpu-evaluator.ts'
import { columnsOf, type Lattice } from '../../src/sweep/evaluator.ts'
import { realStructures } from '../structures.ts'

const [{ structure, slices }] = realStructures()
const lattice: Lattice = {
  structure,
  slices,
  sequences: Uint32Array.from({ length: 64 }, (_, i) => 1 + i * 100),
  batches: Uint32Array.from({ length: 200 }, (_, i) => 1 + i),
}
const tile = { firstColumn: 0, columns: columnsOf(lattice) }

async function expectRightCells(engine: GpuEngine) {
  const [found] = await engine.evaluator.cells(lattice, tile, ['total'])
  const [wanted] = await new CpuEvaluator().cells(lattice, tile, ['total'])
  expect(found).toEqual(wanted)
}

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('device loss', () => {
  it('rejects pending calls, then recovers with the same results', async () => {
    const engine = await GpuEngine.start()
    const { lost } = engine
    const pending = [
      engine.evaluator.cells(lattice, tile, ['total']),
      engine.evaluator.frontier(lattice, 1000, 'capacity'),
    ]
    const results = Promise.allSettled(pending)
    // As a driver reset would: behind the engine's back.
    engine.gpu.device.destroy()
    expect(await lost).toBeInstanceOf(DeviceLostError)
    for (const result of await results) {
      expect(result.status).toBe('rejected')
      expect((result as PromiseRejectedResult).reason).toBeInstanceOf(DeviceLostError)
    }
    await expect(engine.evaluator.cells(lattice, tile, ['total'])).rejects.toBeInstanceOf(DeviceLostError)
    await engine.recover()
    await expectRightCells(engine)
    engine.destroy()
  })

  it('recovers in the middle of work, again and again', async () => {
    const engine = await GpuEngine.start()
    for (let i = 0; i < 5; i++) {
      const pending = engine.evaluator.cells(lattice, tile, ['total', 'capacity']).catch((error: unknown) => error)
      await new Promise((done) => setTimeout(done, i * 7))
      engine.gpu.device.destroy()
      const outcome = await pending
      expect(outcome instanceof DeviceLostError || Array.isArray(outcome)).toBe(true)
      await Promise.all([engine.recover(), engine.recover()])
      await expectRightCells(engine)
    }
    engine.destroy()
  })

  it('does not call its own closing a loss, but rejects what was pending', async () => {
    const engine = await GpuEngine.start()
    const loss = vi.fn()
    void engine.lost.then(loss)
    const pending = engine.evaluator.cells(lattice, tile, ['total'])
    engine.destroy()
    await expect(pending).rejects.toBeInstanceOf(DeviceLostError)
    await new Promise((done) => setTimeout(done, 50))
    expect(loss).not.toHaveBeenCalled()
  })

  it('goes on after a call that failed', async () => {
    const engine = await GpuEngine.start()
    await expect(engine.evaluator.cells(lattice, tile, ['no such output'])).rejects.toThrow('no such output')
    await expect(
      engine.evaluator.cells({ ...lattice, batches: Uint32Array.of(65537) }, tile, ['total']),
    ).rejects.toThrow('batch must be at most 65536, not 65537')
    await expectRightCells(engine)
    engine.destroy()
  })
})

describe('GPU errors', () => {
  it('become exceptions with what the GPU said', async () => {
    const gpu = await Gpu.acquire()
    const refused = gpu.checked(() => gpu.device.createBuffer({ size: 16, usage: 0xffff }))
    await expect(refused).rejects.toBeInstanceOf(GpuError)
    gpu.close()
  })
})

describe('choosing an engine', () => {
  it('takes the CPU where the adapter is software, unless the GPU is asked for', async () => {
    const adapter = await navigator.gpu.requestAdapter()
    const auto = await chooseEngine('auto')
    expect(auto.kind).toBe(adapter?.info.isFallbackAdapter ? 'cpu' : 'gpu')
    expect(auto.reason).not.toBe('')
    const gpu = await chooseEngine('gpu')
    if (gpu.kind !== 'gpu') throw new Error(gpu.reason)
    await expectRightCells(gpu.engine)
    gpu.engine.destroy()
    expect((await chooseEngine('cpu')).kind).toBe('cpu')
  })

  it('takes the CPU and says why where there is no WebGPU or no adapter', async () => {
    vi.stubGlobal('navigator', {})
    expect(await chooseEngine('gpu')).toEqual({ kind: 'cpu', reason: expect.stringContaining('no WebGPU') })
    await expect(GpuEngine.start()).rejects.toBeInstanceOf(NoGpuError)
    vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => null } })
    expect(await chooseEngine('auto')).toEqual({ kind: 'cpu', reason: expect.stringContaining('no GPU') })
  })
})
