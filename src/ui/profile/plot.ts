/** A profile as SVG: areas with textures, axes, the capacity, the crossing, the pinned and the pointed-at cell. */
import { nothing, svg, type TemplateResult } from 'lit'
import type { Profile } from '../../sweep/profile.ts'
import { type ByteUnit, formatRoom, formatTokens, GB, GiB } from '../../units.ts'
import { componentLabels } from '../breakdown/breakdown.ts'
import type { Cell } from '../breakdown/cell.ts'
import { labelledBelow } from '../map/labels.ts'
import { atAnEnd, beside, type Span, type Spot, spanOf, textWidth } from './beside.ts'
import { byteTicks, type Chart } from './chart.ts'
import { textures } from './textures.ts'

interface Plot {
  profile: Profile
  chart: Chart
  pinned: number
  /** The number pointed at or walked to; the breakdown has its bytes. */
  here: number
  reading: Cell
  units: ByteUnit
  format: (n: number) => string
  /** The most tokens the model was made for; null where it is not known, or not along this axis. */
  context: number | null
}

export function plot({ profile, chart, pinned, here, reading, units, format, context }: Plot): TemplateResult {
  const { box, bands, x } = chart
  const { width, height } = box
  const mark = markOf(chart, profile, pinned, format)
  return svg`<svg width="100%" height="100%" aria-hidden="true">
    ${textures(profile.order)}
    <g transform="translate(${box.left} ${box.top})">
      ${bands.map(
        ({ name, path }) =>
          svg`<path class="area" d=${path} fill="url(#texture-${name})"><title>${componentLabels[name]}</title></path>`,
      )}
      ${axes(chart, profile, units, format)}
      ${limits(chart, profile)}
      ${upright(chart, pinned, 'pin')}
      ${context ? contextLine(chart, context, [x.position(pinned), ...(mark?.at === undefined ? [] : [mark.at])]) : nothing}
      ${here === pinned ? above(chart, pinned, 'pinned') : above(chart, here, format(here))}
      ${here === pinned ? nothing : upright(chart, here, 'here')}
      ${mark ? crossing(chart, profile, mark) : nothing}
      ${limitNames(chart, profile, pinned, mark, units)}
      ${names(chart)}
      ${within(x.position(here), width) && reading.total <= chart.most ? svg`<circle class="mark" cx=${x.position(here)} cy=${chart.y(reading.total)} r="3.5" />` : nothing}
      <text class="axisname" x=${width} y=${height + 34} text-anchor="end">${profile.along === 'sequence' ? 'Tokens per sequence' : 'Batch'} →</text>
    </g>
  </svg>`
}

const within = (at: number, most: number) => at >= -0.5 && at <= most + 0.5

/** Half of the word above an upright line: it stays over the plot, clear of the unit beside it. */
const HALF = 18

function above({ box: { width }, x }: Chart, n: number, text: string) {
  const at = x.position(n)
  if (!within(at, width)) return nothing
  return svg`<text class="axisname" x=${Math.min(width - HALF, Math.max(HALF, at))} y="-9" text-anchor="middle">${text}</text>`
}

/** Where the model's context ends, named at the bottom beside the line, where no other line runs. */
function contextLine({ box, x }: Chart, context: number, lines: number[]) {
  const at = x.position(context + 0.5)
  if (!(at > 0 && at < box.width - 1)) return nothing
  const text = `context ${formatTokens(context)}`
  const spots: Spot[] = [
    { x: at + 6, anchor: 'start' },
    { x: at - 6, anchor: 'end' },
  ]
  const spot = spots.find((spot) => {
    const [from, to] = spanOf(spot, textWidth(text))
    return from > 4 && to < box.width - 4 && lines.every((line) => line < from - 2 || line > to + 2)
  })
  return svg`<path class="context under" d="M${at} 0V${box.height}" /><path class="context" d="M${at} 0V${box.height}" />
    ${spot ? svg`<text class="contextname" x=${spot.x} y=${box.height - 10} text-anchor=${spot.anchor}>${text}</text>` : nothing}`
}

function axes({ box, x, y, most }: Chart, _: Profile, units: ByteUnit, format: (n: number) => string) {
  const { width, height } = box
  const size = units === 'GB' ? GB : GiB
  const marks = labelledBelow(x, format)
  return svg`<rect class="edge" x="-0.5" y="-0.5" width=${width + 1} height=${height + 1} />
    ${byteTicks(most, size, height / 60).map(
      (bytes) =>
        svg`<path class="tick" d="M-4 ${y(bytes)}h4" /><text class="ticktext" x="-8" y=${y(bytes)} dy="0.34em" text-anchor="end">${Math.round((bytes / size) * 100) / 100}</text>`,
    )}
    <text class="axisname" x="-8" y="-9" text-anchor="end">${units}</text>
    ${x.ticks.map((tick) => {
      const at = x.position(tick)
      return svg`<path class="tick" d="M${at} ${height}v4" />${marks.has(tick) ? svg`<text class="ticktext" x=${at} y=${height + 17} text-anchor="middle">${format(tick)}</text>` : nothing}`
    })}`
}

/** Capacity as a line with a halo, the safety margin below it dashed. */
function limits({ box, y }: Chart, { values }: Profile) {
  const [top, low] = [y(values.capacity[0]), y(values.safeCapacity[0])]
  return svg`<rect class="beyond" width=${box.width} height=${top} />
    <path class="halo" d="M0 ${top}H${box.width}" />
    <path class="capacity" d="M0 ${top}H${box.width}" />
    ${low - top > 3 ? svg`<path class="safe" d="M0 ${low}H${box.width}" />` : nothing}`
}

/** What is above the line of the capacity, on it, and below the dashed one: each where no line and no other label stands. */
function limitNames({ box, x, y }: Chart, { values }: Profile, pinned: number, mark: Mark | null, units: ByteUnit) {
  const [top, low] = [y(values.capacity[0]), y(values.safeCapacity[0])]
  const [capacity, safe] = [values.capacity[0], values.safeCapacity[0]].map((bytes) => formatRoom(bytes, units))
  const pin = x.position(pinned)
  const name = (texts: string[], height: number, kind: string, lines: number[], taken: Span | null = null) => {
    for (const text of texts) {
      const spot = atAnEnd(textWidth(text), lines, box.width, taken)
      if (spot) return svg`<text class=${kind} x=${spot.x} y=${height} text-anchor=${spot.anchor}>${text}</text>`
    }
    return nothing
  }
  return svg`${top > 60 ? name(['Out of memory'], 18, 'beyondname', [pin]) : nothing}
    ${name([`Capacity ${capacity}`, capacity], top - 7, 'capacityname', [pin], mark && spanOf(mark.spot, textWidth(mark.label)))}
    ${low - top > 3 && low < box.height - 22 ? name([`Tight above ${safe}`, 'Tight above', 'Tight'], low + 16, 'safename', mark?.at === undefined ? [pin] : [pin, mark.at]) : nothing}`
}

/** The crossing: where it is on the axis, unless beyond it, and where it is named. */
interface Mark {
  at?: number
  label: string
  spot: Spot
}

function markOf(
  { box, x }: Chart,
  { crossing, along }: Profile,
  pinned: number,
  format: (n: number) => string,
): Mark | null {
  if (!crossing || crossing.at === 1) return null
  const at = x.position(crossing.at - 0.5)
  const named = (label: string, wanted: Spot): Mark => ({
    label,
    spot: beside(textWidth(label), wanted, x.position(pinned), box.width) ?? wanted,
  })
  if (at < 0) return named(`← crosses at ${format(crossing.at)}`, { x: 8, anchor: 'start' })
  if (!within(at, box.width)) return named(`crosses at ${format(crossing.at)} →`, { x: box.width - 8, anchor: 'end' })
  const label =
    box.width > 400
      ? `${componentLabels[crossing.component]} crosses at ${format(crossing.at)} ${along === 'sequence' ? 'tokens' : 'sequences'}`
      : format(crossing.at)
  const wanted: Spot = at < box.width / 2 ? { x: at + 10, anchor: 'start' } : { x: at - 10, anchor: 'end' }
  return { at, ...named(label.replace(/(s) crosses/, '$1 cross'), wanted) }
}

function crossing({ box, y }: Chart, { values }: Profile, { at, label, spot }: Mark) {
  const top = y(values.capacity[0])
  return svg`${
    at === undefined
      ? nothing
      : svg`<path class="crossing" d="M${at} ${top}V${box.height}" /><circle class="crossing" cx=${at} cy=${top} r="5" />`
  }
    <text class="crossingname" x=${spot.x} y=${top - 24} text-anchor=${spot.anchor}>${label}</text>`
}

function upright({ box, x }: Chart, n: number, kind: 'pin' | 'here') {
  const at = x.position(n)
  if (!within(at, box.width)) return nothing
  return svg`<path class="${kind} under" d="M${at} 0V${box.height}" /><path class=${kind} d="M${at} 0V${box.height}" />`
}

/** Names in the right margin, tied to their areas. */
function names({ box, bands }: Chart) {
  return svg`${bands.map(({ name, label }) =>
    label === null
      ? nothing
      : svg`<path class="leader" d="M${box.width + 1} ${label.at}L${box.width + 10} ${label.y}h4" />
        <text class="name" x=${box.width + 18} y=${label.y} dy="0.34em">${componentLabels[name]}</text>`,
  )}`
}
