/** How far the first visit's hints have been followed, in this browser. */
import { recall, remember } from '../state/storage.ts'

const KEY = 'hints seen'
export const HINTS = 3

export const hintsSeen = () => Math.min(HINTS, Number(recall<unknown>(KEY, 0)) || 0)
export const hintsLeft = () => hintsSeen() < HINTS
export const rememberHints = (seen: number) => remember(KEY, seen)
