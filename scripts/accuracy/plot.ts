/** Predicted against measured as an SVG file: both axes logarithmic, a line where they are equal and a band of ±10 %. */
import type { Result } from './score.ts'

const SIZE = 640
const MARGIN = 56
const LOW = 0.25
const HIGH = 512
const colours: Record<string, string> = {
  inference: '#2f6fde',
  full: '#c2410c',
  pretrain: '#a16207',
  lora: '#15803d',
  qlora: '#7e22ce',
}

const span = SIZE - 2 * MARGIN
const along = (gib: number) => (Math.log(gib / LOW) / Math.log(HIGH / LOW)) * span
const x = (gib: number) => round(MARGIN + along(gib))
const y = (gib: number) => round(SIZE - MARGIN - along(gib))
const round = (n: number) => Math.round(n * 10) / 10

export function plot(results: Result[]): string {
  const points = results.filter((r) => r.range !== null && r.actual! > LOW * 2 ** 30 && r.expected! > LOW * 2 ** 30)
  const kinds = Object.keys(colours).filter((kind) => points.some((r) => r.row.kind === kind))
  const dots = points.map((r) => {
    const core = r.row.gold_core
    return `<circle cx="${x(r.actual! / 2 ** 30)}" cy="${y(r.expected! / 2 ** 30)}" r="${core ? 3.5 : 2}" fill="${colours[r.row.kind]}" fill-opacity="${core ? 0.9 : 0.4}"/>`
  })
  const ticks = [0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256].flatMap((t) => [
    `<line class="grid" x1="${x(t)}" x2="${x(t)}" y1="${y(LOW)}" y2="${y(HIGH)}"/>`,
    `<line class="grid" x1="${x(LOW)}" x2="${x(HIGH)}" y1="${y(t)}" y2="${y(t)}"/>`,
    `<text x="${x(t)}" y="${SIZE - MARGIN + 18}" text-anchor="middle">${t}</text>`,
    `<text x="${MARGIN - 8}" y="${y(t) + 4}" text-anchor="end">${t}</text>`,
  ])
  const band = [
    [LOW, LOW * 1.1],
    [HIGH / 1.1, HIGH],
    [HIGH, HIGH],
    [HIGH, HIGH / 1.1],
    [LOW * 1.1, LOW],
    [LOW, LOW],
  ].map(([a, b]) => `${x(a!)},${y(b!)}`)
  const legend = kinds.map(
    (kind, i) =>
      `<circle cx="${MARGIN + 16}" cy="${MARGIN + 18 + 18 * i}" r="4" fill="${colours[kind]}"/><text x="${MARGIN + 28}" y="${MARGIN + 22 + 18 * i}">${kind}</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label="Predicted against measured GPU memory of ${points.length} published measurements, in GiB">
<style>text{font:12px system-ui,sans-serif;fill:#444}.grid{stroke:#8884;stroke-width:.5}.equal{stroke:#888}.band{fill:#8882}@media(prefers-color-scheme:dark){text{fill:#bbb}}</style>
<polygon class="band" points="${band.join(' ')}"/>
${ticks.join('\n')}
<line class="equal" x1="${x(LOW)}" y1="${y(LOW)}" x2="${x(HIGH)}" y2="${y(HIGH)}"/>
${dots.join('\n')}
${legend.join('\n')}
<text x="${SIZE / 2}" y="${SIZE - 14}" text-anchor="middle">measured, GiB</text>
<text transform="translate(16 ${SIZE / 2}) rotate(-90)" text-anchor="middle">predicted, GiB</text>
</svg>
`
}
