/** Where the parts of the page stand: three columns on a laptop, one below the other on a phone. */
import { css } from 'lit'
import { shared } from './styles/shared.ts'

export const appStyles = [
  shared,
  css`
      main {
        display: grid;
        grid-template: 'controls answer breakdown' auto 'controls map breakdown' 1fr / 288px minmax(0, 1fr) 332px;
        height: calc(100vh - 48px);
        min-height: 640px;
      }
      oom-controls,
      oom-breakdown {
        padding: var(--gap-4);
        overflow-y: auto;
        scrollbar-width: thin;
        background: var(--surface);
      }
      /* Their sizes are the grid's: what changes in one is laid out and painted there alone. */
      @media (min-width: 900px) {
        oom-controls,
        oom-breakdown {
          contain: strict;
        }
      }
      oom-controls {
        grid-area: controls;
        border-right: 1px solid var(--line);
      }
      oom-breakdown {
        grid-area: breakdown;
        border-left: 1px solid var(--line);
      }
      .answer {
        grid-area: answer;
        padding: var(--gap-4) var(--gap-5) var(--gap-3);
      }
      .map {
        grid-area: map;
        position: relative;
        display: flex;
        flex-direction: column;
        gap: var(--gap-2);
        min-height: 0;
        padding: 0 var(--gap-4) var(--gap-3) var(--gap-4);
      }
      .view,
      oom-map {
        flex: 1;
        min-height: 0;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        align-items: center;
        gap: var(--gap-2) var(--gap-4);
        padding: 0 var(--gap-2);
      }
      /* One row, whatever it says: the map above it keeps its height. */
      .foot {
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: var(--gap-2);
        height: 30px;
        padding: 0 var(--gap-2);
      }
      .engine {
        min-width: 0;
        overflow: hidden;
        color: var(--ink-3);
        font-size: var(--tiny);
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      /* A hint is in its place. */
      oom-hints:not([shown]),
      oom-hints[shown] ~ .engine {
        display: none;
      }
      .skip {
        position: fixed;
        top: -60px;
        left: var(--gap-4);
        z-index: 9;
      }
      .skip:focus {
        top: var(--gap-2);
      }
    .problems {
        margin-bottom: var(--gap-3);
        padding: var(--gap-2) var(--gap-3);
        border-radius: var(--radius);
        background: var(--tight-ground);
        color: var(--tight);
      }
      oom-segmented {
        --control: 30px;
      }
      /* Two lines hold nearly every sentence. */
      @media (min-width: 1200px) and (max-width: 1699px) {
        .answer {
          --huge: 1.1875rem;
        }
      }
      @media (min-width: 1700px) {
        main {
          grid-template-columns: 320px minmax(0, 1fr) 420px;
        }
      }
      @media (min-width: 2200px) {
        main {
          grid-template-columns: 376px minmax(0, 1fr) 540px;
        }
      }
      @media (max-width: 899px) {
        main {
          display: flex;
          flex-direction: column;
          height: auto;
          min-height: 0;
        }
        .answer {
          padding: var(--gap-2) var(--gap-3);
        }
        /* Answer, its bar (breakdown-styles.ts), controls and map fill a screen; what explains them is below. */
        .answer {
          order: 1;
        }
        oom-controls {
          order: 3;
          border-block: 1px solid var(--line);
        }
        .map {
          order: 4;
          padding: 0 var(--gap-2);
        }
        .map oom-map {
          flex: none;
          height: clamp(300px, calc(100svh - 528px), 420px);
        }
        .map.tall {
          height: 560px;
        }
        /* Many small maps need the height of a screen. */
        .map.tall:has(oom-map) {
          height: auto;
        }
        .map.tall oom-map {
          height: max(480px, 84svh);
        }
        /* Two scenarios side by side grow with the page; a matrix is worth a screen. */
        .map.tall:has(oom-compare) {
          height: auto;
        }
        .map.tall:has(oom-model-atlas) {
          height: max(560px, 96svh);
        }
        /* It is below controls and map, which are not there yet; not so its bar. */
        .coming oom-breakdown {
          visibility: hidden;
        }
        oom-controls {
          border-inline: 0;
          padding: var(--gap-2) var(--gap-3);
        }
        .bar {
          order: 1;
          flex-direction: column-reverse;
          align-items: start;
          padding: 0 var(--gap-1);
        }
        .foot {
          order: 2;
          height: 34px;
          justify-content: end;
          padding: 0;
        }
        .engine {
          display: none;
        }
      }
      @media (min-width: 600px) and (max-width: 899px) {
        .map oom-map {
          height: max(380px, 50svh);
        }
      }
      @media (min-width: 900px) and (max-width: 1199px) {
        main {
          grid-template-columns: 256px minmax(0, 1fr) 280px;
        }
      }
      /* One page: the answer, the map, the bytes and the boundary beside each other; no controls. */
      @media print {
        main {
          display: block;
          height: auto;
          min-height: 0;
        }
        .skip,
        oom-controls,
        oom-tabs,
        oom-compare-by,
        .foot {
          display: none;
        }
        .answer,
        .map,
        oom-breakdown {
          padding: 0 0 var(--gap-3);
          border: 0;
          background: none;
        }
        .bar {
          padding: 0;
        }
        .map.map,
        .map.map oom-map {
          display: block;
          height: auto;
        }
        .map {
          break-inside: avoid;
          print-color-adjust: exact;
        }
        oom-breakdown {
          contain: none;
          overflow: visible;
          print-color-adjust: exact;
        }
      }
  `,
]
