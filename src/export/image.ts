/** From what the page shows to figures that stand alone: drawings with their styles written in, canvases as data, SVG as PNG. Needs a DOM. */
import { type Figure, figureSize, figureWords } from './figure.ts'
import { withText } from './png-text.ts'

/** What decides how an SVG element looks, all of it allowed as an attribute, which a strict policy for styles lets be written. */
const properties = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'display',
  'visibility',
  'font-size',
  'font-weight',
  'letter-spacing',
  'text-anchor',
  'dominant-baseline',
]

/** The inside of a drawing with every computed style written into it as attributes, as a figure's layer takes it. */
export function drawingOf(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement
  const originals = svg.querySelectorAll('*')
  const haloed: Element[] = []
  copy.querySelectorAll('*').forEach((element, i) => {
    const style = getComputedStyle(originals[i])
    element.removeAttribute('class')
    // The figure has one font; the axes bring another.
    element.removeAttribute('font-family')
    for (const name of properties) element.setAttribute(name, style.getPropertyValue(name))
    if (element.localName === 'text' && style.paintOrder.startsWith('stroke')) haloed.push(element)
  })
  for (const text of haloed) layHaloUnder(text)
  // lit's markers are comments; they mean nothing outside the page.
  const serializer = new XMLSerializer()
  return [...copy.children].map((child) => serializer.serializeToString(child).replace(/<!--.*?-->/gs, '')).join('')
}

/** Office programs know no paint-order and would draw the halo over the letters: it becomes an element of its own, before them. */
function layHaloUnder(text: Element): void {
  const halo = text.cloneNode(true) as Element
  const letters = (part: Element) => [part, ...part.querySelectorAll('*')]
  for (const part of letters(halo)) part.setAttribute('fill', 'none')
  for (const part of letters(text)) part.setAttribute('stroke', 'none')
  text.before(halo)
}

/** A canvas as a data address. A WebGPU canvas holds its picture only until the frame ends: draw it first, in the same task. */
export const pictureOf = (canvas: HTMLCanvasElement): string => canvas.toDataURL('image/png')

/** CSS pixels: 96 to the inch. */
const PIXELS_PER_METRE = 96 / 0.0254

/**
 * A figure as PNG at `scale` pixels per CSS pixel.
 * @throws {Error} when the browser cannot draw it
 */
export async function figurePng(figure: Figure, svg: string, scale = 2): Promise<Blob> {
  const { width, height } = figureSize(figure)
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image(width, height)
    image.src = address
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(width * scale)
    canvas.height = Math.round(height * scale)
    const context = canvas.getContext('2d')
    if (!context) throw new Error('This browser gives no canvas to draw the figure on.')
    context.drawImage(image, 0, 0, canvas.width, canvas.height)
    const drawn = await new Promise<Blob>((resolve, reject) => {
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error('The figure is too large for an image.'))),
        'image/png',
      )
    })
    const words = {
      Title: figure.title,
      Description: figureWords(figure),
      Source: figure.address,
      Software: 'Oomscape',
    }
    const png = withText(new Uint8Array(await drawn.arrayBuffer()), words, Math.round(scale * PIXELS_PER_METRE))
    return new Blob([png], { type: 'image/png' })
  } finally {
    URL.revokeObjectURL(address)
  }
}
