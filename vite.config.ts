/**
 * One Vite configuration for the page (`vite build`), the CLI (`vite build --ssr`) and the two Vitest projects:
 * `unit` in Node and `gpu` in a real Chromium that executes real WGSL.
 */
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { launchOptions } from './scripts/browser.mjs'

export default defineConfig(({ isSsrBuild }) => ({
  base: './',
  build: {
    target: 'es2022',
    outDir: isSsrBuild ? 'dist/cli' : 'dist/page',
    emptyOutDir: true,
  },
  // The command line starts as one file, without a look into node_modules.
  ssr: { noExternal: isSsrBuild ? true : [] },
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], environment: 'node' },
      },
      {
        extends: true,
        test: {
          name: 'gpu',
          include: ['tests/gpu/**/*.test.ts'],
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({ launchOptions: launchOptions() }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
}))
