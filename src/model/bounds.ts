/** Bounds of what is read as a config: nothing may walk, copy or print an object before it is known to be small and flat. */

/** A config of 100 kB is large. */
export const mostConfigBytes = 1_000_000

const MOST_DEPTH = 16
const MOST_VALUES = 200_000

/** Why an object from JSON is no config.json of any model, or null. Without recursion, because it may be nested deeper than the stack. */
export function unbounded(root: object): string | null {
  const waiting: { value: object; depth: number }[] = [{ value: root, depth: 1 }]
  let count = 0
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (next.depth > MOST_DEPTH) return `is nested more than ${MOST_DEPTH} deep, which no config.json is`
    for (const value of Object.values(next.value)) {
      if (++count > MOST_VALUES) return `holds more than ${MOST_VALUES} values, which no config.json does`
      if (typeof value === 'object' && value !== null) waiting.push({ value, depth: next.depth + 1 })
    }
  }
  return null
}
