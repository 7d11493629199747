/** End-to-end tests of the built page (`npm run build:page` first), in the browser that scripts/browser.mjs finds. */
import { defineConfig } from '@playwright/test'
import { launchOptions } from './scripts/browser.mjs'

// A port of its own for each run, so that runs beside each other do not meet; the workers inherit it.
process.env.OOMSCAPE_TEST_PORT ??= String(20_000 + (process.pid % 20_000))
const port = process.env.OOMSCAPE_TEST_PORT
const desktop = { width: 1440, height: 900 }
const phone = { width: 390, height: 844 }

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  snapshotPathTemplate: '{testDir}/snapshots/{testFileName}/{arg}-{projectName}{ext}',
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  // Two cores emulate a GPU for two pages at once: a test that was starved is run once more, and reported as flaky.
  timeout: 90_000,
  retries: 1,
  expect: { timeout: 10_000, toHaveScreenshot: { maxDiffPixelRatio: 0.02, animations: 'disabled' } },
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}/`,
    // A reader who has been here before; what a first visit shows has a spec of its own.
    storageState: {
      cookies: [],
      origins: [{ origin: `http://127.0.0.1:${port}`, localStorage: [{ name: 'oomscape.hints seen', value: '3' }] }],
    },
    launchOptions: launchOptions('processor'),
    screenshot: 'only-on-failure',
  },
  webServer: {
    command: `node node_modules/vite/bin/vite.js preview --host 127.0.0.1 --port ${port} --strictPort`,
    url: `http://127.0.0.1:${port}/`,
    timeout: 30_000,
  },
  // Two readers between them see both themes and both sizes: a laptop in light, a phone in dark.
  projects: [
    { name: 'desktop', use: { viewport: desktop, colorScheme: 'light' } },
    {
      name: 'phone',
      // What does not depend on the size of the screen is walked on the desktop alone.
      testIgnore: /(bring|keyboard|take-away|take-figure|link|print|offline)\.spec\.ts$/,
      grepInvert: /@once/,
      use: { viewport: phone, colorScheme: 'dark', isMobile: true, hasTouch: true },
    },
  ],
})
