/** Colours and words of atlas cells: the longer the sequence or the larger the batch, the further from the page's ground. */
import type { Goal } from '../../sweep/atlas.ts'
import { type ByteUnit, formatHeadroom, formatInteger } from '../../units.ts'
import { colourOf } from '../engine/palette.ts'
import type { Theme } from '../state/theme.ts'
import { verdictNames } from '../words.ts'
import { exists } from './ranking.ts'
import type { Found } from './worker.ts'

/** From a short prompt to what the longest contexts of today need; from one user to a crowd. */
export const spans: Record<Goal, [from: number, to: number]> = { sequence: [512, 2 ** 21], batch: [1, 4096] }

export interface Shade {
  ground: string
  ink: string
}

/** Sixty-four shades are more than eyes tell apart, and cheap to keep. */
const SHADES = 64
const known = new Map<string, Shade>()

/** @param most tokens or sequences, at least 1 */
export function shadeOf(most: number, goal: Goal, theme: Theme): Shade {
  const [from, to] = spans[goal]
  const share = Math.min(1, Math.max(0, Math.log2(most / from) / Math.log2(to / from)))
  const step = Math.round(share * (SHADES - 1))
  const key = `${theme} ${step}`
  let shade = known.get(key)
  if (!shade) {
    const ground = colourOf(step / (SHADES - 1), theme)
    shade = { ground, ink: luminance(ground) > EVEN ? '#000000' : '#ffffff' }
    known.set(key, shade)
  }
  return shade
}

/** Where black and white contrast alike, 4.58 to 1: √(1.05 · 0.05) − 0.05 (WCAG 2.2, relative luminance). */
const EVEN = Math.sqrt(1.05 * 0.05) - 0.05

function luminance(colour: string): number {
  const [red, green, blue] = (colour.match(/\d+/g) ?? []).map((part) => {
    const share = Number(part) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** A count in at most four characters, never more than it is: `3.1k` of 3 181, `274k` of 280 576; k is 1024, as everywhere. */
export function briefly(most: number): string {
  if (most < 1000) return String(most)
  const [unit, letter] = most < 1000 * 1024 ? [1024, 'k'] : [1024 ** 2, 'M']
  const share = most / unit
  return `${share < 10 ? Math.floor(share * 10) / 10 : Math.floor(share)}${letter}`
}

/** The whole number with its unit. */
export const inWords = (most: number, goal: Goal): string =>
  `${formatInteger(most)} ${goal === 'sequence' ? 'tokens' : 'sequences'}`

/** A cell as a sentence: `2 × H200: up to 280 576 tokens. This scenario: fits, +3.09 GiB`. */
export function cellInWords(name: string, found: Found | undefined, goal: Goal, units: ByteUnit): string {
  if (found === undefined) return `${name}: not yet known`
  if (!exists(found)) return `${name}: impossible. ${found}`
  const most = found.most > 0 ? `up to ${inWords(found.most, goal)}` : 'nothing fits'
  const verdict = verdictNames[found.verdict].toLowerCase()
  return `${name}: ${most}. This scenario: ${verdict}, ${formatHeadroom(found.capacity - found.total, units)}`
}
