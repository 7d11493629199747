/** What draws the map, and nothing about how: the CPU in a worker, or the GPU. */
import type { Frame } from '../../sweep/frame.ts'

/** Frames of one size, one per structure of the sweep, to be seen together. */
export interface Drawing {
  frames: readonly Frame[]
  /** The largest batch size a frontier may have. */
  most: number
}

/** Per frame and panel, the largest batch size at each of the frame's sequence lengths; the tightest pipeline stage decides. */
export type Frontiers = Uint32Array[][]

export interface Drawn {
  frontiers: Frontiers
  milliseconds: number
}

export interface MapEngine {
  readonly kind: 'cpu' | 'gpu'
  /** What runs, for people. */
  readonly name: string
  /** Holds the canvas or canvases the engine draws on; fills its parent. */
  readonly surface: HTMLElement
  /** Draws; null when a newer drawing overtook this one. One drawing is in flight at a time. */
  draw(drawing: Drawing): Promise<Drawn | null>
  destroy(): void
}
