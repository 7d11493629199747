/** Where the model's context ends, as an upright line over every panel. */
import { nothing, svg, type TemplateResult } from 'lit'
import { formatTokens } from '../../units.ts'
import type { Frontiers } from '../engine/engine.ts'
import { outcome } from '../state/outcome.ts'
import { freePlace, type Spot } from './free-place.ts'
import { labelWidth } from './labels.ts'
import type { Picture } from './picture.ts'

type Drawn = TemplateResult | typeof nothing

/** Made once a picture, not for every move of the pointer over it. */
const made = new WeakMap<Picture, Drawn>()

export function context(picture: Picture, frontiers: Frontiers): Drawn {
  const drawn = made.get(picture) ?? draw(picture, frontiers)
  made.set(picture, drawn)
  return drawn
}

function draw(picture: Picture, frontiers: Frontiers): Drawn {
  const { panels, plot, x } = picture
  const most = outcome.value.answer?.resolved.architecture.maxPositionEmbeddings
  const at = most ? x.position(most + 0.5) : -1
  if (!most || !(at > 0 && at < plot.width - 1)) return nothing
  const text = `context ${formatTokens(most)}`
  const spots = [18, plot.height - 10, 34, plot.height - 34].flatMap((y): Spot[] => [
    { x: at + 6, y, anchor: 'start' },
    { x: at - 6, y, anchor: 'end' },
  ])
  return svg`${panels.map((panel) => {
    if (!panel.drawn) return nothing
    const frontier = frontiers[panel.drawn.frame][panel.drawn.panel]
    const spot = freePlace(picture, panel, frontier, labelWidth(text), spots)
    // Below the name in the corner, where that would be struck through.
    const line = `M${at} ${plot.width >= 200 && at > plot.width - 108 ? 28 : 0}V${plot.height}`
    return svg`<g transform="translate(${panel.x} ${panel.y})">
      <path class="context under" d=${line} /><path class="context" d=${line} />
      ${spot ? svg`<text class="contextname" x=${spot.x} y=${spot.y} text-anchor=${spot.anchor}>${text}</text>` : nothing}
    </g>`
  })}`
}
