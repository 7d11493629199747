/**
 * A Vite plugin that leaves out Vite's helper around dynamic imports. The helper preloads style sheets and modules that a chunk needs; this page has one
 * style sheet, in its head, and preloads no modules (`modulePreload: false` in vite.config.ts), which does not make Vite 8 leave the helper out: a
 * kilobyte before the map for nothing. It can go once Vite does.
 */

/** @returns {import('vite').Plugin} */
export function plainImports() {
  return {
    name: 'plain-imports',
    apply: 'build',
    transform: {
      filter: { id: /vite\/preload-helper/ },
      handler: () => ({ code: 'export const __vitePreload = (load) => load()', map: null }),
    },
  }
}
