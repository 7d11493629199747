/** Paints frames with a fragment shader: columns by the compute passes, each pixel's cell from its column. Nothing is read back. */
import type { Frame } from '../sweep/frame.ts'
import { latest } from '../sweep/latest.ts'
import { Buffers } from './buffers.ts'
import type { Gpu } from './device.ts'
import { encodePasses } from './passes.ts'
import type { Pipelines } from './pipelines.ts'

/** Where to paint: asked for only when the commands are ready, because a canvas texture does not outlive its task. */
export interface Target {
  format: GPUTextureFormat
  texture(): GPUTexture
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
   * Paints the frame; true once the GPU has finished it, null when a newer frame overtook it. One frame is in flight at a time.
   * Rejects with DeviceLostError when the device is lost.
   */
  readonly paint = latest(({ frame, target }: { frame: Frame; target: Target }) => this.paintNow(frame, target))

  /** A canvas as a target, of this device. */
  canvas(context: GPUCanvasContext): Target {
    const format = navigator.gpu.getPreferredCanvasFormat()
    context.configure({ device: this.gpu.device, format, alphaMode: 'premultiplied' })
    return { format, texture: () => context.getCurrentTexture() }
  }

  destroy() {
    this.buffers.destroy()
  }

  private async paintNow(frame: Frame, target: Target): Promise<true> {
    const { gpu, buffers, pipelines } = this
    const program = await pipelines.heatmap(frame.structure, target.format)
    await gpu.checked(() => {
      const { sequences, batches, slices, palette } = frame
      const columns = slices.length * sequences.length
      const shades = buffers.get('shades', Math.max(1, columns) * program.shadeBytes, GPUBufferUsage.STORAGE)
      const encoder = columns
        ? encodePasses(gpu, buffers, pipelines, program, {
            slices,
            sequences,
            batches,
            firstColumn: 0,
            columns,
            parameters: { most: batches.reduce((a, b) => Math.max(a, b), 1) },
            target: shades,
            threads: columns,
            layers: 1,
          })
        : gpu.device.createCommandEncoder()
      const picture = new Uint32Array(8)
      new Float32Array(picture.buffer).set([frame.width, frame.height])
      picture.set([sequences.length, batches.length, palette.tight, palette.oom, palette.hatch], 2)
      const bound = [
        buffers.upload('picture', picture, GPUBufferUsage.UNIFORM),
        shades,
        buffers.upload('rows of pixels', new Uint32Array(batches), GPUBufferUsage.STORAGE),
        buffers.upload('origins', new Uint32Array(frame.origins.flatMap(({ x, y }) => [x, y])), GPUBufferUsage.STORAGE),
        buffers.upload('palette', new Uint32Array(palette.fits), GPUBufferUsage.STORAGE),
      ]
      const pass = encoder.beginRenderPass({
        colorAttachments: [{ view: target.texture().createView(), loadOp: 'clear', storeOp: 'store' }],
      })
      pass.setPipeline(program.draw)
      pass.setBindGroup(
        0,
        gpu.device.createBindGroup({
          layout: pipelines.drawLayout,
          entries: bound.map((buffer, binding) => ({ binding, resource: { buffer } })),
        }),
      )
      pass.draw(4, slices.length)
      pass.end()
      gpu.device.queue.submit([encoder.finish()])
    })
    await gpu.answer(gpu.device.queue.onSubmittedWorkDone())
    return true
  }
}
