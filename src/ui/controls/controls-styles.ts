/** How the controls stand: one column beside the map; on a phone two columns above it, the rarer ones behind a button. */
import { css } from 'lit'
import { shared } from '../styles/shared.ts'

export const controlsStyles = [
  shared,
  css`
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      gap: var(--gap-3);
      align-content: start;
    }
    :host > * {
      grid-column: 1 / -1;
    }
    .half {
      grid-column: auto;
    }
    .own {
      min-height: 24px;
      margin: -4px 0;
      padding: 0 4px;
      border: 0;
      background: none;
      color: var(--accent);
      font-size: var(--small);
    }
    .own:hover {
      text-decoration: underline;
    }
    .row {
      display: flex;
      justify-content: space-between;
      align-items: center;
    }
    .more {
      justify-content: start;
      padding: 0;
      color: var(--accent);
      font-weight: 550;
      background: none;
      border: 0;
    }
    .more .icon {
      transition: transform 0.15s;
    }
    .more[aria-expanded='true'] .icon {
      transform: rotate(180deg);
    }
    .phone,
    .examples {
      display: none;
    }
    @media (prefers-reduced-motion: reduce) {
      .more .icon {
        transition: none;
      }
    }
    @media (max-width: 899px) {
      :host {
        gap: 6px var(--gap-3);
        --control: 36px;
      }
      .pair {
        grid-column: auto;
      }
      .phone {
        display: inline;
      }
      .desk,
      .rare {
        display: none;
      }
      :host([open]) .rare {
        display: block;
      }
      .more {
        height: 26px;
      }
      .row {
        flex-wrap: wrap;
      }
      /* In the bar on top there is no room for it. */
      .examples {
        display: block;
      }
    }
  `,
]
