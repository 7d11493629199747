/** A line of progress on standard error, where that is a terminal. */
import { formatInteger } from '../units.ts'

/** A function to call with rows done of rows in all; it rewrites one line, at most ten times a second, and clears it at the end. */
export function progressLine(): (done: number, all: number) => void {
  if (!process.stderr.isTTY) return () => {}
  let last = 0
  return (done, all) => {
    const now = performance.now()
    if (done < all && now - last < 100) return
    last = now
    const percent = Math.floor((100 * done) / all)
    process.stderr.write(`\r\x1b[K${done < all ? `${percent} % of ${formatInteger(all)} rows` : ''}`)
  }
}
