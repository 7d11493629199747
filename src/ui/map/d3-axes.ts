/** The axes themselves, by d3-axis. Fetched beside the first drawing, so that the map does not wait for it. */
import { type AxisScale as AxisScaleOf, axisBottom, axisLeft } from 'd3-axis'
import { selectAll } from 'd3-selection'
import { formatInteger, formatTokens } from '../../units.ts'
import type { Picture } from './picture.ts'
import type { AxisScale } from './scales.ts'

/** Draws the axes into their places in `root`; labels only at the edges of the panels, and only as many as there is room for. */
export function drawAxes(root: ParentNode, { x, y, plot }: Picture): void {
  const places = (which: string) =>
    selectAll<SVGGElement, unknown>(root.querySelectorAll<SVGGElement>(`g.axis.${which}`))
  const labelled = { x: new Set(apart(x, 34)), y: new Set(apart(y, 15)) }
  const axisX = axisBottom(d3Scale(x, plot.width)).tickFormat((n) => (labelled.x.has(+n) ? formatTokens(+n) : ''))
  const axisY = axisLeft(d3Scale(y, plot.height)).tickFormat((n) => (labelled.y.has(+n) ? formatInteger(+n) : ''))
  places('x').call(axisX.tickValues(x.ticks).tickSize(4).tickPadding(5).tickSizeOuter(0))
  places('y').call(axisY.tickValues(y.ticks).tickSize(4).tickPadding(5).tickSizeOuter(0))
  // A label at an end of the axis stays inside, where it cannot meet the neighbouring panel's.
  const end = (n: number) => (x.position(n) < 12 ? 'start' : x.position(n) > plot.width - 12 ? 'end' : 'middle')
  places('x')
    .selectAll<SVGTextElement, number>('text')
    .attr('text-anchor', end)
    .attr('x', (n) => ({ start: -4, middle: 0, end: 6 })[end(n)])
}

/** What d3-axis asks of a scale. */
function d3Scale({ position }: AxisScale, length: number): AxisScaleOf<number> {
  const scale = Object.assign((n: number) => position(n), {
    domain: () => [0, 1],
    range: () => [0, length],
    copy: () => scale,
  })
  return scale
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
