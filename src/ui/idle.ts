/** Work that waits until the page has nothing better to do. */
import { page } from './state/document.ts'

/**
 * Goes on in a task of its own, so that no single one keeps a slow machine from hearing its reader. Ahead of the next frame, where the browser
 * can be asked for that: frames of half a page would delay the whole one.
 */
export const nextTask: () => Promise<void> =
  'scheduler' in window
    ? () => scheduler.postTask(() => {}, { priority: 'user-blocking' })
    : () => new Promise((resolve) => setTimeout(resolve))

/** Settles when the first map is painted; soon, where another view is opened instead. Nothing is to be fetched earlier. */
export const mapPainted = new Promise<void>((resolve) => {
  // The next frame paints it, and the one after that comes once it is painted; what was posted in between goes first.
  const afterFrame = () => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))
  document.addEventListener('oom-drawn', afterFrame, { once: true })
  // Once the address is read. A scenario that is refused has no map either.
  queueMicrotask(() => setTimeout(resolve, page.value.view.show === 'map' ? 10_000 : 500))
})

/** Goes on once the next frame is painted. */
export const framePainted = () => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve)))

/** Work that nobody waits for. */
export const whenIdle: (work: () => void) => void =
  'requestIdleCallback' in window
    ? (work) => void requestIdleCallback(work, { timeout: 3000 })
    : (work) => void setTimeout(work, 300)
