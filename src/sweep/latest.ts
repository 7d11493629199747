/**
 * At most one run at a time, and only the newest request waits: `latest(run)` is `run` without a queue. A request overtaken while it waited
 * resolves to null.
 */
export function latest<T, R>(run: (request: T) => Promise<R>): (request: T) => Promise<R | null> {
  let running: Promise<unknown> | null = null
  let newest = 0
  return async (request) => {
    const ticket = ++newest
    while (running) await running.catch(() => {})
    if (ticket !== newest) return null
    const result = run(request)
    running = result
    try {
      return await result
    } finally {
      running = null
    }
  }
}
