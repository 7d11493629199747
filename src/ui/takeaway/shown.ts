/** What the page shows, as a figure that stands alone: title, answer, plot, legend, address. */
import { type Figure, type FigureLayer, figureSvg } from '../../export/figure.ts'
import type { Legend } from '../../export/figure-legend.ts'
import { drawingOf, pictureOf } from '../../export/image.ts'
import { formatRoom } from '../../units.ts'
import { type PostedDrawing, post } from '../engine/cpu-draw.ts'
import cpuWorkerUrl from '../engine/cpu-worker.ts?worker&url'
import type { Drawing } from '../engine/engine.ts'
import { mapColours, usedColour } from '../engine/palette.ts'
import { trustedScript } from '../engine/trusted.ts'
import { type Picture, picture } from '../map/picture.ts'
import { page } from '../state/document.ts'
import { fragmentOf } from '../state/link.ts'
import type { Answer } from '../state/outcome.ts'
import { theme } from '../state/theme.ts'
import { gpusInWords, modelName, questionInWords, verdictInWords } from '../words.ts'

/** Pixels of the figure's heat map per CSS pixel. */
const RATIO = 2

/** The page's address with the document in it. */
export const address = async () => new URL(await fragmentOf(page.value), location.href).href

/** The figure and its SVG; null when no plot is shown. */
export async function figureOf(answer: Answer): Promise<{ figure: Figure; svg: string } | null> {
  const { show } = page.value.view
  const host = document.querySelector('oom-app')?.shadowRoot?.querySelector(`oom-${show}`)
  const drawings = host?.shadowRoot?.querySelectorAll<SVGSVGElement>(show === 'map' ? 'svg.overlay' : '.target svg')
  if (!host || !drawings?.length) return null
  const { width, height } = drawings[0].getBoundingClientRect()
  const layers: FigureLayer[] = Array.from(drawings, (svg) => ({ x: 0, y: 0, drawing: drawingOf(svg) }))
  const size = { width: host.clientWidth, height: host.clientHeight, ratio: RATIO }
  const map = show === 'map' ? picture(page.value, size, theme.value) : null
  if (map) layers.unshift({ x: 0, y: 0, width, height, image: await heatMap(map) })
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string) => resolved(style.getPropertyValue(name))
  const { estimate } = answer
  const { units } = page.value.view
  const verdict = verdictInWords(estimate.verdict, estimate.capacity - estimate.perGpu.total, units)
  const { scenario } = answer.resolved
  const figure: Figure = {
    width: Math.round(width),
    height: Math.round(height),
    title: `${modelName(scenario.model)} on ${gpusInWords(scenario.hardware)}`,
    lines: wrapped(`${questionInWords(answer.resolved)}: ${verdict}.`, width / 6.8),
    layers,
    legend: map ? legendOf(map.from, formatRoom(estimate.capacity, units)) : linesOf(host),
    address: await address(),
    colours: { background: colour('--ground'), ink: colour('--ink'), faint: colour('--edge') },
    font: "Inter, system-ui, 'Segoe UI', Roboto, Arial, sans-serif",
  }
  return { figure, svg: figureSvg(figure) }
}

/** The map's colours, painted by the CPU in a worker: a WebGPU canvas cannot be read back once it is shown. */
async function heatMap({ width, height, drawing }: Picture): Promise<string> {
  const canvas = document.createElement('canvas')
  Object.assign(canvas, { width: Math.round(width * RATIO), height: Math.round(height * RATIO) })
  if (drawing.frames.length > 0) {
    const pixels = new Uint8ClampedArray(await paint(drawing))
    canvas.getContext('2d')?.putImageData(new ImageData(pixels, canvas.width, canvas.height), 0, 0)
  }
  return pictureOf(canvas)
}

function paint(drawing: Drawing): Promise<ArrayBuffer> {
  const worker = new Worker(trustedScript(cpuWorkerUrl), { type: 'module', name: 'Oomscape figure' })
  const request: { drawing: PostedDrawing; reuse: null } = { drawing: post(drawing), reuse: null }
  return new Promise<ArrayBuffer>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<{ pixels: ArrayBuffer }>) => resolve(data.pixels)
    worker.onerror = () => reject(new Error('The figure could not be painted: its worker did not start.'))
    worker.postMessage(request)
  }).finally(() => worker.terminate())
}

function legendOf(from: number, capacity: string): Legend {
  const { oom, hatch, tight } = mapColours[theme.value]
  const colours = Array.from({ length: 64 }, (_, i) => usedColour(from + (1 - from) * (i / 63), theme.value, from))
  return {
    caption: 'Memory used',
    scale: { colours, from: `${Math.round(from * 100)} %`, to: capacity },
    marks: [
      { label: 'tight', fill: usedColour(0.97, theme.value, from), hatch: tight },
      { label: 'out of memory', fill: oom, hatch },
    ],
  }
}

/** The list beside a plot of lines, with their strokes: on the plot only those have names that have room. Null where there is none. */
function linesOf(host: Element): Legend | null {
  const list = host.shadowRoot?.querySelector('.readings')
  const rows = [...(list?.querySelectorAll('li') ?? [])]
  if (!list || rows.length === 0) return null
  const words = (parent: Element, selector: string) => parent.querySelector(selector)?.textContent?.trim() ?? ''
  return {
    caption: `${words(list, 'h2')}:`,
    scale: null,
    marks: rows.flatMap((row) => {
      const line = row.querySelector('path')
      if (!line) return []
      const { stroke, strokeDasharray, strokeWidth } = getComputedStyle(line)
      const dash = strokeDasharray === 'none' ? '' : strokeDasharray.replaceAll('px', '')
      const label = `${words(row, 'span')}: ${words(row, 'b')}`
      return [{ label, stroke: resolved(stroke), dash, thickness: Number.parseFloat(strokeWidth) }]
    }),
  }
}

/** A colour as other programs read it: `light-dark()` and the like become plain. */
function resolved(colour: string): string {
  const probe = document.createElement('span')
  probe.style.color = colour
  document.body.append(probe)
  const plain = getComputedStyle(probe).color
  probe.remove()
  return plain
}

/** Lines of at most so many characters, cut between words; a number keeps its unit. */
export function wrapped(text: string, most: number): string[] {
  const lines: string[] = []
  for (const word of text.replace(/(\d) (?=[KMGT]i?B\b)/g, '$1\u00a0').split(' ')) {
    const line = lines[lines.length - 1]
    if (line !== undefined && line.length + word.length < most) lines[lines.length - 1] = `${line} ${word}`
    else lines.push(word)
  }
  return lines
}
