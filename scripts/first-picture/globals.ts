/** What the page's modules ask of a browser when they are loaded, where there is none. */
import '@lit-labs/ssr/lib/install-global-dom-shim.js'

Object.assign(globalThis, { window: globalThis, matchMedia: () => ({ matches: false, addEventListener() {} }) })
