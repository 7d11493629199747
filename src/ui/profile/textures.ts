/** A texture for every component of memory, so that neighbours differ without their colours: SVG patterns over the component's colour. */
import { svg, type TemplateResult } from 'lit'
import type { ComponentName } from '../../memory/model.ts'

/** Strokes on a tile of 8 × 8; weights stay plain. */
const strokes: Record<ComponentName, string> = {
  weights: '',
  gradients: 'M-2 2l4-4M0 8l8-8M6 10l4-4',
  optimizer: 'M-2 6l4 4M0 0l8 8M6-2l4 4',
  masterWeights: 'M0 8l8-8M0 0l8 8',
  adapters: 'M1.5 2h1M5.5 6h1',
  kvCache: 'M0 2h8M0 6h8',
  activations: 'M2 0v8M6 0v8',
  communication: 'M0 4h8M4 0v8',
  overhead: 'M3.5 4h1',
}

/** Definitions for an `<svg>`; an area is filled with `url(#texture-kvCache)`. */
export const textures = (names: readonly ComponentName[]): TemplateResult =>
  svg`<defs>${names.map(
    (name) => svg`<pattern id="texture-${name}" width="8" height="8" patternUnits="userSpaceOnUse">
      <rect class="ground" width="8" height="8" fill="var(--c-${name})" />
      <path class="stroke" d=${strokes[name]} />
    </pattern>`,
  )}</defs>`
