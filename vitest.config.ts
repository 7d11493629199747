/** Two test projects: `unit` in Node, and `gpu` in a real Chromium that executes real WGSL. */
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { launchOptions } from './scripts/browser.mjs'

export default defineConfig({
  test: {
    projects: [
      // Property tests and the built command line take seconds on a busy machine.
      {
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
          setupFiles: ['tests/setup.ts'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'gpu',
          include: ['tests/gpu/**/*.test.ts'],
          setupFiles: ['tests/setup.ts'],
          testTimeout: 60_000,
          // One file at a time: they share one adapter, on a machine without a graphics card also its processor.
          fileParallelism: false,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: launchOptions('gpu') }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
})
