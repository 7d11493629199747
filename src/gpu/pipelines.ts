/** Compute and render pipelines, created asynchronously and kept per structure: a control that moves recompiles nothing. */
import bisectCode from '../../shaders/bisect.wgsl?raw'
import cellsCode from '../../shaders/cells.wgsl?raw'
import frontierCode from '../../shaders/frontier.wgsl?raw'
import heatmapCode from '../../shaders/heatmap.wgsl?raw'
import longestCode from '../../shaders/longest.wgsl?raw'
import shadeCode from '../../shaders/shade.wgsl?raw'
import sweepCode from '../../shaders/sweep.wgsl?raw'
import u64Code from '../../shaders/u64.wgsl?raw'
import walkCode from '../../shaders/walk.wgsl?raw'
import { stage } from '../formula/stages.ts'
import { printWgsl, type Shader } from '../formula/wgsl.ts'
import { printShare } from '../formula/wgsl-share.ts'
import type { Structure } from '../sweep/evaluator.ts'
import type { Gpu } from './device.ts'

/** The slice and column passes of some outputs of a structure, and what is made of the columns. */
export interface Program {
  shader: Shader
  slice: GPUComputePipeline
  /** Null where the final pass has a thread per column, which evaluates it: a pass less to wait for. */
  column: GPUComputePipeline | null
  final: GPUComputePipeline
}

/** A program for the heatmap: `final` writes shades, `draw` paints from them. */
export interface HeatmapProgram extends Program {
  draw: GPURenderPipeline
  /** Bytes of the shades `draw` is bound to, of which it uses the first columns. */
  shadeBytes: number
}

/** The least a heatmap is compiled for: several panels of a wide canvas. */
const fewestColumns = 2 ** 14

/** What decides a verdict. */
const verdict = ['total', 'capacity', 'safeCapacity']

/** Of shaders/sweep.wgsl: tile, slices, rows, hoisted, sequences, columns, batches, and what is made of the columns. */
const bindings: GPUBufferBindingType[] = [
  'uniform',
  'read-only-storage',
  'storage',
  'storage',
  'read-only-storage',
  'storage',
  'read-only-storage',
  'storage',
]

export class Pipelines {
  readonly computeLayout: GPUBindGroupLayout
  readonly drawLayout: GPUBindGroupLayout
  private readonly made = new Map<string, Promise<unknown>>()

  private readonly gpu: Gpu

  constructor(gpu: Gpu) {
    this.gpu = gpu
    const { device } = gpu
    this.computeLayout = device.createBindGroupLayout({
      entries: bindings.map((type, binding) => ({ binding, visibility: GPUShaderStage.COMPUTE, buffer: { type } })),
    })
    this.drawLayout = device.createBindGroupLayout({
      entries: [0, 1, 2, 3, 4].map((binding) => ({
        binding,
        visibility: GPUShaderStage.VERTEX | GPUShaderStage.FRAGMENT,
        buffer: { type: binding === 0 ? 'uniform' : 'read-only-storage' },
      })),
    })
  }

  cells(structure: Structure, outputs: readonly string[]): Promise<Program> {
    return this.once(`cells ${outputs} ${structure.key}`, () =>
      this.program(structure, outputs, [cellsCode], 'cell_pass', true),
    )
  }

  frontier(structure: Structure): Promise<Program> {
    return this.once(`frontier ${structure.key}`, () =>
      this.program(structure, verdict, [bisectCode, frontierCode], 'frontier_pass'),
    )
  }

  longest(structure: Structure): Promise<Program> {
    return this.once(`longest ${structure.key}`, () =>
      this.program(structure, verdict, [bisectCode, longestCode], 'longest_pass'),
    )
  }

  /**
   * @param ranks of every panel; pixels of several cost a loop
   * @param columns there will be: loads from an array of fixed length cost half as much, so it is compiled for a power of two at least that large
   */
  heatmap(
    structure: Structure,
    format: GPUTextureFormat,
    ranks: 'one' | 'several',
    columns: number,
  ): Promise<HeatmapProgram> {
    const room = Math.max(fewestColumns, 2 ** Math.ceil(Math.log2(columns)))
    return this.once(`heatmap ${format} ${ranks} ${room} ${structure.key}`, async () => {
      const share = printShare(stage(pick(structure, verdict)), 'total')
      const [program, draw] = await Promise.all([
        this.once(`shades ${structure.key}`, () =>
          this.program(structure, verdict, [bisectCode, share.struct, share.write, shadeCode], 'shade_pass'),
        ),
        this.drawing(
          [`const MOST_COLUMNS = ${room};`, share.struct, share.read, heatmapCode].join('\n\n'),
          format,
          `pixel_of_${ranks}`,
        ),
      ])
      return { ...program, draw, shadeBytes: room * share.bytes }
    })
  }

  private once<T>(key: string, make: () => Promise<T>): Promise<T> {
    let made = this.made.get(key)
    if (!made) {
      made = make()
      this.made.set(key, made)
      made.catch(() => this.made.delete(key))
    }
    return made as Promise<T>
  }

  private async program(
    structure: Structure,
    outputs: readonly string[],
    code: string[],
    entryPoint: string,
    sharedColumns = false,
  ): Promise<Program> {
    const key = `${outputs} ${structure.key}`
    const { shader, common } = await this.once(`shader ${key}`, async () => {
      const shader = printWgsl(stage(pick(structure, outputs)))
      return { shader, common: [u64Code, walkCode, shader.code, sweepCode].join('\n\n') }
    })
    const [slice, column, final] = await Promise.all([
      this.once(`slices ${key}`, () => this.compute(common, 'slice_pass')),
      sharedColumns ? this.once(`columns ${key}`, () => this.compute(common, 'column_pass')) : null,
      this.compute([common, ...code].join('\n\n'), entryPoint),
    ])
    return { shader, slice, column, final }
  }

  private async compute(code: string, entryPoint: string): Promise<GPUComputePipeline> {
    const { device } = this.gpu
    const layout = device.createPipelineLayout({ bindGroupLayouts: [this.computeLayout] })
    const module = device.createShaderModule({ label: entryPoint, code })
    return this.gpu.answer(
      device.createComputePipelineAsync({ label: entryPoint, layout, compute: { module, entryPoint } }),
    )
  }

  private async drawing(code: string, format: GPUTextureFormat, entryPoint: string): Promise<GPURenderPipeline> {
    const { device } = this.gpu
    const module = device.createShaderModule({ label: 'heatmap', code })
    return this.gpu.answer(
      device.createRenderPipelineAsync({
        label: 'heatmap',
        layout: device.createPipelineLayout({ bindGroupLayouts: [this.drawLayout] }),
        vertex: { module },
        fragment: { module, entryPoint, targets: [{ format }] },
        primitive: { topology: 'triangle-strip' },
      }),
    )
  }
}

function pick(structure: Structure, outputs: readonly string[]): Structure['outputs'] {
  return Object.fromEntries(
    outputs.map((name) => {
      const output = structure.outputs[name]
      if (!output) {
        throw new RangeError(`No output is called ${name}; there are ${Object.keys(structure.outputs).join(', ')}`)
      }
      return [name, output]
    }),
  )
}
