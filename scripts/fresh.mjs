/** Whether what was built is still up to date. Needs nothing but Node. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Whether a built file is there and no source changed since.
 * @param {string} built
 * @param {string[]} sources files and folders
 */
export function isFresh(built, sources) {
  const time = statSync(built, { throwIfNoEntry: false })?.mtimeMs
  return time !== undefined && sources.every((path) => newest(path) <= time)
}

/**
 * Latest change below a path; a folder's own time tells of removed files.
 * @param {string} path
 * @returns {number} milliseconds
 */
function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat?.isDirectory()) return stat?.mtimeMs ?? 0
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))))
}
