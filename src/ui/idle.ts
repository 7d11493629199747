/** Work that waits until the page has nothing better to do. */

/**
 * Goes on in a task of its own, so that no single one keeps a slow machine from hearing its reader. Ahead of the next frame, where the browser
 * can be asked for that: frames of half a page would delay the whole one.
 */
export const nextTask: () => Promise<void> =
  'scheduler' in globalThis
    ? () => scheduler.postTask(() => {}, { priority: 'user-blocking' })
    : () => new Promise((resolve) => setTimeout(resolve))

/** Goes on once the next frame is painted. */
export const framePainted = () => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve)))

/** Work that nobody waits for. */
export const whenIdle: (work: () => void) => void =
  'requestIdleCallback' in globalThis
    ? (work) => void requestIdleCallback(work, { timeout: 3000 })
    : (work) => void setTimeout(work, 300)
