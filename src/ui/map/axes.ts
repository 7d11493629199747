/** Axes, boundary and pins of the map as SVG, over the canvas. */
import { nothing, svg, type TemplateResult } from 'lit'
import { formatInteger } from '../../units.ts'
import { frontier as frontierOf } from '../engine/cpu-draw.ts'
import { labelWidth } from './labels.ts'
import type { Panel, Picture } from './picture.ts'
import { mostOf } from './scales.ts'

/** Frames, titles and names of the axes of every panel, and places for the axes, which d3-axes.ts fills. */
export function frames(picture: Picture, names: { x: string; y: string }): TemplateResult {
  const { panels, plot } = picture
  const { width, height } = plot
  const titles = titlesOf(picture)
  return svg`${panels.map(
    (panel, i) => svg`<g transform="translate(${panel.x} ${panel.y})">
      <rect class="edge" x="-0.5" y="-0.5" width=${width + 1} height=${height + 1} />
      <g class="axis x ${panel.bottom ? '' : 'bare'}" transform="translate(0 ${height})"></g>
      <g class="axis y ${panel.left ? '' : 'bare'}"></g>
      ${
        panel.bottom
          ? svg`<text class="axisname" x=${width / 2} y=${height + 34} text-anchor="middle">${names.x} →</text>`
          : nothing
      }
      ${
        panel.left
          ? svg`<text class=${panel.heads ? 'title' : 'axisname'} transform="translate(-46 ${height / 2}) rotate(-90)" text-anchor="middle">${panel.heads ? panel.heads.row : `${names.y} →`}</text>`
          : nothing
      }
      <text class="title ${panel.own ? 'own' : ''}" x="0" y="-7">${titles[i]}</text>
    </g>`,
  )}`
}

/** `Weights in FP8`, and `FP8` where there is no room for one of them. */
function titlesOf({ panels, plot }: Picture): string[] {
  const titles = panels.map(({ heads, label }) => (heads ? heads.column : label))
  const narrow = titles.some((title) => labelWidth(title) > plot.width + 10)
  return narrow ? titles.map((title) => title.replace(/^.* in /, '')) : titles
}

/** The largest batch that fits, as a staircase: one step per device pixel, merged where the batch stays. */
export function boundaryPath({ plot, y, ratio }: Picture, frontier: Uint32Array): string {
  // Beyond the plot a little beyond is enough; where nothing fits the line runs below the axis.
  const height = (batch: number) =>
    batch === 0 ? plot.height + 4 : Math.min(plot.height + 4, Math.max(-4, y.position(batch + 0.5)))
  let path = ''
  frontier.forEach((batch, i) => {
    if (batch === frontier[i - 1]) return
    const to = height(batch).toFixed(2)
    path += i === 0 ? `M0 ${to}` : `H${(i / ratio).toFixed(2)}V${to}`
  })
  return `${path}H${plot.width}`
}

interface BoundaryLabel {
  x: number
  y: number
  batch: number
}

/** Where the boundary's values are written: at labelled tick marks, where it is inside the plot and there is room. */
export function boundaryLabels({ plot, x, y }: Picture, panel: Panel, frontier: Uint32Array): BoundaryLabel[] {
  if (!panel.drawn || plot.width < 240) return []
  const ticks = x.ticks.filter((tick) => x.range.scale === 'linear' || Number.isInteger(Math.log2(tick)))
  const batches = exactly(panel, ticks, frontier)
  let last = -60
  return ticks.flatMap((tick, i) => {
    const at = x.position(tick)
    const batch = batches[i]
    const height = y.position(batch + 0.5)
    if (batch === 0 || height < 16 || height > plot.height - 6 || at - last < 52 || at < 12 || at > plot.width - 24)
      return []
    last = at
    return [{ x: at, y: height, batch }]
  })
}

/** The boundary at the ticks themselves: the pixel at a tick shows a length a little shorter. Kept as long as the boundary is. */
function exactly({ slice }: Panel, ticks: readonly number[], frontier: Uint32Array): Uint32Array {
  let found = known.get(frontier)
  if (!found) {
    const { structure, ranks } = slice
    found = structure ? frontierOf(structure, ranks, Uint32Array.from(ticks), mostOf.y) : new Uint32Array(ticks.length)
    known.set(frontier, found)
  }
  return found
}

const known = new WeakMap<Uint32Array, Uint32Array>()

/** The boundary of a panel with its halo. */
export function boundary(picture: Picture, panel: Panel, frontier: Uint32Array, id: string): TemplateResult {
  const path = boundaryPath(picture, frontier)
  const { width, height } = picture.plot
  return svg`<g transform="translate(${panel.x} ${panel.y})">
    <clipPath id=${id}><rect x="0" y="0" width=${width} height=${height} /></clipPath>
    <g clip-path="url(#${id})">
      <path class="halo" d=${path} />
      <path class="boundary" d=${path} />
      ${regions(picture, panel, frontier)}
    </g>
  </g>`
}

/** The boundary's values: each above its dot, or below where the ring around a cell would lie on it. */
export function marks(picture: Picture, panel: Panel, frontier: Uint32Array, ring: { x: number; y: number } | null) {
  return svg`<g transform="translate(${panel.x} ${panel.y})">${boundaryLabels(picture, panel, frontier).map(
    ({ x, y, batch }) => {
      const text = formatInteger(batch)
      const hit = ring && ring.x > x - 6 && ring.x < x + 15 + labelWidth(text) && Math.abs(ring.y - y + 10) < 14
      return svg`<circle class="mark" cx=${x} cy=${y} r="2.6" />
        <text class="marktext" x=${hit ? x - 6 : x + 5} y=${hit ? y + 15 : y - 6} text-anchor=${hit ? 'end' : 'start'}>${text}</text>`
    },
  )}</g>`
}

/** How far down the boundary is at a pixel of the plot. */
export const heightAt = ({ y, ratio }: Picture, frontier: Uint32Array, x: number) =>
  y.position(frontier[Math.max(0, Math.min(frontier.length - 1, Math.floor(x * ratio)))] + 0.5)

/** `120 % of`, `6.4 ×` */
const formatShare = (share: number) =>
  share < 2 ? `${Math.ceil(share * 100)} % of` : `${(Math.ceil(share * 10) / 10).toFixed(1)} ×`

/** The names of both sides, in the corners that are surely theirs. */
function regions({ plot, y, ratio }: Picture, { emptiest }: Panel, frontier: Uint32Array): TemplateResult {
  const { width, height } = plot
  if (width < 200 || height < 120) return svg``
  const over = y.position(frontier[frontier.length - 1] + 0.5) > 40
  const beside = frontier[Math.min(frontier.length - 1, Math.floor(64 * ratio))]
  const under = beside > 0 && y.position(beside + 0.5) < height - 40
  return svg`
    ${emptiest > 1 ? svg`<text class="region" x=${width / 2} y=${height / 2} text-anchor="middle">Even one token takes ${formatShare(emptiest)} the capacity</text>` : nothing}
    ${over ? svg`<text class="region" x=${width - 10} y="20" text-anchor="end">Out of memory</text>` : nothing}
    ${under ? svg`<text class="region" x="10" y=${height - 11}>Fits</text>` : nothing}`
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
