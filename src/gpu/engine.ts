/** Chooses between the GPU and the CPU, and keeps the GPU's evaluator and painter alive over device losses. */
import { type DeviceLostError, Gpu, NoGpuError } from './device.ts'
import { GpuEvaluator } from './gpu-evaluator.ts'
import { HeatmapPass } from './heatmap-pass.ts'
import { Pipelines } from './pipelines.ts'

/** The GPU engine. Its parts belong to one device; `recover` replaces them after a loss, so reach for them through the engine. */
export class GpuEngine {
  gpu!: Gpu
  pipelines!: Pipelines
  evaluator!: GpuEvaluator
  heatmap!: HeatmapPass
  private recovery: Promise<void> | null = null

  private constructor(gpu: Gpu) {
    this.use(gpu)
  }

  static async start(): Promise<GpuEngine> {
    return new GpuEngine(await Gpu.acquire())
  }

  /** Resolves when the present device is lost (not when it is destroyed by `destroy`). */
  get lost(): Promise<DeviceLostError> {
    return this.gpu.lost
  }

  /** Acquires a new device and starts afresh on it; calls made meanwhile share one attempt. */
  recover(): Promise<void> {
    this.recovery ??= Gpu.acquire()
      .then((gpu) => {
        this.destroy()
        this.use(gpu)
      })
      .finally(() => {
        this.recovery = null
      })
    return this.recovery
  }

  /** Frees the device. Pending calls reject with DeviceLostError. */
  destroy() {
    this.heatmap.destroy()
    this.evaluator.destroy()
  }

  private use(gpu: Gpu) {
    this.gpu = gpu
    this.pipelines = new Pipelines(gpu)
    this.evaluator = new GpuEvaluator(gpu, this.pipelines)
    this.heatmap = new HeatmapPass(gpu, this.pipelines)
  }
}

/** The engine to use, and why, as a sentence for people. */
export type Choice = { kind: 'gpu'; engine: GpuEngine; reason: string } | { kind: 'cpu'; reason: string }

/**
 * `auto` takes the GPU unless there is none or it is a software adapter, on which the CPU engine is faster; `gpu` takes any adapter;
 * `cpu` asks for none. Never rejects: without an adapter the choice is the CPU and says why.
 */
export async function chooseEngine(wanted: 'auto' | 'gpu' | 'cpu'): Promise<Choice> {
  if (wanted === 'cpu') return { kind: 'cpu', reason: 'The CPU engine was asked for.' }
  try {
    const engine = await GpuEngine.start()
    const { name, software } = engine.gpu
    if (wanted === 'gpu' || !software) return { kind: 'gpu', engine, reason: `Computed on ${name}.` }
    engine.destroy()
    return { kind: 'cpu', reason: `The only adapter, ${name}, computes in software: the CPU engine is faster.` }
  } catch (error) {
    if (error instanceof NoGpuError) return { kind: 'cpu', reason: `${error.message}.` }
    throw error
  }
}
