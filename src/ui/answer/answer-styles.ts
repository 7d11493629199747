/** How the answer looks. Its height does not change with what it says, so that the map below stays where it is. */
import { css } from 'lit'
import { shared } from '../styles/shared.ts'

export const answerStyles = [
  shared,
  css`
    :host {
      display: block;
    }
    h1 {
      /* Whole pixels, so that the map below stands on whole pixels too and is not blurred. */
      --line: round(1.32em, 1px);
      min-height: calc(2 * var(--line));
      font-size: var(--huge);
      line-height: var(--line);
      font-weight: 450;
      letter-spacing: -0.012em;
      text-wrap: pretty;
    }
    .verdict {
      font-weight: 640;
      white-space: nowrap;
    }
    .verdict svg {
      width: 0.95em;
      height: 0.95em;
      vertical-align: -0.09em;
      stroke-width: 2;
      margin-right: 0.1em;
    }
    .stale {
      opacity: 0.6;
    }
    .refusal {
      display: flex;
      gap: var(--gap-2);
      margin-bottom: var(--gap-2);
      padding: var(--gap-2) var(--gap-3);
      border-radius: var(--radius);
      background: var(--oom-ground);
      color: var(--oom);
      align-items: center;
    }
    h1 .button {
      font-size: var(--text);
      letter-spacing: normal;
    }
    .refusal .button {
      margin-left: auto;
      height: 28px;
      color: var(--ink);
    }
    /* One row whatever the names: what hardware it takes gives way. */
    dl {
      display: flex;
      gap: var(--gap-5);
      margin-top: var(--gap-2);
    }
    dl > :nth-child(-n + 2) {
      flex: none;
    }
    dl > :nth-child(n + 3) {
      min-width: 0;
    }
    dt {
      color: var(--ink-3);
      font-size: var(--small);
      line-height: round(1.45em, 1px);
    }
    dd {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      justify-items: start;
      font-size: var(--large);
      font-weight: 600;
      line-height: 24px;
      white-space: nowrap;
    }
    dd button {
      padding: 0;
      border: 0;
      background: none;
      font-weight: inherit;
      min-height: 24px;
      max-width: 100%;
      overflow: hidden;
      text-overflow: ellipsis;
      text-decoration: underline dotted var(--edge) 1px;
      text-underline-offset: 3px;
    }
    dd button:hover {
      color: var(--accent);
    }
    /* Its line is kept free where there is nothing to say. */
    small {
      /* Several methods give way; the title says them. */
      max-width: min(100%, 24em);
      overflow: hidden;
      text-overflow: ellipsis;
      height: 16px;
      color: var(--ink-2);
      font-size: var(--tiny);
      line-height: 16px;
      font-weight: 400;
    }
    .less {
      display: none;
    }
    .changes {
      height: 34px;
      margin-top: var(--gap-2);
    }
    @media (min-width: 2200px) {
      h1 {
        min-height: var(--line);
      }
    }
    /* Between the columns of a small laptop: three lines, and all four answers in one row. */
    @media (max-width: 1199px) {
      h1 {
        --line: round(1.3em, 1px);
        min-height: calc(3 * var(--line));
        font-size: 1.125rem;
      }
      dl {
        column-gap: var(--gap-3);
      }
      .more {
        display: none;
      }
      .less {
        display: inline;
      }
    }
    @media (max-width: 899px) {
      h1 {
        font-size: var(--large);
      }
      dl > :nth-child(3) {
        flex-shrink: 99;
        min-width: 80px;
      }
      dt {
        white-space: nowrap;
      }
      @media (max-width: 374px) {
        .verdict {
          white-space: normal;
        }
        dl > *,
        dl > :nth-child(-n + 2) {
          flex: 0 1 auto;
        }
        dt,
        small {
          white-space: normal;
        }
        small {
          height: 32px;
        }
      }
      dl {
        justify-content: space-between;
        gap: var(--gap-1);
        margin-top: 2px;
      }
      dd {
        font-size: var(--text);
      }
      .changes {
        margin-top: 0;
      }
      @media (min-width: 600px) {
        h1 {
          min-height: calc(2 * var(--line));
        }
        dl {
          justify-content: start;
          gap: var(--gap-5);
        }
        .more {
          display: inline;
        }
        .less {
          display: none;
        }
      }
    }
    @media print {
      .changes {
        display: none;
      }
    }
  `,
]
