/** Which engine draws, and why: the CPU at once, the GPU when there is one worth having or it was asked for. */
import { Signal } from '../state/signal.ts'
import { CpuEngine } from './cpu-engine.ts'
import type { MapEngine } from './engine.ts'

export interface EngineStatus {
  engine: MapEngine
  /** Why this one, for people. */
  reason: string
}

export const engine = new Signal<EngineStatus>({ engine: new CpuEngine(), reason: 'The CPU engine runs.' })
