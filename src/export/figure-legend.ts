/** A figure's legend: a scale and what is not on it, or the lines of a plot, flowing over as many rows as they need. */
import { escapeXml } from './xml.ts'

export interface Legend {
  /** Said before everything; may be empty. */
  caption: string
  /** Colours, evenly spaced, and what its ends stand for. */
  scale: { colours: readonly string[]; from: string; to: string } | null
  marks: readonly Mark[]
}

/** An area, hatched where the plot is, or a line. */
export type Mark = { label: string } & (
  | { fill: string; hatch: string | null }
  | { stroke: string; dash: string; thickness: number }
)

const ROW = 20
const BAR = 160
const SWATCH = 20
const GAP = 22
/** Widths of text are estimated for the widest of the fonts it may be set in. */
const LETTER = 7.3
const widthOf = (text: string) => (text === '' ? 0 : text.length * LETTER)

interface Item {
  width: number
  draw(x: number, y: number): string
}

/** Height of a legend that may be so wide. */
export const legendHeight = (legend: Legend, width: number): number => placed(itemsOf(legend, ''), width).height

/** Its drawing with the top left corner at 0, 0. */
export function legendSvg(legend: Legend, width: number, colours: { ink: string; faint: string }): string {
  const items = itemsOf(legend, escapeXml(colours.faint))
  const text = `font-size="12" fill="${escapeXml(colours.ink)}" fill-opacity="0.75"`
  return `<g ${text}>${placed(items, width)
    .spots.map(({ x, y }, i) => items[i].draw(x, y))
    .join('')}</g>`
}

function placed(items: readonly Item[], most: number) {
  let [x, y] = [0, 0]
  const spots = items.map(({ width }) => {
    if (x > 0 && x + width > most) [x, y] = [0, y + ROW]
    const spot = { x: round(x), y }
    x += width + GAP
    return spot
  })
  return { spots, height: items.length > 0 ? y + ROW : 0 }
}

const itemsOf = ({ caption, scale, marks }: Legend, edge: string): Item[] => [
  ...(caption ? [{ width: widthOf(caption), draw: (x: number, y: number) => words(x, y, caption) }] : []),
  ...(scale ? [scaleItem(scale, edge)] : []),
  ...marks.map((mark) => markItem(mark, edge)),
]

function scaleItem({ colours, from, to }: NonNullable<Legend['scale']>, edge: string): Item {
  const before = widthOf(from) + 6
  const step = BAR / colours.length
  return {
    width: before + BAR + 6 + widthOf(to),
    draw: (x, y) => {
      const left = x + before
      const parts = colours.map(
        (colour, i) =>
          `<rect x="${round(left + i * step)}" y="${y + 4}" width="${round(Math.min(step + 0.5, BAR - i * step))}" height="12" fill="${escapeXml(colour)}" fill-opacity="1"/>`,
      )
      const frame = `<rect x="${round(left)}" y="${y + 4}" width="${BAR}" height="12" fill="none" stroke="${edge}"/>`
      return [words(left - 6, y, from, 'end'), ...parts, frame, words(left + BAR + 6, y, to)].join('')
    },
  }
}

function markItem(mark: Mark, edge: string): Item {
  return {
    width: SWATCH + 6 + widthOf(mark.label),
    draw: (x, y) => `${swatch(mark, x, y + 4, edge)}${words(x + SWATCH + 6, y, mark.label)}`,
  }
}

function swatch(mark: Mark, x: number, y: number, edge: string): string {
  if ('stroke' in mark) {
    const dash = mark.dash ? ` stroke-dasharray="${escapeXml(mark.dash)}"` : ''
    return `<path d="M${x} ${y + 6}h${SWATCH}" fill="none" stroke="${escapeXml(mark.stroke)}" stroke-width="${mark.thickness}"${dash}/>`
  }
  const box = `<rect x="${x}" y="${y}" width="${SWATCH}" height="12" fill="${escapeXml(mark.fill)}" fill-opacity="1" stroke="${edge}"/>`
  if (!mark.hatch) return box
  const lines = `M${x} ${y + 6}l6 -6M${x} ${y + 12}l12 -12M${x + 6} ${y + 12}l12 -12M${x + 12} ${y + 12}l8 -8`
  return `${box}<path d="${lines}" fill="none" stroke="${escapeXml(mark.hatch)}" stroke-width="1.5"/>`
}

const words = (x: number, y: number, text: string, anchor = 'start') =>
  `<text x="${round(x)}" y="${y + 14}" text-anchor="${anchor}">${escapeXml(text)}</text>`

const round = (value: number) => Math.round(value * 100) / 100
