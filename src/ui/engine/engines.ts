/**
 * Which engine draws, and why. The CPU draws at once; the GPU takes over when there is one worth having, or when `?engine=gpu` asks for it. When
 * it is lost the CPU draws until it is back: nothing of the document is in an engine, so nothing is lost with one.
 */
import type { GpuEngine } from '../../gpu/engine.ts'
import { Signal } from '../state/signal.ts'
import { CpuEngine } from './cpu-engine.ts'
import type { MapEngine } from './engine.ts'

export interface EngineStatus {
  engine: MapEngine
  /** Why this one, as a sentence for people. */
  reason: string
}

const cpu = new CpuEngine()

export const engine = new Signal<EngineStatus>({ engine: cpu, reason: 'The CPU draws while the GPU is looked for.' })

/** What the address asks for. */
export function wantedEngine(): 'auto' | 'gpu' | 'cpu' {
  const wanted = new URLSearchParams(location.search).get('engine')
  return wanted === 'gpu' || wanted === 'cpu' ? wanted : 'auto'
}

/** Looks for a GPU. */
export async function startEngines(): Promise<void> {
  const wanted = wantedEngine()
  if (wanted === 'cpu') return useCpu('The CPU draws, because the address asks for it.')
  if (!('gpu' in navigator)) {
    return useCpu('The CPU draws: this browser has no WebGPU; a current Chrome, Edge, Firefox or Safari has.')
  }
  try {
    const { chooseEngine } = await import('../../gpu/engine.ts')
    const choice = await chooseEngine(wanted)
    if (choice.kind === 'cpu') useCpu(choice.reason)
    else await useGpu(choice.engine)
  } catch (error) {
    useCpu(`The CPU draws: the GPU did not start (${message(error)}).`)
  }
}

/** An engine could not draw: the GPU gives way to the CPU. */
export function engineFailed(failed: MapEngine, error: unknown): void {
  if (failed !== engine.value.engine || failed.kind === 'cpu') return
  useCpu(`The CPU draws: the GPU failed (${message(error)}).`)
}

const message = (error: unknown) => (error instanceof Error ? error.message : String(error)).replace(/\.$/, '')

function useCpu(reason: string): void {
  engine.value = { engine: cpu, reason }
}

/** Times of losses; a GPU that is lost again and again is left alone. */
const losses: number[] = []
const TOO_OFTEN = { losses: 4, milliseconds: 60_000 }

async function useGpu(gpu: GpuEngine): Promise<void> {
  const { GpuMapEngine } = await import('./gpu-map-engine.ts')
  const painter = new GpuMapEngine(gpu)
  engine.value = { engine: painter, reason: `Drawn by WebGPU on ${painter.name}.` }
  void gpu.lost.then(async (loss) => {
    losses.push(performance.now())
    useCpu(`The CPU draws: ${message(loss)}; looking for it again.`)
    const recent = losses.filter((time) => time > performance.now() - TOO_OFTEN.milliseconds)
    try {
      if (recent.length >= TOO_OFTEN.losses) throw new Error('The GPU is lost again and again')
      await gpu.recover()
      await useGpu(gpu)
    } catch (error) {
      useCpu(`The CPU draws: ${message(error)}. Reload the page to try again.`)
    }
  })
}
