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

/** Of `#rrggbb`. */
const channelsOf = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
const channels = samples.map(channelsOf)

/** Red, green and blue. */
function cividis(share: number): number[] {
  const at = Math.min(share * (samples.length - 1), samples.length - 1.000001)
  const [low, high] = [channels[Math.floor(at)], channels[Math.floor(at) + 1]]
  return low.map((value, i) => Math.round(value + (high[i] - value) * (at % 1)))
}

/** The fuller, the further from the page's ground. */
const shadeOf = (share: number, theme: Theme) => cividis(theme === 'light' ? 1 - share : share)

/** The colour of a share of any scale. */
export const colourOf = (share: number, theme: Theme): string => `rgb(${shadeOf(share, theme).join(', ')})`

/**
 * Used ÷ capacity as a share of a scale that begins at `from`; see map/scale-start.ts. Every doubling of batch or sequence doubles what they
 * take, so that on the map most of it is little: shown a little larger.
 */
const onScale = (used: number, from: number) => (Math.max(0, used - from) / (1 - from)) ** 0.8

/** The colour of used ÷ capacity, from 0 to 1, on a map whose scale begins at `from`. */
export const usedColour = (used: number, theme: Theme, from: number): string => colourOf(onScale(used, from), theme)

/** CSS colours of what is not on the scale; the legend shows the same. */
export const mapColours: Record<Theme, { oom: string; hatch: string; tight: string }> = {
  light: { oom: '#ecebe7', hatch: '#cfccc4', tight: '#8fa3c4' },
  dark: { oom: '#191b1f', hatch: '#33363d', tight: '#2b2a1c' },
}

/** As 0xAABBGGRR. */
const packed = ([red, green, blue]: readonly number[]) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0

const known = new Map<string, Palette>()

export function palette(theme: Theme, from: number): Palette {
  const key = `${theme} ${from}`
  let made = known.get(key)
  if (!made) {
    const { oom, hatch, tight } = mapColours[theme]
    const fits = Uint32Array.from({ length: SHADES }, (_, i) => packed(shadeOf(onScale(i / (SHADES - 1), from), theme)))
    made = { fits, tight: packed(channelsOf(tight)), oom: packed(channelsOf(oom)), hatch: packed(channelsOf(hatch)) }
    known.set(key, made)
  }
  return made
}
