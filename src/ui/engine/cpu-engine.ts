/** The CPU engine: a worker computes, this side puts pixels on a canvas. The first drawing is made here, while the worker starts. */
import { latest } from '../../sweep/latest.ts'
import { drawOnCpu, post } from './cpu-draw.ts'
import type { Request } from './cpu-worker.ts'
import workerUrl from './cpu-worker.ts?worker&url'
import type { Drawing, Drawn, Frontiers, MapEngine } from './engine.ts'
import { trustedScript } from './trusted.ts'

interface Answer {
  pixels: ArrayBuffer
  frontiers: Frontiers
}

export class CpuEngine implements MapEngine {
  readonly kind = 'cpu'
  readonly name = 'CPU'
  readonly surface = document.createElement('canvas')
  // Pixels come from memory and are not read back: the hint only keeps the canvas there, so that the first map waits for no GPU.
  private readonly context = this.surface.getContext('2d', { willReadFrequently: true })
  private worker: Worker | null = null
  /** Without the worker: for the first drawing, and where a worker cannot be had. */
  private alone = true
  private failed = false
  private reuse: ArrayBuffer | null = null

  readonly draw = latest((drawing: Drawing) => this.drawNow(drawing))

  destroy() {
    this.worker?.terminate()
    this.worker = null
  }

  private async drawNow(drawing: Drawing): Promise<Drawn> {
    const start = performance.now()
    const answer = this.alone ? this.here(drawing) : await this.there(drawing)
    this.show(drawing, answer.pixels)
    return { frontiers: answer.frontiers, milliseconds: performance.now() - start }
  }

  private here(drawing: Drawing): Answer {
    this.alone = this.failed
    const { pixels, frontiers } = drawOnCpu(drawing)
    return { pixels: pixels.buffer as ArrayBuffer, frontiers }
  }

  private there(drawing: Drawing): Promise<Answer> {
    return new Promise((resolve) => {
      this.worker ??= new Worker(trustedScript(workerUrl), { type: 'module', name: 'Oomscape CPU engine' })
      this.worker.onmessage = ({ data }: MessageEvent<Answer>) => resolve(data)
      this.worker.onerror = (event) => {
        event.preventDefault()
        this.destroy()
        this.failed = this.alone = true
        resolve(this.here(drawing))
      }
      const request: Request = { drawing: post(drawing), reuse: this.reuse }
      this.worker.postMessage(request, this.reuse ? [this.reuse] : [])
      this.reuse = null
    })
  }

  private show({ frames }: Drawing, pixels: ArrayBuffer): void {
    const [frame] = frames
    const { surface } = this
    const { width, height } = frame ?? surface
    if (surface.width !== width || surface.height !== height) Object.assign(surface, { width, height })
    if (frame) this.context?.putImageData(new ImageData(new Uint8ClampedArray(pixels), width, height), 0, 0)
    else this.context?.clearRect(0, 0, width, height)
    this.reuse = pixels
  }
}
