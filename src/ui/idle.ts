/** Work that nobody waits for. */
export const whenIdle: (work: () => void) => void =
  'requestIdleCallback' in window
    ? (work) => void requestIdleCallback(work, { timeout: 3000 })
    : (work) => void setTimeout(work, 300)
