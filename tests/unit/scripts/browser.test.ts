/** Which browser is found, checked with real files in a folder of its own. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { installedBrowser, launchOptions } from '../../../scripts/browser.mjs'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'oomscape-browser-'))
  vi.stubEnv('CHROME_PATH', '')
  vi.stubEnv('PATH', folder)
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const program = (name: string) => {
  const path = join(folder, name)
  writeFileSync(path, '#!/bin/sh\n')
  chmodSync(path, 0o755)
  return path
}

test('CHROME_PATH comes first', () => {
  program('chromium')
  const chosen = program('my-browser')
  vi.stubEnv('CHROME_PATH', chosen)
  expect(installedBrowser()).toBe(chosen)
  expect(launchOptions('gpu')).toMatchObject({ executablePath: chosen })
})

test('a wrong CHROME_PATH is refused, not passed over', () => {
  program('chromium')
  vi.stubEnv('CHROME_PATH', join(folder, 'absent'))
  expect(() => installedBrowser()).toThrow(
    /^CHROME_PATH is .*absent, which is no executable file: correct it or unset it\.$/,
  )
})

test('then PATH, where a file that cannot be executed does not count', () => {
  writeFileSync(join(folder, 'chromium'), '')
  chmodSync(join(folder, 'chromium'), 0o644)
  const chrome = program('google-chrome')
  expect(installedBrowser()).toBe(chrome)
})
