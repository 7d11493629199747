/** Whether the page came with its answer painted (scripts/first-picture.mjs): then nothing is to be shown before the map. */
const root = document.documentElement

export const answeredBefore =
  Boolean(document.querySelector('oom-app')?.shadowRoot) && !root.classList.contains('linked')
