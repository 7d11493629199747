/** Chromium flags for WebGPU without a graphics card. */
export const browserFlags: string[]
/** Path of an installed Chrome or Chromium, undefined when there is none. */
export function installedBrowser(): string | undefined
/** Playwright's launch options for that browser. */
export function launchOptions(): { args: string[]; executablePath?: string }
