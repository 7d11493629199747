/** The CPU engine's worker: a drawing in, pixels and frontiers out. */
import { drawOnCpu, type PostedDrawing, receive } from './cpu-draw.ts'
import '../../memory/training/index.ts'

export interface Request {
  drawing: PostedDrawing
  /** Memory of an earlier answer, to be used again. */
  reuse: ArrayBuffer | null
}

self.addEventListener('message', ({ data }: MessageEvent<Request>) => {
  const { pixels, frontiers } = drawOnCpu(receive(data.drawing), data.reuse ? new Uint32Array(data.reuse) : undefined)
  self.postMessage({ pixels: pixels.buffer, frontiers }, { transfer: [pixels.buffer] })
})
