/**
 * A GPU device from acquisition to loss. Everything that waits for the GPU waits through `answer`, so that nothing hangs when the device
 * is lost. Knows nothing of formulas.
 */

/** The device is gone: by a driver reset, by the browser, or because it was closed. A new one can be acquired. */
export class DeviceLostError extends Error {}

/** There is no WebGPU, or no adapter. The message says which and what to do. */
export class NoGpuError extends Error {}

/** What the GPU reported about our own use of it, or no answer in time. */
export class GpuError extends Error {}

/** Longer than any dispatch of ours takes even on a software adapter. */
const patience = 60_000

export class Gpu {
  /** Resolves when the device is lost and was not closed by us. */
  readonly lost: Promise<DeviceLostError>
  readonly device: GPUDevice
  /** The adapter, for people. */
  readonly name: string
  /** Whether the adapter computes on the processor. */
  readonly software: boolean
  private readonly waiting = new Set<(error: Error) => void>()
  private gone: DeviceLostError | null = null

  private constructor(device: GPUDevice, name: string, software: boolean) {
    this.device = device
    this.name = name
    this.software = software
    this.lost = new Promise((resolve) => {
      // `reason` may say "destroyed" although nobody destroyed the device, so the flag that decides is our own.
      device.lost.then(({ message }) => {
        if (this.gone) return
        this.fail(new DeviceLostError(`The GPU was lost${message ? `: ${message}` : ''}`))
        resolve(this.gone as unknown as DeviceLostError)
      })
    })
  }

  /** Asks for an adapter (each time a new one, because an adapter gives one device only) and a device with default limits. */
  static async acquire(): Promise<Gpu> {
    if (!globalThis.navigator?.gpu) {
      throw new NoGpuError('This browser has no WebGPU: use a current Chrome, Edge, Firefox or Safari')
    }
    const adapter = await inTime(navigator.gpu.requestAdapter({ powerPreference: 'high-performance' }), 'the adapter')
    if (!adapter) {
      throw new NoGpuError('This browser offers no GPU to WebGPU: check that hardware acceleration is switched on')
    }
    const device = await inTime(adapter.requestDevice(), 'the device')
    return new Gpu(device, adapterName(adapter.info), isSoftware(adapter.info))
  }

  /** Waits for the GPU: rejects with DeviceLostError on loss, and with GpuError when there is no answer in time. */
  async answer<T>(promise: Promise<T>): Promise<T> {
    if (this.gone) throw this.gone
    let fail: (error: Error) => void = () => {}
    const failed = new Promise<never>((_, reject) => {
      fail = reject
    })
    this.waiting.add(fail)
    const timer = setTimeout(() => fail(new GpuError(`The GPU did not answer within ${patience / 1000} s`)), patience)
    try {
      return await Promise.race([promise, failed])
    } catch (error) {
      // A loss is often seen by the pending call first, and reported a little later.
      await Promise.race([this.device.lost, new Promise((done) => setTimeout(done, 100))])
      throw this.gone ?? error
    } finally {
      clearTimeout(timer)
      this.waiting.delete(fail)
    }
  }

  /** Runs GPU calls and waits until the GPU has checked them; what it objects to becomes a GpuError. */
  async checked<T>(work: () => T): Promise<T> {
    if (this.gone) throw this.gone
    const { device } = this
    const scopes = ['out-of-memory', 'internal', 'validation'] as const
    for (const scope of scopes) device.pushErrorScope(scope)
    let result: T
    let errors: (GPUError | null)[]
    try {
      result = work()
    } finally {
      errors = await this.answer(Promise.all(scopes.map(() => device.popErrorScope())))
    }
    const error = errors.find((e) => e !== null)
    if (error) throw new GpuError(`The GPU refused the work: ${error.message}`)
    return result
  }

  /** Closes the device. Pending calls reject with DeviceLostError. */
  close() {
    if (this.gone) return
    this.fail(new DeviceLostError('The GPU was closed'))
    this.device.destroy()
  }

  private fail(error: DeviceLostError) {
    this.gone = error
    for (const reject of this.waiting) reject(error)
    this.waiting.clear()
  }
}

async function inTime<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoGpuError(`WebGPU did not give ${what} within 10 s: reload the page`)), 10_000)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

const adapterName = ({ description, vendor, architecture, device }: GPUAdapterInfo) =>
  description || [vendor, architecture || device].filter(Boolean).join(' ') || 'unnamed adapter'

const isSoftware = ({ isFallbackAdapter, description, architecture }: GPUAdapterInfo) =>
  isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render/i.test(`${description} ${architecture}`)
