/** Rows of the report and how they are written. */

/**
 * @typedef {object} Row
 * @property {string} what
 * @property {string} value
 * @property {string} [target]
 * @property {boolean} [met] whether the target was
 * @property {boolean} [fixed] whether another run on any machine gives the same, so that --check may fail on it
 */

const sorted = (/** @type {number[]} */ values) => [...values].sort((a, b) => a - b)

/** @param {number[]} values */
export function median(values) {
  const order = sorted(values)
  const middle = order.length >> 1
  return order.length % 2 ? order[middle] : (order[middle - 1] + order[middle]) / 2
}

/** @param {number} milliseconds */
export const times = (milliseconds) => `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`

/**
 * Median, least and most of some times.
 * @param {number[]} values milliseconds
 */
export const spread = (values) =>
  `${times(median(values))} (${times(Math.min(...values))} to ${times(Math.max(...values))}, ${values.length} times)`

/** @param {Row[]} rows */
export function markdown(rows) {
  const lines = rows.map(({ what, value, target = '', met }) => [
    what,
    value,
    target,
    met === undefined ? '' : met ? 'yes' : '**no**',
  ])
  return [['Measured', 'Value', 'Target', 'Met'], ['---', '---', '---', '---'], ...lines]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')
}
