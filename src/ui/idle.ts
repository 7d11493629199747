/** Work that waits until the page has nothing better to do. */

/** Settles when the first map is painted, or after a while: not every document has a map. Nothing is to be fetched earlier. */
export const mapPainted = new Promise<void>((resolve) => {
  document.addEventListener('oom-drawn', () => requestAnimationFrame(() => resolve()), { once: true })
  setTimeout(resolve, 1500)
})

/** Work that nobody waits for. */
export const whenIdle: (work: () => void) => void =
  'requestIdleCallback' in window
    ? (work) => void requestIdleCallback(work, { timeout: 3000 })
    : (work) => void setTimeout(work, 300)
