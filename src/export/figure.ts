/** A figure as one SVG document: title, what was plotted, legend and address around pictures and drawings. Strings only, no DOM. */

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
  /** The page's address with the scenario in it. */
  address: string
  colours: { background: string; ink: string; faint: string }
  font: string
}

export interface Legend {
  /** Colours of the scale, evenly spaced. */
  scale: readonly string[]
  from: string
  to: string
  /** What is not on the scale. Swatches are hatched where the map is. */
  marks: readonly { label: string; fill: string; hatch: string | null }[]
}

const MARGIN = 16
const LINE = 18
const FOOT = 64

/** Outer size of the figure, in CSS pixels. */
export function figureSize({ width, height, lines }: Figure): { width: number; height: number; top: number } {
  const top = MARGIN + 22 + lines.length * LINE + MARGIN / 2
  return { width: width + 2 * MARGIN, height: top + height + FOOT, top }
}

/** The document, readable by any SVG program: no style sheets, scripts or outside addresses. */
export function figureSvg(figure: Figure): string {
  const { title, lines, layers, legend, address, colours, font } = figure
  const size = figureSize(figure)
  const text = (x: number, y: number, content: string, size = 12, more = ' fill-opacity="0.75"') =>
    `<text x="${x}" y="${y}" fill="${escapeXml(colours.ink)}" font-size="${size}"${more}>${escapeXml(content)}</text>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${size.width} ${size.height}" font-family="${escapeXml(font)}">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="100%" height="100%" fill="${escapeXml(colours.background)}"/>`,
    text(MARGIN, MARGIN + 14, title, 16, ' font-weight="600"'),
    ...lines.map((line, i) => text(MARGIN, MARGIN + 34 + i * LINE, line)),
    ...layers.map((layer) => layerSvg(layer, MARGIN, size.top)),
    legend ? legendSvg(legend, MARGIN, size.height - FOOT + 14, colours, text) : '',
    text(MARGIN, size.height - 12, address, 10),
    '</svg>',
  ].join('\n')
}

function layerSvg(layer: FigureLayer, left: number, top: number): string {
  const [x, y] = [left + layer.x, top + layer.y]
  if ('drawing' in layer) return `<g transform="translate(${x} ${y})">${layer.drawing}</g>`
  const { width, height, image } = layer
  return `<image x="${x}" y="${y}" width="${width}" height="${height}" href="${escapeXml(image)}" preserveAspectRatio="none"/>`
}

function legendSvg(
  { scale, from, to, marks }: Legend,
  x: number,
  y: number,
  colours: Figure['colours'],
  text: (x: number, y: number, content: string) => string,
): string {
  const bar = 160
  const step = bar / scale.length
  const line = ` stroke="${escapeXml(colours.faint)}"`
  const parts = scale.map(
    (colour, i) =>
      `<rect x="${round(x + i * step)}" y="${y}" width="${round(step + 0.5)}" height="12" fill="${escapeXml(colour)}"/>`,
  )
  parts.push(`<rect x="${x}" y="${y}" width="${bar}" height="12" fill="none"${line}/>`)
  parts.push(text(x, y + 27, from), text(x + bar - 36, y + 27, to))
  let at = x + bar + 28
  for (const { label, fill, hatch } of marks) {
    parts.push(`<rect x="${at}" y="${y}" width="18" height="12" fill="${escapeXml(fill)}"${line}/>`)
    if (hatch) {
      parts.push(
        `<path d="M${at} ${y + 8}l8 -8M${at} ${y + 12}h2l12 -12M${at + 8} ${y + 12}l10 -10" fill="none" stroke="${escapeXml(hatch)}" stroke-width="2"/>`,
      )
    }
    parts.push(text(at + 24, y + 10, label))
    at += 24 + 7 * label.length + 24
  }
  return parts.join('')
}

const round = (value: number) => Math.round(value * 100) / 100

/** Text for an element or an attribute; characters that XML 1.0 cannot hold are left out. */
export const escapeXml = (text: string) =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters XML forbids.
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '')
    .replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
