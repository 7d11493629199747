/**
 * What `npm start` and `npm test` need before they can do anything, on a machine that has only Node and npm (and apt):
 * the dependencies and, for tests, a browser. Needs nothing but Node. Every failure is one sentence with its remedy.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { installedBrowser } from './browser.mjs'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** A step that could not be done, in a sentence for the person at the terminal. */
export class SetupError extends Error {}

/**
 * @typedef {object} RunOptions
 * @property {Record<string, string>} [env] added to this process's environment
 * @property {number} [timeout] milliseconds
 * @property {'inherit' | 'ignore'} [stdio] `ignore` keeps its output off the terminal
 */

/**
 * Runs a program in the repository.
 * @param {string} command
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {boolean} whether it ended well
 */
export function run(command, args, { env, timeout, stdio = 'inherit' } = {}) {
  return spawnSync(command, args, { cwd: root, stdio, env: { ...process.env, ...env }, timeout }).status === 0
}

/**
 * Runs a Node program of a dependency, e.g. `tool('vitest', ['run'])`, without a shell and without npx.
 * @param {string} name of the program in node_modules/.bin
 * @param {string[]} args
 * @param {RunOptions} [options]
 */
export function tool(name, args, options) {
  return run(process.execPath, [pathOf(name), ...args], options)
}

/**
 * Begins a Node program of a dependency; without a name, a script of this project.
 * @param {string} name of the program in node_modules/.bin
 * @param {string[]} args
 * @param {boolean} aloud whether its output appears as it comes; else it is kept
 * @returns {Promise<{ passed: boolean, output: string }>}
 */
export function start(name, args, aloud) {
  const stdio = aloud ? 'inherit' : 'pipe'
  const child = spawn(process.execPath, [...(name ? [pathOf(name)] : []), ...args], { cwd: root, stdio })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  }
  return new Promise((resolve) => child.on('close', (code) => resolve({ passed: code === 0, output })))
}

/** @param {string} name of a program in node_modules/.bin */
function pathOf(name) {
  const folder = join(root, 'node_modules', packageOf[name] ?? name)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof bin === 'string' ? bin : bin[name])
}

/** @type {Record<string, string>} */
const packageOf = { biome: '@biomejs/biome', tsc: 'typescript' }

/** @throws {SetupError} this Node is too old */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new SetupError(
      `Node ${process.versions.node} is too old: install Node 20.19 or newer (https://nodejs.org) and run this again.`,
    )
  }
}

/**
 * Installs the locked dependencies where they are missing or not those of package-lock.json.
 * @throws {SetupError}
 */
export function installDependencies() {
  if (dependenciesAreCurrent()) return
  console.log('Installing dependencies (npm ci) …')
  const npm = process.env.npm_execpath
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund']
  const done = npm?.endsWith('.js')
    ? run(process.execPath, [npm, ...args])
    : run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args)
  if (!done) {
    throw new SetupError(
      'The dependencies could not be installed: see what npm says above, check the network, try again.',
    )
  }
}

/** Compares what npm noted of its last installation with the lock file; optional packages may be absent. */
function dependenciesAreCurrent() {
  const note = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(note)) return false
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const installed = JSON.parse(readFileSync(note, 'utf8')).packages
  return Object.keys(locked).every((path) => {
    if (path === '') return true
    return installed[path] ? installed[path].version === locked[path].version : locked[path].optional
  })
}

/**
 * Finds a browser or gets one: an installed Chrome or Chromium, else Playwright's download, else Debian's package.
 * @returns {Promise<string>} its path
 * @throws {SetupError}
 */
export async function ensureBrowser() {
  const found = findBrowser()
  if (found && starts(found)) return found
  if (found) console.log(`${found} does not start; looking for another.`)

  const downloaded = await playwrightBrowser()
  if (starts(downloaded)) return downloaded
  console.log("No Chrome or Chromium found. Trying Playwright's download …")
  const env = { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '5000' }
  if (tool('playwright', ['install', '--no-shell', 'chromium'], { env, timeout: 10 * 60_000, stdio: 'ignore' })) {
    if (starts(downloaded)) return downloaded
    console.log('It lacks libraries. Installing them with apt …')
    if (hasApt() && tool('playwright', ['install-deps', 'chromium']) && starts(downloaded)) return downloaded
  }

  if (hasApt()) {
    console.log("That failed. Trying Debian's package (apt-get install chromium) …")
    aptGet('update')
    if (aptGet('install', '-y', '--no-install-recommends', 'chromium')) {
      const packaged = findBrowser()
      if (packaged && starts(packaged)) return packaged
    }
  }
  throw new SetupError(
    'There is no Chrome or Chromium, and none could be installed: install one (Debian: apt-get install chromium), ' +
      'or set CHROME_PATH to one, and run this again.',
  )
}

function findBrowser() {
  try {
    return installedBrowser()
  } catch (error) {
    throw new SetupError(/** @type {Error} */ (error).message)
  }
}

/** Where Playwright keeps, or would keep, its own Chromium. */
async function playwrightBrowser() {
  const { chromium } = await import(pathToFileURL(join(root, 'node_modules/playwright/index.mjs')).href)
  return /** @type {string} */ (chromium.executablePath())
}

/**
 * Whether a browser can be started; on Linux libraries may be missing.
 * @param {string} path
 */
function starts(path) {
  if (!existsSync(path)) return false
  if (process.platform !== 'linux') return true
  return spawnSync(path, ['--version', '--no-sandbox'], { stdio: 'ignore', timeout: 30_000 }).status === 0
}

const inPath = (/** @type {string} */ name) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)))

const isRoot = process.getuid?.() === 0

/** Whether Debian packages can be installed: apt-get, and the right to use it. */
const hasApt = () => inPath('apt-get') && (isRoot || inPath('sudo'))

/** @param {string[]} args */
function aptGet(...args) {
  const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...args]
  if (isRoot) return run(command[0], command.slice(1))
  // Where nobody can type a password, sudo must not ask for one.
  return run('sudo', process.stdin.isTTY ? command : ['-n', ...command])
}

/**
 * Runs a script's main function; a failure to set up is one sentence and exit code 1.
 * @param {() => Promise<void>} main
 */
export async function mainly(main) {
  try {
    requireNode()
    await main()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    console.error(`\n${error.message}`)
    process.exitCode = 1
  }
}
