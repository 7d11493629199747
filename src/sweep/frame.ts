/**
 * A picture of a sweep: panels of used ÷ capacity over sequence (x) × batch (y). Every pixel is one cell with integer batch and sequence, listed
 * here, so that CPU and GPU painters cannot disagree about which cell a pixel shows. Where a cell has several pipeline stages, its pixel shows
 * the worst verdict and the largest share of all of them.
 */
import type { Inputs } from '../formula/expression.ts'
import type { Verdict } from '../memory/estimate.ts'
import type { Structure } from './evaluator.ts'

export interface Frame {
  structure: Structure
  /** Per panel one slice, or one for every pipeline stage that differs from the others. */
  panels: readonly (readonly Inputs[])[]
  /** Tokens at each pixel column of a panel, left to right. */
  sequences: Uint32Array
  /** Batch size at each pixel row of a panel, top to bottom; they rise or fall throughout. */
  batches: Uint32Array
  /** Left and top pixel of each panel on the canvas, aligned with `panels`; all panels have one size. */
  origins: readonly { x: number; y: number }[]
  /** Canvas size in device pixels; pixels outside every panel are transparent. */
  width: number
  height: number
  palette: Palette
}

/** Shades of used ÷ capacity: enough for a scale that begins only near the top. */
export const SHADES = 1024

/** Colours as 0xAABBGGRR (bytes R, G, B, A in memory). */
export interface Palette {
  /** SHADES colours for used ÷ capacity from 0 to 1. */
  fits: Uint32Array
  /** Cells that fit only without the safety margin are striped with this colour. */
  tight: number
  /** Cells that do not fit: ground and hatching. */
  oom: number
  hatch: number
}

/** A frame's batch sizes from the smallest, and whether they fall from top to bottom. @throws RangeError when they do neither throughout */
export function risingBatches(batches: Uint32Array): { batches: Uint32Array<ArrayBuffer>; falling: boolean } {
  const falling = batches[0] > batches[batches.length - 1]
  const rising = new Uint32Array(batches)
  if (falling) rising.reverse()
  for (let i = 1; i < rising.length; i++) {
    if (rising[i] < rising[i - 1]) throw new RangeError('The batch sizes of a frame must rise or fall from row to row')
  }
  return { batches: rising, falling }
}

/**
 * The colour of a cell. Verdicts are decided by integers alone; only the shade inside "fits" and "tight" uses a float, used ÷ capacity, truncated
 * to an index. Hatching runs along x + y in canvas pixels: 2 of every 8 for OOM, 2 of every 6 for tight. WGSL in shaders/heatmap.wgsl says the
 * same.
 */
export function shade(palette: Palette, verdict: Verdict, share: number, x: number, y: number): number {
  if (verdict === 'oom') return (x + y) % 8 < 2 ? palette.hatch : palette.oom
  if (verdict === 'tight' && (x + y) % 6 < 2) return palette.tight
  return palette.fits[Math.min(SHADES - 1, Math.floor(share * SHADES))]
}

/** Stages without those that say the same as an earlier one: the middle ones of a pipeline mostly do, and would only cost time. */
export function distinct(ranks: readonly Inputs[]): Inputs[] {
  return ranks.length === 1
    ? [...ranks]
    : [...new Map(ranks.map((inputs) => [JSON.stringify(inputs), inputs])).values()]
}
