/** Axes, boundary and pins of the map as SVG, over the canvas. */
import { nothing, svg, type TemplateResult } from 'lit'
import { formatInteger, formatTokens } from '../../units.ts'
import type { Panel, Picture } from './picture.ts'
import type { AxisScale } from './scales.ts'

/** Tick labels of the panels at the edges, grid marks on all of them. */
export function axes({ panels, plot, x, y }: Picture, names: { x: string; y: string }): TemplateResult {
  const { width, height } = plot
  return svg`${panels.map(
    (panel) => svg`<g transform="translate(${panel.x} ${panel.y})">
      <rect class="edge" x="-0.5" y="-0.5" width=${width + 1} height=${height + 1} />
      ${x.ticks.map((tick) => svg`<path class="tick" d="M${x.position(tick)} ${height}v4" />`)}
      ${y.ticks.map((tick) => svg`<path class="tick" d="M0 ${y.position(tick)}h-4" />`)}
      ${panel.bottom ? labels(x, (at, text) => svg`<text class="ticktext" x=${at} y=${height + 16} text-anchor="middle">${text}</text>`, formatTokens, 34) : nothing}
      ${panel.left ? labels(y, (at, text) => svg`<text class="ticktext" x="-8" y=${at} dy="0.34em" text-anchor="end">${text}</text>`, formatInteger, 15) : nothing}
      ${panel.bottom ? svg`<text class="axisname" x=${width} y=${height + 32} text-anchor="end">${names.x} →</text>` : nothing}
      ${panel.left ? svg`<text class="axisname" x="6" y="14">↑ ${names.y}</text>` : nothing}
      ${panel.label ? svg`<text class="title ${panel.own ? 'own' : ''}" x="0" y="-7">${panel.label}</text>` : nothing}
    </g>`,
  )}`
}

/** Labels of ticks that are at least `room` pixels apart. */
function labels(
  axis: AxisScale,
  draw: (at: number, text: string) => TemplateResult,
  format: (value: number) => string,
  room: number,
): TemplateResult[] {
  let last = Number.NaN
  return axis.ticks.flatMap((tick) => {
    const at = axis.position(tick)
    if (Math.abs(at - last) < room) return []
    last = at
    return [draw(at, format(tick))]
  })
}

/** The largest batch that fits, as a staircase: one step per device pixel, merged where the batch stays. */
export function boundaryPath({ plot, y, ratio }: Picture, frontier: Uint32Array): string {
  const at = (batch: number) =>
    Math.min(plot.height + 4, Math.max(-4, y.position(Math.max(batch, 0) + 0.5) || plot.height + 4))
  let path = ''
  let last = -1
  frontier.forEach((batch, i) => {
    if (batch === last) return
    const height = batch === 0 ? plot.height + 4 : at(batch)
    path += path === '' ? `M0 ${height.toFixed(2)}` : `H${(i / ratio).toFixed(2)}V${height.toFixed(2)}`
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
  return x.ticks.flatMap((tick) => {
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
  const name = marks.length > 2 ? marks[Math.floor(marks.length / 2)] : null
  return svg`<g transform="translate(${panel.x} ${panel.y})">
    <clipPath id=${id}><rect x="0" y="0" width=${width} height=${height} /></clipPath>
    <g clip-path="url(#${id})">
      <path class="halo" d=${path} />
      <path class="boundary" d=${path} />
      ${marks.map(
        ({ x, y, batch }) => svg`<circle class="mark" cx=${x} cy=${y} r="2.6" />
          <text class="marktext" x=${x + 5} y=${y - 6}>${formatInteger(batch)}</text>`,
      )}
      ${name ? svg`<text class="marktext name" x=${name.x + 26} y=${name.y - 22}>Out of memory above this line</text>` : nothing}
    </g>
  </g>`
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
