/** From the document and a size to a picture: where the panels stand, which cells their pixels are, what an engine has to draw. */
import type { Structure } from '../../sweep/evaluator.ts'
import { distinct, type Frame, type Palette } from '../../sweep/frame.ts'
import { plan, type Slice } from '../../sweep/plan.ts'
import type { Drawing } from '../engine/engine.ts'
import { palette } from '../engine/palette.ts'
import type { Change, Document } from '../state/document.ts'
import { architectureOf } from '../state/models.ts'
import type { Theme } from '../state/theme.ts'
import { ownValue, panelAxes, panelLabel } from './panels.ts'
import { rangesOf } from './ranges.ts'
import { emptiest, scaleStart } from './scale-start.ts'
import { type AxisScale, axisScale, cells, mostOf } from './scales.ts'

export interface Panel {
  label: string
  /** The label in its parts, where panels stand in rows and columns: above the columns, beside the rows. */
  heads: { row: string; column: string } | null
  /** What makes the scenario this panel's. */
  changes: Change[]
  slice: Slice
  /** Used ÷ capacity of its emptiest cell. */
  emptiest: number
  /** Whether the scenario itself is in this panel. */
  own: boolean
  /** Left and top of the plot, in CSS pixels. */
  x: number
  y: number
  /** Leftmost of its row, lowest of its column: these carry the axes. */
  left: boolean
  bottom: boolean
  /** Where its frontier is found in what an engine drew: frame and panel; null when it cannot exist. */
  drawn: { frame: number; panel: number } | null
}

export interface Picture {
  key: string
  width: number
  height: number
  /** Size of every plot, in CSS pixels. */
  plot: { width: number; height: number }
  x: AxisScale
  y: AxisScale
  ratio: number
  panels: readonly Panel[]
  /** Used ÷ capacity at which the colours begin. */
  from: number
  drawing: Drawing
}

export interface Size {
  width: number
  height: number
  ratio: number
}

export const margin = { left: 60, right: 20, top: 8, bottom: 40, title: 22, gap: 18 } as const

/** Pictures of one key are the same: the pinned cell moves over its map and leaves it as it is. */
export function keyOf({ input, view }: Document, size: Size, theme: Theme): string {
  const { batch: _b, sequence: _s, ...rest } = input
  const { x, y } = rangesOf({ input, view })
  return JSON.stringify([rest, view.by, x, y, size, theme])
}

/** @throws ScenarioError when the scenario itself is wrong */
export function picture({ input, view }: Document, size: Size, theme: Theme): Picture {
  const { by } = view
  const base = plan(input, [], architectureOf)
  const scenario = base.slices[0].scenario
  const axes = scenario ? panelAxes(by, scenario) : []
  const planned = axes.length > 0 ? plan(input, axes, architectureOf) : base
  const crossed = axes.length === 2
  const grid = arrange(planned.slices.length, size, crossed ? axes[1].values.length : null)
  const ranges = rangesOf({ input, view })
  const x = axisScale(ranges.x, grid.width)
  const y = axisScale(ranges.y, -grid.height)
  const panels = planned.slices.map((slice, i): Panel => {
    const [column, row] = [i % grid.columns, Math.floor(i / grid.columns)]
    const differing = axes.map(({ field }, axis) => ({ field, value: slice.coordinates[axis] }))
    const labels = scenario ? differing.map(({ field, value }) => panelLabel(field, value, scenario)) : []
    return {
      label: labels.join(', '),
      heads: crossed ? { row: column === 0 ? labels[0] : '', column: row === 0 ? labels[1] : '' } : null,
      changes: differing.map(({ field, value }) => ({ path: field, value })),
      slice,
      emptiest: emptiest(slice),
      own: differing.every(({ field, value }) => scenario && value === ownValue(field, scenario)),
      x: margin.left + column * (grid.width + margin.gap),
      y: margin.top + grid.title + row * (grid.height + (crossed ? 0 : grid.title) + margin.gap),
      left: column === 0,
      bottom: i + grid.columns >= planned.slices.length,
      drawn: null,
    }
  })
  const from = scaleStart(panels.map(({ emptiest }) => emptiest))
  const drawing = drawingOf(panels, { x, y, plot: grid, size, palette: palette(theme, from) })
  return {
    key: keyOf({ input, view }, size, theme),
    width: size.width,
    height: size.height,
    plot: { width: grid.width, height: grid.height },
    x,
    y,
    ratio: size.ratio,
    panels,
    from,
    drawing,
  }
}

/**
 * Columns and the size of a plot, in whole device pixels, that make the plots largest at a pleasant shape, with few places left empty.
 * @param across number of columns, where it is given
 */
function arrange(count: number, { width, height, ratio }: Size, across: number | null) {
  const title = count > 1 ? margin.title : 0
  const snap = (length: number) => Math.max(1, Math.floor(length * ratio)) / ratio
  const options = Array.from({ length: across ?? Math.min(count, 4) }, (_, i) => {
    const columns = i + 1
    const rows = Math.ceil(count / columns)
    const w = snap((width - margin.left - margin.right - (columns - 1) * margin.gap) / columns)
    const titles = across ? title : rows * title
    const h = snap((height - margin.top - margin.bottom - titles - (rows - 1) * margin.gap) / rows)
    return { columns, title, width: w, height: h, fit: (Math.min(w, 1.3 * h) * count) / (columns * rows) }
  })
  return across ? options[across - 1] : options.reduce((a, b) => (b.fit > a.fit ? b : a))
}

interface Setting {
  x: AxisScale
  y: AxisScale
  plot: { width: number; height: number }
  size: Size
  palette: Palette
}

/** Panels of one structure share a frame; sets each panel's `drawn`. */
function drawingOf(panels: Panel[], { x, y, plot, size, palette }: Setting): Drawing {
  const { ratio } = size
  const sequences = cells(x, Math.round(plot.width * ratio), ratio)
  const batches = cells(y, Math.round(plot.height * ratio), ratio)
  const groups = new Map<Structure, Panel[]>()
  for (const panel of panels) {
    const { structure } = panel.slice
    if (structure) groups.set(structure, [...(groups.get(structure) ?? []), panel])
  }
  const frames: Frame[] = []
  for (const [structure, members] of groups) {
    members.forEach((panel, index) => {
      panel.drawn = { frame: frames.length, panel: index }
    })
    frames.push({
      structure,
      panels: members.map(({ slice }) => distinct(slice.ranks)),
      sequences,
      batches,
      origins: members.map((panel) => ({ x: Math.round(panel.x * ratio), y: Math.round(panel.y * ratio) })),
      width: Math.round(size.width * ratio),
      height: Math.round(size.height * ratio),
      palette,
    })
  }
  return { frames, most: mostOf.y }
}
