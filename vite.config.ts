/** Builds the page (`vite build`, to dist/page) and the command line (`vite build --ssr src/cli/main.ts`, to dist/cli). */
import { defineConfig } from 'vite'
import { firstPicture } from './scripts/first-picture.mjs'
import { lazyProse } from './scripts/lazy-prose.mjs'
import { plainImports } from './scripts/plain-imports.mjs'
import { serviceWorker } from './scripts/service-worker.mjs'
import { tightTemplates } from './scripts/tight-templates.mjs'

export default defineConfig(({ isSsrBuild }) => ({
  base: './',
  plugins: isSsrBuild ? [] : [tightTemplates(), lazyProse(), plainImports(), firstPicture(), serviceWorker()],
  build: {
    target: isSsrBuild ? 'node20' : 'es2022',
    outDir: isSsrBuild ? 'dist/cli' : 'dist/page',
    copyPublicDir: !isSsrBuild,
    // Chunks fetched later need little more than the page's; the code that would preload it costs a kilobyte before the map.
    modulePreload: false,
    // All that the first map needs in one file: one request, better compressed. What is imported later stays apart.
    rolldownOptions: isSsrBuild
      ? {}
      : {
          output: { codeSplitting: { groups: [{ name: 'page', tags: ['$initial'] }] } },
          // The first picture runs the memory model: that takes its second, and nobody needs to be told at every start.
          checks: { pluginTimings: false },
        },
  },
  worker: { format: 'es', plugins: () => [lazyProse()] },
  // The command line becomes one bundle that starts without node_modules; only Dawn stays outside, because it is optional.
  ssr: { noExternal: isSsrBuild || undefined, external: ['webgpu'] },
}))
