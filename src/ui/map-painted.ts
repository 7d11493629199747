/** When the page's first map stands, and what it left for later can begin. */
import { page } from './state/document.ts'

/** Settles when the first map is painted; soon, where another view is opened instead. Nothing is to be fetched earlier. */
export const mapPainted = new Promise<void>((resolve) => {
  // The next frame paints it, and the one after that comes once it is painted; what was posted in between goes first.
  const afterFrame = () => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))
  document.addEventListener('oom-drawn', afterFrame, { once: true })
  // Once the address is read. A scenario that is refused has no map either.
  queueMicrotask(() => setTimeout(resolve, page.value.view.show === 'map' ? 10_000 : 500))
})
