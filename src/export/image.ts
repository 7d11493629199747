/** From what the page shows to figures that stand alone: drawings with their styles written in, canvases as data, SVG as PNG. Needs a DOM. */
import { type Figure, figureSize } from './figure.ts'

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
  'paint-order',
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
  copy.querySelectorAll('*').forEach((element, i) => {
    const style = getComputedStyle(originals[i])
    element.removeAttribute('class')
    for (const name of properties) element.setAttribute(name, style.getPropertyValue(name))
  })
  // lit's markers are comments; they mean nothing outside the page.
  const serializer = new XMLSerializer()
  return [...copy.children].map((child) => serializer.serializeToString(child).replace(/<!--.*?-->/gs, '')).join('')
}

/** A canvas as a data address. A WebGPU canvas holds its picture only until the frame ends: draw it first, in the same task. */
export const pictureOf = (canvas: HTMLCanvasElement): string => canvas.toDataURL('image/png')

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
    return await new Promise((resolve, reject) => {
      canvas.toBlob(
        (blob) => (blob ? resolve(blob) : reject(new Error('The figure is too large for an image.'))),
        'image/png',
      )
    })
  } finally {
    URL.revokeObjectURL(address)
  }
}
