/** The axes themselves, by d3-axis. Fetched beside the first drawing, so that the map does not wait for it. */
import { type AxisScale as AxisScaleOf, axisBottom, axisLeft } from 'd3-axis'
import { selectAll } from 'd3-selection'
import { formatInteger, formatTokens } from '../../units.ts'
import { labelled, labelledBeside, labelWidth } from './labels.ts'
import type { Picture } from './picture.ts'
import type { AxisScale } from './scales.ts'

/** Draws the axes into their places in `root`; labels only at the edges of the panels, and only as many as there is room for. */
export function drawAxes(root: ParentNode, { x, y, plot, panels }: Picture): void {
  const places = (which: string) =>
    selectAll<SVGGElement, unknown>(root.querySelectorAll<SVGGElement>(`g.axis.${which}`))
  // A label at an end of the axis stays inside; beside another panel it begins or ends with the axis, so that it cannot meet the other's.
  const [before, beyond] = panels.length > 1 ? [0, 0] : [-4, 6]
  const end = (n: number) => (x.position(n) < 12 ? 'start' : x.position(n) > plot.width - 12 ? 'end' : 'middle')
  const marks = {
    x: labelled(x.ticks, (n) => {
      const [at, width] = [x.position(n), labelWidth(formatTokens(n))]
      const from = { start: at + before, middle: at - width / 2, end: at + beyond - width }[end(n)]
      return [from, from + width]
    }),
    y: labelledBeside(y),
  }
  const axisX = axisBottom(d3Scale(x, plot.width)).tickFormat((n) => (marks.x.has(+n) ? formatTokens(+n) : ''))
  const axisY = axisLeft(d3Scale(y, plot.height)).tickFormat((n) => (marks.y.has(+n) ? formatInteger(+n) : ''))
  places('x').call(axisX.tickValues(x.ticks).tickSize(4).tickPadding(5).tickSizeOuter(0))
  places('y').call(axisY.tickValues(y.ticks).tickSize(4).tickPadding(5).tickSizeOuter(0))
  places('x')
    .selectAll<SVGTextElement, number>('text')
    .attr('text-anchor', end)
    .attr('x', (n) => ({ start: before, middle: 0, end: beyond })[end(n)])
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
