/** Paints frames with a fragment shader: columns by the compute passes, each pixel's cell from its column. Nothing is read back. */
import { type Frame, risingBatches } from '../sweep/frame.ts'
import { latest } from '../sweep/latest.ts'
import { Buffers } from './buffers.ts'
import type { Gpu } from './device.ts'
import { encodePalette, encodePanels, encodePicture, encodePixelRows } from './layout.ts'
import { encodePasses } from './passes.ts'
import type { HeatmapProgram, Pipelines } from './pipelines.ts'

/** Where to paint: asked for only when the commands are ready, because a canvas texture does not outlive its task. */
export interface Target {
  format: GPUTextureFormat
  texture(): GPUTexture
}

/** Frames of one canvas size; their panels do not overlap. */
export interface Picture {
  frames: readonly Frame[]
  target: Target
}

export class HeatmapPass {
  private readonly buffers: Buffers
  private readonly gpu: Gpu
  private readonly pipelines: Pipelines

  constructor(gpu: Gpu, pipelines: Pipelines) {
    this.gpu = gpu
    this.pipelines = pipelines
    this.buffers = new Buffers(gpu.device)
  }

  /**
   * Paints frames that share a canvas; true once the GPU has finished, null when a newer request overtook this one. One is in flight at a
   * time. Rejects with DeviceLostError when the device is lost.
   */
  readonly paint = latest(({ frames, target }: Picture) => this.paintNow(frames, target))

  /** A canvas as a target, of this device. */
  canvas(context: GPUCanvasContext): Target {
    const format = navigator.gpu.getPreferredCanvasFormat()
    context.configure({ device: this.gpu.device, format, alphaMode: 'premultiplied' })
    return { format, texture: () => context.getCurrentTexture() }
  }

  destroy() {
    this.buffers.destroy()
  }

  private async paintNow(frames: readonly Frame[], target: Target): Promise<true> {
    const { gpu } = this
    const programs = await Promise.all(
      frames.map(({ structure, panels, sequences }) =>
        this.pipelines.heatmap(
          structure,
          target.format,
          panels.every((ranks) => ranks.length === 1) ? 'one' : 'several',
          panels.flat().length * sequences.length,
        ),
      ),
    )
    const { done } = await gpu.checked(() => {
      const view = target.texture().createView()
      // One submission per frame, because they use the same buffers; an empty picture is still cleared.
      if (frames.length === 0) this.draw(view, 'clear', null, null)
      frames.forEach((frame, i) => {
        this.draw(view, i === 0 ? 'clear' : 'load', frame, programs[i])
      })
      // Asked for now, so that both answers are under way at once.
      return { done: gpu.device.queue.onSubmittedWorkDone() }
    })
    await gpu.answer(done)
    return true
  }

  private draw(view: GPUTextureView, loadOp: GPULoadOp, frame: Frame | null, program: HeatmapProgram | null) {
    const { device } = this.gpu
    const columns = frame ? frame.panels.flat().length * frame.sequences.length : 0
    const prepared = frame && program && columns > 0 ? this.prepare(frame, program, columns) : null
    const encoder = prepared?.encoder ?? device.createCommandEncoder()
    const pass = encoder.beginRenderPass({ colorAttachments: [{ view, loadOp, storeOp: 'store' }] })
    if (frame && program && prepared) {
      pass.setPipeline(program.draw)
      pass.setBindGroup(0, prepared.group)
      pass.draw(4, frame.panels.length)
    }
    pass.end()
    device.queue.submit([encoder.finish()])
  }

  /** The compute passes of a frame, and what its fragments read. */
  private prepare(frame: Frame, program: HeatmapProgram, columns: number) {
    const { gpu, buffers, pipelines } = this
    const { panels, sequences, palette } = frame
    const { batches, falling } = risingBatches(frame.batches)
    const shades = buffers.get('shades', program.shadeBytes, GPUBufferUsage.STORAGE)
    const encoder = encodePasses(gpu, buffers, pipelines, program, {
      slices: panels.flat(),
      sequences,
      batches,
      firstColumn: 0,
      columns,
      parameters: {},
      target: shades,
      threads: columns,
      layers: 1,
    })
    const { STORAGE, UNIFORM } = GPUBufferUsage
    const bound = [
      buffers.upload('picture', encodePicture(frame, falling), UNIFORM),
      shades,
      buffers.upload('pixel rows', encodePixelRows(batches), STORAGE),
      buffers.upload('panels', encodePanels(frame), STORAGE),
      buffers.upload('palette', encodePalette(palette), STORAGE),
    ]
    const group = gpu.device.createBindGroup({
      layout: pipelines.drawLayout,
      entries: bound.map((buffer, binding) => ({ binding, resource: { buffer } })),
    })
    return { encoder, group }
  }
}
