/** The matrix of an atlas on a canvas: only what is in sight is drawn, names stay at the edges while cells scroll. */
import type { Goal } from '../../sweep/atlas.ts'
import { formatInteger } from '../../units.ts'
import { mapColours } from '../engine/palette.ts'
import type { Theme } from '../state/theme.ts'
import { exists } from './ranking.ts'
import { shadeOf } from './scale.ts'
import type { Place } from './walk.ts'
import type { Found } from './worker.ts'

export interface Grid {
  /** Space for the names, CSS pixels. */
  left: number
  top: number
  /** Size of a cell. */
  width: number
  height: number
  rows: number
  columns: number
}

export interface Matrix {
  grid: Grid
  rowNames: readonly string[]
  columnNames: readonly string[]
  found: (row: number, column: number) => Found | undefined
  /** The scenario's own cell, and the one pointed at or walked to. */
  own: Place | null
  at: Place | null
  goal: Goal
  theme: Theme
}

/** Cells large enough for names beside them, and room for the names: all of them, or what a narrow screen can spare. */
export function gridOf(
  rowNames: readonly string[],
  columnNames: readonly string[],
  space: { width: number; height: number },
  family: string,
): Grid {
  const [rows, columns] = [rowNames.length, columnNames.length]
  const left = Math.min(space.width < 560 ? 118 : 232, 12 + widest(rowNames, family))
  const width = Math.max(15, Math.min(64, Math.floor((space.width - left - 2) / Math.max(1, columns))))
  const slope = width >= UPRIGHT ? Math.sin(SLANT) : 1
  const top = Math.min(space.width < 560 ? 104 : space.height / 2, 16 + Math.ceil(slope * widest(columnNames, family)))
  return { left, top, width, height: width >= UPRIGHT ? 24 : 18, rows, columns }
}

/** From this width of a cell on names slant and cells hold numbers. */
const UPRIGHT = 56
const SLANT = Math.PI / 3

let measured: { key: string; width: number }[] = []

/** CSS pixels of the widest name, written boldly; the last few lists are remembered. */
function widest(names: readonly string[], family: string): number {
  const key = family + names.join('\n')
  const known = measured.find((each) => each.key === key)
  if (known) return known.width
  const context = new OffscreenCanvas(1, 1).getContext('2d')
  if (!context) return 100
  context.font = `650 12px ${family}`
  const width = names.reduce((most, name) => Math.max(most, context.measureText(name).width), 0)
  measured = [{ key, width }, ...measured].slice(0, 4)
  return width
}

/** Everything in one sight, without names. */
export const overview = (rows: number, columns: number, space: { width: number; height: number }): Grid => ({
  left: 0,
  top: 0,
  width: space.width / Math.max(1, columns),
  height: space.height / Math.max(1, rows),
  rows,
  columns,
})

/** The cell at a point of the visible part, null over the names. */
export function placeAt(
  { left, top, width, height, rows, columns }: Grid,
  x: number,
  y: number,
  scroll: { x: number; y: number },
): Place | null {
  if (x < left || y < top) return null
  const place = { row: Math.floor((y - top + scroll.y) / height), column: Math.floor((x - left + scroll.x) / width) }
  return place.row < rows && place.column < columns ? place : null
}

/** Scrolls no further than it takes to see a cell. */
export function scrollInto(scroller: HTMLElement, grid: Grid, { row, column }: Place): void {
  const into = (from: number, at: number, size: number, room: number) => Math.max(at + size - room, Math.min(from, at))
  scroller.scrollTo(
    into(scroller.scrollLeft, column * grid.width, grid.width, scroller.clientWidth - grid.left),
    into(scroller.scrollTop, row * grid.height, grid.height, scroller.clientHeight - grid.top),
  )
}

export function drawMatrix(
  canvas: HTMLCanvasElement,
  matrix: Matrix,
  scroll: { x: number; y: number },
  size: { width: number; height: number },
): void {
  const context = canvas.getContext('2d')
  if (!context) return
  const ratio = window.devicePixelRatio || 1
  const [wide, high] = [Math.round(size.width * ratio), Math.round(size.height * ratio)]
  if (canvas.width !== wide || canvas.height !== high) {
    Object.assign(canvas, { width: wide, height: high })
    Object.assign(canvas.style, { width: `${size.width}px`, height: `${size.height}px` })
  }
  const style = getComputedStyle(canvas)
  const colour = (name: string) => style.getPropertyValue(name)
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, size.width, size.height)
  context.textBaseline = 'middle'
  const { grid } = matrix
  const rows = inSight(scroll.y, size.height - grid.top, grid.height, grid.rows)
  const columns = inSight(scroll.x, size.width - grid.left, grid.width, grid.columns)
  context.save()
  context.beginPath()
  context.rect(grid.left, grid.top, size.width - grid.left, size.height - grid.top)
  context.clip()
  context.translate(grid.left - scroll.x, grid.top - scroll.y)
  cells(context, matrix, rows, columns, style)
  marks(context, matrix, colour)
  context.restore()
  const font = style.fontFamily
  if (grid.left > 0)
    names(context, matrix, rows, columns, scroll, {
      ink: colour('--ink'),
      quiet: colour('--ink-2'),
      ground: colour('--ground'),
      font,
      size,
    })
}

const inSight = (from: number, length: number, each: number, count: number): [first: number, end: number] => [
  Math.max(0, Math.floor(from / each)),
  Math.min(count, Math.ceil((from + length) / each)),
]

function cells(
  context: CanvasRenderingContext2D,
  { grid, found, goal, theme }: Matrix,
  rows: [number, number],
  columns: [number, number],
  style: CSSStyleDeclaration,
): void {
  const hatched = hatch(context, theme)
  const { width, height } = grid
  const worded = width >= UPRIGHT
  context.font = `11px ${style.fontFamily}`
  context.textAlign = 'center'
  for (let row = rows[0]; row < rows[1]; row++) {
    for (let column = columns[0]; column < columns[1]; column++) {
      const cell = found(row, column)
      if (cell === undefined) continue
      const [x, y] = [column * width, row * height]
      if (!exists(cell)) {
        context.fillStyle = mapColours[theme].hatch
        const dot = Math.min(2, height / 2)
        context.fillRect(x + (width - dot) / 2, y + (height - dot) / 2, dot, dot)
        continue
      }
      const shade = cell.verdict === 'oom' ? null : shadeOf(cell.most, goal, theme)
      context.fillStyle = shade?.ground ?? hatched
      // Small cells touch, so that nothing but colour is left of them.
      const gap = width > 8 && height > 8 ? 1 : 0
      context.fillRect(x, y, width - gap, height - gap)
      if (gap && cell.verdict === 'tight' && shade) {
        context.fillStyle = shade.ink
        context.fillRect(x + 2, y + height - 4, width - 5, 1)
      }
      if (!worded) continue
      context.fillStyle = shade?.ink ?? style.getPropertyValue('--ink-2')
      context.fillText(formatInteger(cell.most), x + width / 2, y + height / 2)
    }
  }
}

function hatch(context: CanvasRenderingContext2D, theme: Theme): CanvasPattern | string {
  const { oom, hatch } = mapColours[theme]
  const tile = new OffscreenCanvas(6, 6)
  const inner = tile.getContext('2d')
  if (!inner) return oom
  inner.fillStyle = oom
  inner.fillRect(0, 0, 6, 6)
  inner.strokeStyle = hatch
  inner.stroke(new Path2D('M-1 1L1 -1M0 6L6 0M5 7L7 5'))
  return context.createPattern(tile, 'repeat') ?? oom
}

function marks(context: CanvasRenderingContext2D, { grid, own, at }: Matrix, colour: (name: string) => string): void {
  const { width, height } = grid
  const ring = ({ row, column }: Place, ink: string, line: number) => {
    context.strokeStyle = ink
    context.lineWidth = line
    context.strokeRect(column * width - 0.5, row * height - 0.5, width, height)
  }
  if (own) {
    ring(own, colour('--ground'), 5)
    ring(own, colour('--ink'), 2.5)
  }
  if (at) {
    ring(at, colour('--ground'), 4)
    ring(at, colour('--accent'), 2)
  }
}

interface Look {
  ink: string
  quiet: string
  ground: string
  font: string
  size: { width: number; height: number }
}

function names(
  context: CanvasRenderingContext2D,
  { grid, rowNames, columnNames, own, at }: Matrix,
  rows: [number, number],
  columns: [number, number],
  scroll: { x: number; y: number },
  look: Look,
): void {
  const { left, top, width, height } = grid
  const style = (mine: boolean) => {
    context.font = `${mine ? 650 : 400} 12px ${look.font}`
    context.fillStyle = mine ? look.ink : look.quiet
  }
  const clipped = (x: number, y: number, w: number, h: number, draw: () => void) => {
    context.save()
    context.beginPath()
    context.rect(x, y, w, h)
    context.clip()
    draw()
    context.restore()
  }
  clipped(0, top, left - 6, look.size.height - top, () => {
    context.textAlign = 'left'
    for (let row = rows[0]; row < rows[1]; row++) {
      style(row === own?.row || row === at?.row)
      context.fillText(shortened(context, rowNames[row], left - 8), 0, top + (row + 0.5) * height - scroll.y)
    }
  })
  clipped(left, 0, look.size.width - left, top, () => {
    context.textAlign = 'left'
    for (let column = columns[0]; column < columns[1]; column++) {
      style(column === own?.column || column === at?.column)
      context.save()
      context.translate(left + (column + 0.5) * width - scroll.x, top - 5)
      context.rotate(width >= UPRIGHT ? -SLANT : -Math.PI / 2)
      context.fillText(
        shortened(context, columnNames[column], top / (width >= UPRIGHT ? Math.sin(SLANT) : 1) - 8),
        0,
        0,
      )
      context.restore()
    }
  })
}

/** A name that fits, its end left out rather than its letters squeezed. */
function shortened(context: CanvasRenderingContext2D, name: string, width: number): string {
  if (context.measureText(name).width <= width) return name
  let end = name.length
  while (end > 1 && context.measureText(`${name.slice(0, end)}…`).width > width) end--
  return `${name.slice(0, end).trimEnd()}…`
}
