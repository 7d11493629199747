/**
 * Colours of the map, per theme, as the painters want them. Used ÷ capacity is shown in cividis, which is even in lightness and looks nearly
 * the same to colour-blind eyes (Nuñez, Anderton, Renslow 2018, doi:10.1371/journal.pone.0199239): seventeen samples, straight lines between.
 */
import { type Palette, SHADES } from '../../sweep/frame.ts'
import type { Theme } from '../state/theme.ts'

const samples =
  `#002051 #012b65 #11366c #26426e #3c4d6e #51586e #62646f #727071 #7f7c75 #8c8877 #9a9478 #a9a177 #bbaf71 #cebd68 #e2cb5c #f3da4f #fdea45`.split(
    ' ',
  )

const channels = samples.map((colour) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)))

function cividis(share: number): string {
  const at = Math.min(share * (samples.length - 1), samples.length - 1.000001)
  const [low, high] = [channels[Math.floor(at)], channels[Math.floor(at) + 1]]
  return `rgb(${low.map((value, i) => Math.round(value + (high[i] - value) * (at % 1))).join(', ')})`
}

/** The colour of a share of any scale: the fuller, the further from the page's ground. */
export const colourOf = (share: number, theme: Theme): string => cividis(theme === 'light' ? 1 - share : share)

/** Every doubling of batch or sequence doubles what they take, so that on the map most of it is little: shown a little larger. */
const EASE = 0.8

/** The colour of used ÷ capacity, from 0 to 1, on a map whose scale begins at `from`; see map/scale-start.ts. */
export const usedColour = (used: number, theme: Theme, from: number): string =>
  colourOf((Math.max(0, used - from) / (1 - from)) ** EASE, theme)

/** CSS colours of what is not on the scale; the legend shows the same. */
export const mapColours: Record<Theme, { oom: string; hatch: string; tight: string }> = {
  light: { oom: '#ecebe7', hatch: '#cfccc4', tight: '#8fa3c4' },
  dark: { oom: '#191b1f', hatch: '#33363d', tight: '#2b2a1c' },
}

/** `#rrggbb` or `rgb(r, g, b)` as 0xAABBGGRR. */
export function packed(colour: string): number {
  const hex = /^#(..)(..)(..)$/.exec(colour)
  const [red, green, blue] = hex
    ? hex.slice(1).map((part) => Number.parseInt(part, 16))
    : (colour.match(/\d+/g) ?? []).map(Number)
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0
}

const known = new Map<string, Palette>()

export function palette(theme: Theme, from: number): Palette {
  const key = `${theme} ${from}`
  let made = known.get(key)
  if (!made) {
    const { oom, hatch, tight } = mapColours[theme]
    const fits = Uint32Array.from({ length: SHADES }, (_, i) => packed(usedColour(i / (SHADES - 1), theme, from)))
    made = { fits, tight: packed(tight), oom: packed(oom), hatch: packed(hatch) }
    known.set(key, made)
  }
  return made
}
