/** The boundary of the scenario kept as A, dashed over the map of the present one. */
import { nothing, svg, type TemplateResult } from 'lit'
import type { ScenarioInput } from '../../scenario/schema.ts'
import { plan } from '../../sweep/plan.ts'
import { frontier as frontierOf } from '../engine/cpu-draw.ts'
import { isTraining, page } from '../state/document.ts'
import { architectureOf, CatalogueNeeded, loadCatalogue } from '../state/models.ts'
import { boundaryPath, heightAt } from './axes.ts'
import type { Picture } from './picture.ts'
import { cells, mostOf } from './scales.ts'

/** The last one found, and for what. */
let known: { of: string; frontier: Uint32Array | null } = { of: '', frontier: null }

/** Nothing where there are several panels, or where a batch is something else: sequences served, or those of a training step. */
export function kept(picture: Picture, against: ScenarioInput): TemplateResult | typeof nothing {
  const { panels, plot, x } = picture
  if (panels.length > 1 || isTraining(against) !== isTraining(page.value.input)) return nothing
  const of = JSON.stringify([against, x.range, plot.width, picture.ratio])
  if (known.of !== of) known = { of, frontier: find(picture, against) }
  const { frontier } = known
  if (!frontier) return nothing
  const path = boundaryPath(picture, frontier)
  const [{ x: left, y: top }] = panels
  // Where it is first well inside the plot.
  const at = Array.from({ length: 20 }, (_, i) => ((i + 1.5) / 22) * plot.width).find((x) => {
    const height = heightAt(picture, frontier, x)
    return height > 12 && height < plot.height - 20
  })
  return svg`<svg x=${left} y=${top} width=${plot.width} height=${plot.height}>
    <path class="halo" d=${path} /><path class="kept" d=${path} />
    ${at === undefined ? nothing : svg`<text class="marktext" x=${at - 4} y=${heightAt(picture, frontier, at) + 16} text-anchor="end">A</text>`}
  </svg>`
}

function find({ plot, x, ratio }: Picture, against: ScenarioInput): Uint32Array | null {
  try {
    const [{ structure, ranks }] = plan(against, [], architectureOf).slices
    return structure && frontierOf(structure, ranks, cells(x, Math.round(plot.width * ratio), ratio), mostOf.y)
  } catch (error) {
    // The map is drawn again when the catalogue is there. What has no answer has no boundary.
    if (error instanceof CatalogueNeeded) loadCatalogue().catch(() => {})
    return null
  }
}
