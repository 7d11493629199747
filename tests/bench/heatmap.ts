/** One heatmap frame of 960 × 600 pixels against a frame of that size in one constant colour, and against the CPU painter. */
import { type Frame, SHADES } from '../../src/sweep/frame.ts'
import { paint } from '../../src/sweep/raster.ts'
import { pipelines } from '../pipelines.ts'
import { alternate, ms } from './measure.ts'
import { cases, engine } from './setup.ts'

const size = { width: 960, height: 600 }
const format = 'rgba8unorm'

const logarithmic = (count: number, to: number) =>
  Uint32Array.from({ length: count }, (_, i) => Math.round(to ** (i / (count - 1))))

function frameOf({ structure, ranks }: (typeof pictures)[number]): Frame {
  return {
    structure,
    panels: [ranks],
    sequences: logarithmic(size.width, 2 ** 20),
    batches: logarithmic(size.height, 65536).reverse(),
    origins: [{ x: 0, y: 0 }],
    ...size,
    palette,
  }
}

const palette: Frame['palette'] = {
  fits: new Uint32Array(SHADES).fill(0xff804020),
  tight: 0xff00ffff,
  oom: 0xff404040,
  hatch: 0xff808080,
}

/** The two cases the targets are set for, and what several pipeline stages cost. */
const pictures = [
  ...cases.map(({ label, structure, slices }) => ({ label, structure, ranks: slices.slice(0, 1) })),
  ...pipelines(palette)
    .slice(0, 1)
    .map(
      ({
        frame: {
          structure,
          panels: [ranks],
        },
      }) => ({
        label: `a pipeline of ${ranks.length} different stages`,
        structure,
        ranks,
      }),
    ),
]

/** Paints one constant colour. */
async function constantFrame(texture: () => GPUTexture): Promise<() => Promise<void>> {
  const { device } = engine.gpu
  const module = device.createShaderModule({
    code: `
      @vertex fn corner(@builtin(vertex_index) v: u32) -> @builtin(position) vec4<f32> {
        return vec4(f32(v & 1u) * 2.0 - 1.0, f32(v >> 1u) * 2.0 - 1.0, 0.0, 1.0);
      }
      @fragment fn pixel() -> @location(0) vec4<f32> { return vec4(0.2, 0.4, 0.6, 1.0); }`,
  })
  const pipeline = await device.createRenderPipelineAsync({
    layout: 'auto',
    vertex: { module },
    fragment: { module, targets: [{ format }] },
    primitive: { topology: 'triangle-strip' },
  })
  return async () => {
    const encoder = device.createCommandEncoder()
    const view = texture().createView()
    const pass = encoder.beginRenderPass({ colorAttachments: [{ view, loadOp: 'clear', storeOp: 'store' }] })
    pass.setPipeline(pipeline)
    pass.draw(4)
    pass.end()
    device.queue.submit([encoder.finish()])
    await device.queue.onSubmittedWorkDone()
  }
}

async function compare(place: string, texture: () => GPUTexture): Promise<string[]> {
  const constant = await constantFrame(texture)
  const lines: string[] = []
  for (const each of pictures) {
    const frames = [frameOf(each)]
    const target = { format, texture } as const
    const times = await alternate({ constant, frame: () => engine.heatmap.paint({ frames, target }) }, 25)
    const factor = (times.frame.median / times.constant.median).toFixed(2)
    lines.push(
      `${place}, ${each.label}: ${ms(times.frame)} a frame, ${factor} × a frame of one colour (${ms(times.constant)})`,
    )
  }
  return lines
}

export async function heatmap(): Promise<string[]> {
  const { device } = engine.gpu
  const canvas = Object.assign(document.createElement('canvas'), size)
  document.body.append(canvas)
  const context = canvas.getContext('webgpu') as GPUCanvasContext
  context.configure({ device, format })
  const texture = device.createTexture({ size, format, usage: GPUTextureUsage.RENDER_ATTACHMENT })
  const lines = [
    ...(await compare('on a canvas', () => context.getCurrentTexture())),
    ...(await compare('into a texture', () => texture)),
  ]
  for (const each of pictures) {
    const frame = frameOf(each)
    const pixels = paint(frame)
    const { cpu } = await alternate({ cpu: () => paint(frame, pixels) }, 25)
    lines.push(`CPU painter, ${each.label}: ${ms(cpu)} a frame`)
  }
  texture.destroy()
  canvas.remove()
  return lines
}
