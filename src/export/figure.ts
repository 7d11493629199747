/** A figure as one SVG document: title, what was plotted, legend and address around pictures and drawings. Strings only, no DOM. */
import { type Legend, legendHeight, legendSvg } from './figure-legend.ts'
import { escapeXml } from './xml.ts'

/** A picture as a data address, or the inside of a drawing, at a place on the figure. */
export type FigureLayer = { x: number; y: number } & (
  | { width: number; height: number; image: string }
  | { drawing: string }
)

export interface Figure {
  /** Size of the plot alone; title and foot are added. */
  width: number
  height: number
  title: string
  /** Lines under the title. */
  lines: readonly string[]
  layers: readonly FigureLayer[]
  /** Null for plots that name everything themselves. */
  legend: Legend | null
  /** The page's address with the scenario in it; printed as far as there is room, whole in the description. */
  address: string
  colours: { background: string; ink: string; faint: string }
  font: string
}

const MARGIN = 16
const LINE = 18
/** Space around the address, and its lines. */
const FOOT = 20
const SMALL_LINE = 14
/** An address longer than so many lines is of no use on paper: it is in the description. */
const MOST_LINES = 4

/** Outer size of the figure, in CSS pixels. */
export function figureSize({ width, height, lines, legend, address }: Figure): {
  width: number
  height: number
  top: number
} {
  const top = MARGIN + 22 + lines.length * LINE + MARGIN / 2
  const below = legend ? 10 + legendHeight(legend, width) : 0
  return {
    width: width + 2 * MARGIN,
    height: top + height + below + FOOT + addressLines(address, width).length * SMALL_LINE,
    top,
  }
}

/** What it says besides the picture, in plain text. */
export const figureWords = ({ lines, address }: Figure): string => `${lines.join(' ')} ${address}`

/** The document, readable by any SVG program: no style sheets, scripts or outside addresses. */
export function figureSvg(figure: Figure): string {
  const { width, title, lines, layers, legend, address, colours, font } = figure
  const size = figureSize(figure)
  const printed = addressLines(address, width)
  const text = (x: number, y: number, content: string, size = 12, more = ' fill-opacity="0.75"') =>
    `<text x="${x}" y="${y}" fill="${escapeXml(colours.ink)}" font-size="${size}"${more}>${escapeXml(content)}</text>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" font-family="${escapeXml(font)}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(figureWords(figure))}</desc>`,
    `<rect width="${size.width}" height="${size.height}" fill="${escapeXml(colours.background)}"/>`,
    text(MARGIN, MARGIN + 14, shortened(title, width / 11), 16, ' font-weight="600"'),
    ...lines.map((line, i) => text(MARGIN, MARGIN + 34 + i * LINE, line)),
    ...layers.map((layer) => layerSvg(layer, MARGIN, size.top)),
    legend
      ? `<g transform="translate(${MARGIN} ${size.top + figure.height + 10})">${legendSvg(legend, width, colours)}</g>`
      : '',
    ...printed.map((line, i) => text(MARGIN, size.height - 14 - (printed.length - 1 - i) * SMALL_LINE, line, 10)),
    '</svg>',
  ].join('\n')
}

function layerSvg(layer: FigureLayer, left: number, top: number): string {
  const [x, y] = [left + layer.x, top + layer.y]
  if ('drawing' in layer) return `<g transform="translate(${x} ${y})">${layer.drawing}</g>`
  const { width, height, image } = layer
  return `<image x="${x}" y="${y}" width="${width}" height="${height}" href="${escapeXml(image)}" preserveAspectRatio="none"/>`
}

/** The address cut into lines, wherever they end. */
function addressLines(address: string, width: number): string[] {
  const most = Math.max(20, Math.floor(width / 6.2))
  const whole = shortened(address, most * MOST_LINES)
  return Array.from({ length: Math.max(1, Math.ceil(whole.length / most)) }, (_, i) =>
    whole.slice(i * most, (i + 1) * most),
  )
}

const shortened = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text)
