/**
 * Builds the command line into dist/cli when it is missing or older than its sources. Used by `npm run build:cli`, at
 * installation, and by bin/oomscape.mjs inside a clone, so that `npx oomscape` is never out of date.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isFresh } from './fresh.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const built = join(root, 'dist/cli/main.js')
const vite = join(root, 'node_modules/vite/bin/vite.js')
const sources = ['src', 'shaders', 'vite.config.ts', 'package-lock.json'].map((path) => join(root, path))

/**
 * Builds into a folder of its own and moves that into place, so that a command line that runs meanwhile never meets half
 * a build. Says so on standard error; standard output is left to the command line.
 * @returns {boolean} whether there is an up-to-date build now
 */
export function buildCli() {
  if (isFresh(built, sources)) return true
  if (!existsSync(vite)) {
    console.error('The command line is not built, and its build tool is not installed: run npm ci first.')
    return false
  }
  console.error('Building the command line …')
  const folder = `dist/cli-${process.pid}`
  const args = [vite, 'build', '--ssr', 'src/cli/main.ts', '--outDir', folder, '--logLevel', 'warn']
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] })
  try {
    if (status === 0) {
      rmSync(join(root, 'dist/cli'), { recursive: true, force: true })
      renameSync(join(root, folder), join(root, 'dist/cli'))
    }
  } catch (error) {
    // Another command line that was started meanwhile has built it too.
    if (!isFresh(built, sources)) throw error
  }
  rmSync(join(root, folder), { recursive: true, force: true })
  return status === 0
}

// At an installation without development dependencies there is nothing to build with, and no reason to fail.
if (process.argv[1] === fileURLToPath(import.meta.url) && existsSync(vite) && !buildCli()) process.exitCode = 1
