/**
 * Which browser the tests, the benchmark and the page report run in, and with which flags.
 * The one place that knows; it needs nothing but Node.
 */
import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Flags with which Chromium computes and presents WebGPU without a graphics card (SwiftShader); the last four keep
 * it from talking to the network. With fewer, the GPU process dies when a canvas is presented.
 */
export const browserFlags = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-angle=vulkan',
  '--use-vulkan=swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'chrome.exe']

const places = [
  '/usr/bin/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  join(process.env.LOCALAPPDATA ?? '', 'Google/Chrome/Application/chrome.exe'),
  join(process.env.PROGRAMFILES ?? '', 'Google/Chrome/Application/chrome.exe'),
  join(process.env['PROGRAMFILES(X86)'] ?? '', 'Google/Chrome/Application/chrome.exe'),
]

/**
 * The path of an installed Chrome or Chromium: `CHROME_PATH`, else the first found in `PATH` or in the usual places
 * of the system; undefined when there is none (Playwright then uses the one it downloaded).
 * @throws {Error} `CHROME_PATH` is set but is no executable file.
 */
export function installedBrowser() {
  const chosen = process.env.CHROME_PATH
  if (chosen) {
    if (isExecutable(chosen)) return chosen
    throw new Error(`CHROME_PATH is ${chosen}, which is no executable file: correct it or unset it.`)
  }
  const inPath = (process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .flatMap((folder) => names.map((name) => join(folder, name)))
  return [...inPath, ...places].find(isExecutable)
}

/** Playwright's launch options for that browser. */
export function launchOptions() {
  const executablePath = installedBrowser()
  return { args: browserFlags, ...(executablePath && { executablePath }) }
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
