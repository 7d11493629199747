/** Boundaries of several scenarios on one plot, as SVG: staircases with names on them. */
import { nothing, svg, type TemplateResult } from 'lit'
import { formatInteger, formatTokens } from '../../units.ts'
import { labelledBelow, labelledBeside } from '../map/labels.ts'
import type { AxisScale } from '../map/scales.ts'
import { place, type Spot } from './place.ts'

export interface PlottedLine {
  label: string
  /** The scenario's own line. */
  own: boolean
  /** Largest batch at each point; null when it cannot exist. */
  frontier: Uint32Array | null
  /** Why it cannot exist. */
  refusal: string | null
}

export interface OverlayPlot {
  lines: readonly PlottedLine[]
  points: Uint32Array
  x: AxisScale
  y: AxisScale
  box: { left: number; top: number; width: number; height: number }
  pinned: { batch: number; sequence: number }
  /** Index of the point the readings are of. */
  here: number
  emphasised: number | null
  axes: { x: string; y: string }
}

export function overlayPlot({ lines, points, x, y, box, pinned, here, emphasised, axes }: OverlayPlot): TemplateResult {
  const { width, height } = box
  const across = Array.from(points, (point) => x.position(point))
  const names = namesOf(lines)
  const spots = spotsOf({ lines, points, x, y, box, pinned }, names, across)
  return svg`<svg width="100%" height="100%" aria-hidden="true">
    <g transform="translate(${box.left} ${box.top})">
      <rect class="edge" x="-0.5" y="-0.5" width=${width + 1} height=${height + 1} />
      ${ticks(x, y, height)}
      <text class="axisname" x=${8 - box.left} y="-9">↑ ${axes.y}, at most</text>
      <text class="axisname" x=${width} y=${height + 34} text-anchor="end">${axes.x} →</text>
      <clipPath id="plot"><rect width=${width} height=${height} /></clipPath>
      <g clip-path="url(#plot)">
        ${upright(x.position(points[here]), height, 'here')}
        ${lines.map(({ frontier }) => (frontier ? svg`<path class="halo" d=${stairs(frontier, across, y, box)} />` : nothing))}
        ${[...lines.entries()]
          .sort(([, a], [, b]) => Number(a.own) - Number(b.own))
          .map(([i, { frontier, own }]) =>
            frontier
              ? svg`<path class="line l${i} ${own ? 'own' : ''} ${emphasised === null || emphasised === i ? '' : 'dim'}" d=${stairs(frontier, across, y, box)} />`
              : nothing,
          )}
        ${lines.map(({ frontier }, i) => dot(frontier?.[here] ?? 0, x.position(points[here]), y, i))}
      </g>
      ${lines.map(({ own }, i) => {
        const spot = spots[i]
        return spot
          ? svg`<text class="linename l${i} ${own ? 'own' : ''}" transform="translate(${spot.x} ${spot.y}) rotate(${spot.angle ?? 0})" text-anchor=${spot.anchor}>${names[i]}</text>`
          : nothing
      })}
      ${pin(x.position(pinned.sequence), y.position(pinned.batch), box)}
    </g>
  </svg>`
}

type Placed = Pick<OverlayPlot, 'lines' | 'points' | 'x' | 'y' | 'box' | 'pinned'>
let known: { key: string; lines: Placed['lines']; spots: (Spot | null)[] } | null = null

/** Where the names stand; worked out anew only when something of the picture changed, not for every move of the pointer. */
function spotsOf(
  { lines, points, x, y, box, pinned }: Placed,
  names: readonly string[],
  across: readonly number[],
): (Spot | null)[] {
  const key = JSON.stringify([names, box, x.range, y.range, pinned, points.length])
  if (known?.key === key && known.lines.every(({ frontier }, i) => frontier === lines[i].frontier)) return known.spots
  const paths = lines.map(({ frontier }, line) => ({
    label: names[line],
    x: across,
    y: Array.from(points, (_, i) => (frontier?.[i] ? y.position(frontier[i] + 0.5) : Number.NaN)),
  }))
  // Where the circles are while nothing is pointed at, and the ring: names do not move out of a pointer's way.
  const column = Math.max(0, points.indexOf(pinned.sequence))
  const around = (at: number, r: number) => ({
    left: across[column] - r,
    right: across[column] + r,
    top: at - r,
    bottom: at + r,
  })
  const marks = [...paths.map((path) => around(path.y[column], 6)), around(y.position(pinned.batch), 10)]
  known = { key, lines, spots: place(paths, box, marks) }
  return known.spots
}

/** A line's name; where several lines are one, all their names on the first of them, and none on the others. */
export function namesOf(lines: readonly Pick<PlottedLine, 'label' | 'frontier'>[]): string[] {
  const same = (a: Uint32Array | null, b: Uint32Array | null) => a && b && a.every((batch, i) => batch === b[i])
  return lines.map(({ label, frontier }, i) => {
    if (lines.slice(0, i).some((before) => same(frontier, before.frontier))) return ''
    const others = lines.slice(i + 1).filter((after) => same(frontier, after.frontier))
    return [label, ...others.map((other) => other.label)].join(' = ')
  })
}

function ticks(x: AxisScale, y: AxisScale, height: number) {
  const marks = { x: labelledBelow(x, formatTokens), y: labelledBeside(y) }
  return svg`${x.ticks.map((tick) => {
    const at = x.position(tick)
    return svg`<path class="tick" d="M${at} ${height}v4" />${marks.x.has(tick) ? svg`<text class="ticktext" x=${at} y=${height + 17} text-anchor="middle">${formatTokens(tick)}</text>` : nothing}`
  })}
  ${y.ticks.map((tick) => {
    const at = y.position(tick)
    return svg`<path class="tick" d="M-4 ${at}h4" />${marks.y.has(tick) ? svg`<text class="ticktext" x="-8" y=${at} dy="0.34em" text-anchor="end">${formatInteger(tick)}</text>` : nothing}`
  })}`
}

/** One step per point, merged where the batch stays; outside the plot it runs along its edge. */
function stairs(
  frontier: Uint32Array,
  across: readonly number[],
  y: AxisScale,
  { width, height }: OverlayPlot['box'],
): string {
  const heightOf = (batch: number) =>
    batch === 0 ? height + 6 : Math.min(height + 6, Math.max(-6, y.position(batch + 0.5)))
  let path = `M0 ${heightOf(frontier[0]).toFixed(1)}`
  for (let i = 1; i < frontier.length; i++) {
    if (frontier[i] !== frontier[i - 1]) path += `H${across[i].toFixed(1)}V${heightOf(frontier[i]).toFixed(1)}`
  }
  return `${path}H${width}`
}

const dot = (batch: number, at: number, y: AxisScale, i: number) =>
  batch > 0 ? svg`<circle class="mark l${i}" cx=${at} cy=${y.position(batch + 0.5)} r="3.5" />` : nothing

const upright = (at: number, height: number, kind: string) => svg`<path class=${kind} d="M${at} 0V${height}" />`

function pin(x: number, y: number, { width, height }: OverlayPlot['box']) {
  if (!(x >= 0 && x <= width && y >= 0 && y <= height)) return nothing
  return svg`<circle class="ring outer" cx=${x} cy=${y} r="6" /><circle class="ring" cx=${x} cy=${y} r="6" />`
}
