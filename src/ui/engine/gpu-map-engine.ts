/** The GPU engine as the map sees it: a WebGPU canvas. The boundary comes from the same device. */
import type { GpuEngine } from '../../gpu/engine.ts'
import { latest } from '../../sweep/latest.ts'
import type { Drawing, Drawn, Frontiers, MapEngine } from './engine.ts'

export class GpuMapEngine implements MapEngine {
  readonly kind = 'gpu'
  readonly name: string
  readonly surface = document.createElement('canvas')
  private readonly gpu: GpuEngine
  private readonly target: ReturnType<GpuEngine['heatmap']['canvas']>

  readonly draw = latest((drawing: Drawing) => this.drawNow(drawing))

  constructor(gpu: GpuEngine) {
    this.gpu = gpu
    this.name = gpu.gpu.name
    const context = this.surface.getContext('webgpu')
    if (!context) throw new Error('This browser gives no WebGPU canvas')
    this.target = gpu.heatmap.canvas(context)
  }

  destroy() {
    this.gpu.destroy()
  }

  private async drawNow(drawing: Drawing): Promise<Drawn> {
    const start = performance.now()
    // The boundary first: canvas and lines then change together.
    const frontiers = await this.frontiers(drawing)
    const { surface, gpu, target } = this
    const [frame] = drawing.frames
    const { width, height } = frame ?? surface
    if (surface.width !== width || surface.height !== height) Object.assign(surface, { width, height })
    await gpu.heatmap.paint({ frames: drawing.frames, target })
    return { frontiers, milliseconds: performance.now() - start }
  }

  /** One call per frame for all panels and pipeline stages; the tightest stage decides. */
  private frontiers({ frames, most }: Drawing): Promise<Frontiers> {
    return Promise.all(
      frames.map(async ({ structure, panels, sequences }) => {
        const lattice = { structure, slices: panels.flat(), sequences, batches: Uint32Array.of(1) }
        const all = await this.gpu.evaluator.frontier(lattice, most, 'capacity')
        let first = 0
        return panels.map((stages) => {
          const found = all.slice(first, first + sequences.length)
          for (let stage = 1; stage < stages.length; stage++) {
            const offset = first + stage * sequences.length
            for (let i = 0; i < found.length; i++) found[i] = Math.min(found[i], all[offset + i])
          }
          first += stages.length * sequences.length
          return found
        })
      }),
    )
  }
}
