/** Axes, boundary and pins of the map as SVG, over the canvas. */
import { nothing, svg, type TemplateResult } from 'lit'
import { formatInteger, formatTokens } from '../../units.ts'
import type { Panel, Picture } from './picture.ts'
import type { AxisScale } from './scales.ts'

/** Tick labels of the panels at the edges, grid marks on all of them. */
export function axes({ panels, plot, x, y }: Picture, names: { x: string; y: string }): TemplateResult {
  const { width, height } = plot
  const below = apart(x, 34).map((tick) => {
    const at = x.position(tick)
    // A label at an end of the axis stays inside, where it cannot meet the neighbouring panel's.
    const anchor = at < 12 ? 'start' : at > width - 12 ? 'end' : 'middle'
    const shift = anchor === 'start' ? -4 : anchor === 'end' ? 6 : 0
    return svg`<text x=${at + shift} y=${height + 16} text-anchor=${anchor}>${formatTokens(tick)}</text>`
  })
  const beside = apart(y, 15).map(
    (tick) => svg`<text x="-8" y=${y.position(tick)} dy="0.34em" text-anchor="end">${formatInteger(tick)}</text>`,
  )
  const marks = svg`<path class="tick" d=${[
    ...x.ticks.map((tick) => `M${x.position(tick)} ${height}v4`),
    ...y.ticks.map((tick) => `M0 ${y.position(tick)}h-4`),
  ].join('')} />`
  return svg`${panels.map(
    (panel) => svg`<g transform="translate(${panel.x} ${panel.y})">
      <rect class="edge" x="-0.5" y="-0.5" width=${width + 1} height=${height + 1} />
      ${marks}
      ${
        panel.bottom
          ? svg`${below}<text class="axisname" x=${width / 2} y=${height + 34} text-anchor="middle">${names.x} →</text>`
          : nothing
      }
      ${
        panel.left
          ? svg`${beside}<text class="axisname" transform="translate(-46 ${height / 2}) rotate(-90)" text-anchor="middle">${names.y} →</text>`
          : nothing
      }
      ${panel.label ? svg`<text class="title ${panel.own ? 'own' : ''}" x="0" y="-7">${panel.label}</text>` : nothing}
    </g>`,
  )}`
}

/** Ticks whose labels are at least `room` pixels apart. */
function apart(axis: AxisScale, room: number): number[] {
  let last = Number.NaN
  return axis.ticks.filter((tick) => {
    const at = axis.position(tick)
    if (Math.abs(at - last) < room) return false
    last = at
    return true
  })
}

/** The largest batch that fits, as a staircase: one step per device pixel, merged where the batch stays. */
export function boundaryPath({ plot, y, ratio }: Picture, frontier: Uint32Array): string {
  // Beyond the plot a little beyond is enough; where nothing fits the line runs below the axis.
  const at = (batch: number) =>
    batch === 0 ? plot.height + 4 : Math.min(plot.height + 4, Math.max(-4, y.position(batch + 0.5)))
  let path = ''
  let last = -1
  frontier.forEach((batch, i) => {
    if (batch === last) return
    path += path === '' ? `M0 ${at(batch).toFixed(2)}` : `H${(i / ratio).toFixed(2)}V${at(batch).toFixed(2)}`
    last = batch
  })
  return `${path}H${plot.width}`
}

interface BoundaryLabel {
  x: number
  y: number
  batch: number
}

/** Where the boundary's values are written: at labelled tick marks, where it is inside the plot and there is room. */
export function boundaryLabels(
  { plot, x, y, ratio, drawing }: Picture,
  panel: Panel,
  frontier: Uint32Array,
): BoundaryLabel[] {
  if (!panel.drawn || plot.width < 240) return []
  const { sequences } = drawing.frames[panel.drawn.frame]
  let last = -60
  return x.ticks
    .filter((tick) => x.range.scale === 'linear' || Number.isInteger(Math.log2(tick)))
    .flatMap((tick) => {
      const at = x.position(tick)
      const column = Math.min(sequences.length - 1, Math.max(0, Math.floor(at * ratio)))
      const batch = frontier[column]
      const height = y.position(batch + 0.5)
      if (batch === 0 || height < 16 || height > plot.height - 6 || at - last < 52 || at < 12 || at > plot.width - 24)
        return []
      last = at
      return [{ x: at, y: height, batch }]
    })
}

/** The boundary of a panel with its halo and values. */
export function boundary(picture: Picture, panel: Panel, frontier: Uint32Array, id: string): TemplateResult {
  const path = boundaryPath(picture, frontier)
  const marks = boundaryLabels(picture, panel, frontier)
  const { width, height } = picture.plot
  return svg`<g transform="translate(${panel.x} ${panel.y})">
    <clipPath id=${id}><rect x="0" y="0" width=${width} height=${height} /></clipPath>
    <g clip-path="url(#${id})">
      <path class="halo" d=${path} />
      <path class="boundary" d=${path} />
      ${marks.map(
        ({ x, y, batch }) => svg`<circle class="mark" cx=${x} cy=${y} r="2.6" />
          <text class="marktext" x=${x + 5} y=${y - 6}>${formatInteger(batch)}</text>`,
      )}
      ${regions(picture, frontier)}
    </g>
  </g>`
}

/** The names of both sides, in the corners that are surely theirs. */
function regions({ plot, y }: Picture, frontier: Uint32Array): TemplateResult {
  const { width, height } = plot
  if (width < 200 || height < 120) return svg``
  const over = y.position(frontier[frontier.length - 1] + 0.5) > 40
  const under = frontier[0] > 0 && y.position(frontier[0] + 0.5) < height - 40
  return svg`
    ${over ? svg`<text class="region" x=${width - 10} y="20" text-anchor="end">Out of memory</text>` : nothing}
    ${under ? svg`<text class="region fits" x="10" y=${height - 11}>Fits</text>` : nothing}`
}

/** A cross through a cell in every panel, and a ring in those it belongs to. */
export function cross(
  { panels, plot, x, y }: Picture,
  cell: { batch: number; sequence: number },
  kind: 'pin' | 'hover',
  ring: (panel: Panel, index: number) => boolean,
): TemplateResult {
  const at = { x: x.position(cell.sequence), y: y.position(cell.batch) }
  const inside = at.x >= 0 && at.x <= plot.width && at.y >= 0 && at.y <= plot.height
  if (!inside) return svg``
  return svg`${panels.map(
    (panel, index) => svg`<g class=${kind} transform="translate(${panel.x} ${panel.y})">
      <path class="underline" d="M0 ${at.y}H${plot.width}M${at.x} 0V${plot.height}" />
      <path class="line" d="M0 ${at.y}H${plot.width}M${at.x} 0V${plot.height}" />
      ${ring(panel, index) ? svg`<circle class="ring outer" cx=${at.x} cy=${at.y} r="6" /><circle class="ring" cx=${at.x} cy=${at.y} r="6" />` : nothing}
    </g>`,
  )}`
}
