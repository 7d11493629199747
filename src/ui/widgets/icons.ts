/** The page's pictograms, drawn on a 16 × 16 grid in the text's colour; decoration beside words, never instead of them. */
import { html, svg, type TemplateResult } from 'lit'

const paths = {
  fits: 'M3 8.5l3.2 3.2L13 4.8',
  tight: 'M8 2.2L14.6 13.8H1.4zM8 6.6v3.2M8 11.9v.1',
  oom: 'M5.2 1.8h5.6l3.4 3.4v5.6l-3.4 3.4H5.2l-3.4-3.4V5.2zM5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8',
  undo: 'M6 3L2.6 6.4 6 9.8M3 6.4h6.4a3.6 3.6 0 010 7.2H6.5',
  redo: 'M10 3l3.4 3.4L10 9.8M13 6.4H6.6a3.6 3.6 0 000 7.2h2.9',
  link: 'M6.8 9.2a3 3 0 004.3.1l2-2a3 3 0 00-4.3-4.2l-.9.9M9.2 6.8a3 3 0 00-4.3-.1l-2 2a3 3 0 004.3 4.2l.9-.9',
  light:
    'M8 5a3 3 0 100 6 3 3 0 000-6M8 1.2v1.4M8 13.4v1.4M1.2 8h1.4M13.4 8h1.4M3.2 3.2l1 1M11.8 11.8l1 1M12.8 3.2l-1 1M4.2 11.8l-1 1',
  dark: 'M13.6 9.6A5.8 5.8 0 016.4 2.4a5.8 5.8 0 107.2 7.2z',
  export: 'M8 2v8M4.8 7L8 10.2 11.2 7M2.5 11.5v2h11v-2',
  verify: 'M8 1.8l5 1.9v3.8c0 3.2-2.1 5.5-5 6.7-2.9-1.2-5-3.5-5-6.7V3.7zM5.6 8l1.8 1.8 3-3.2',
  help: 'M8 14.2A6.2 6.2 0 108 1.8a6.2 6.2 0 000 12.4M6.2 6.2a1.8 1.8 0 113 1.4c-.7.5-1.2.8-1.2 1.6M8 11.4v.1',
  note: 'M8 14.2A6.2 6.2 0 108 1.8a6.2 6.2 0 000 12.4M8 7.4v3.8M8 4.8v.1',
  chevron: 'M4 6l4 4 4-4',
  star: 'M8 1.9l1.9 3.9 4.2.6-3 3 .7 4.2L8 11.6l-3.8 2 .7-4.2-3-3 4.2-.6z',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  plus: 'M8 3v10M3 8h10',
  check: 'M3 8.5l3.2 3.2L13 4.8',
  controls: 'M2 4.5h7M12.5 4.5H14M2 11.5h1.5M7 11.5h7M10.8 3v3M5.2 10v3',
} as const

export type Icon = keyof typeof paths

export const icon = (name: Icon, filled = false): TemplateResult =>
  html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">${svg`<path d=${paths[name]} fill=${filled ? 'currentColor' : 'none'} />`}</svg>`
