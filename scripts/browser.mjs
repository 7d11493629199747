/**
 * Which browser the tests, the benchmark and the page report run in, and with which flags: the one place that knows.
 * Needs nothing but Node, because it is asked before anything is installed.
 */
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Flags with which Chromium computes and presents WebGPU without a graphics card: on Linux everything, ANGLE included,
 * on SwiftShader; with fewer its GPU process dies when a canvas is presented. The last four keep it off the network.
 */
export const browserFlags = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  ...(process.platform === 'linux'
    ? ['--enable-features=Vulkan', '--use-angle=swiftshader', '--use-vulkan=swiftshader']
    : []),
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']

const { LOCALAPPDATA = '', PROGRAMFILES = '', 'PROGRAMFILES(X86)': PROGRAMFILES_X86 = '' } = process.env
const places = [
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ...[LOCALAPPDATA, PROGRAMFILES, PROGRAMFILES_X86].map((folder) =>
    join(folder, 'Google/Chrome/Application/chrome.exe'),
  ),
]

/**
 * The path of an installed Chrome or Chromium: `CHROME_PATH` when set, else the first found in `PATH` or in the usual
 * places of Linux, macOS and Windows; undefined when there is none.
 * @returns {string | undefined}
 * @throws {Error} when `CHROME_PATH` is no executable file
 */
export function installedBrowser() {
  const chosen = process.env.CHROME_PATH
  if (chosen) {
    if (isExecutable(chosen)) return chosen
    throw new Error(`CHROME_PATH is ${chosen}, which is no executable file: correct it or unset it.`)
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return [...folders.flatMap((folder) => names.map((name) => join(folder, name))), ...places].find(isExecutable)
}

/**
 * Playwright's launch options: the installed browser, else the full Chromium that Playwright downloaded (its default,
 * the headless shell, is another program).
 * @param {'gpu' | 'processor'} compositor what puts pages together: only a GPU, real or emulated, shows a WebGPU canvas; without one, a
 *   processor paints pages in half the time
 * @returns {{ args: string[], executablePath: string } | { args: string[], channel: string }}
 */
export function launchOptions(compositor) {
  const args = compositor === 'gpu' ? browserFlags : [...browserFlags, '--disable-gpu-compositing']
  const executablePath = installedBrowser()
  return executablePath ? { args, executablePath } : { args, channel: 'chromium' }
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
