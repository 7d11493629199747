/** How the breakdown looks. */
import { css } from 'lit'
import { shared } from '../styles/shared.ts'

export const breakdownStyles = [
  shared,
  css`
    :host {
      display: flex;
      flex-direction: column;
      gap: var(--gap-3);
    }
    :host > * {
      flex: none;
    }
    oom-notes:not(:defined) {
      display: none;
    }
    /* Takes what is left of the column, and scrolls within. */
    .table.open {
      display: flex;
      flex-direction: column;
    }
    oom-frontier {
      flex: 1;
      min-height: 0;
    }
    @media (min-width: 900px) {
      .table.open {
        flex: 1 0 190px;
        height: 0;
      }
    }
    header {
      display: flex;
      justify-content: space-between;
      align-items: baseline;
      gap: var(--gap-2);
    }
    h2 {
      flex: none;
    }
    header span {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
      color: var(--ink-2);
      font-size: var(--small);
    }
    .bar {
      position: relative;
      height: 26px;
      background: var(--sunken);
      border-radius: 4px;
    }
    .bar i {
      position: absolute;
      top: 0;
      bottom: 0;
      border-right: 1px solid var(--surface);
    }
    .bar .limit {
      width: 2px;
      top: -4px;
      bottom: -4px;
      border: 0;
      background: var(--ink);
    }
    .bar .margin {
      background: repeating-linear-gradient(135deg, var(--edge) 0 1px, transparent 1px 4px);
      opacity: 0.6;
      border: 0;
    }
    /* Where nine in ten measurements fall: a whisker under the bar. */
    .bar .range {
      top: auto;
      bottom: -4px;
      height: 3px;
      border: 0;
      background: var(--ink-2);
    }
    .scale {
      display: flex;
      justify-content: space-between;
      gap: 6px;
      white-space: nowrap;
      color: var(--ink-3);
      font-size: var(--tiny);
      margin-top: 7px;
    }
    ul {
      border-top: 1px solid var(--line);
    }
    li {
      border-bottom: 1px solid var(--line);
    }
    .row {
      display: grid;
      grid-template-columns: 12px 1fr auto 16px;
      gap: 2px 8px;
      align-items: center;
      width: 100%;
      min-height: 40px;
      padding: 4px 0;
      border: 0;
      background: none;
      text-align: left;
    }
    .row:hover {
      background: var(--sunken);
    }
    .row .icon {
      color: var(--ink-3);
    }
    .row[aria-expanded='true'] .icon {
      transform: rotate(180deg);
    }
    .swatch {
      width: 10px;
      height: 10px;
      border-radius: 2px;
    }
    .value {
      text-align: right;
      font-weight: 600;
    }
    .exact,
    .likely {
      display: block;
      color: var(--ink-3);
      font-size: var(--tiny);
      font-weight: 400;
    }
    .summary {
      display: flex;
      flex: none;
      gap: 4px;
      align-items: center;
      align-self: start;
      min-height: 28px;
      padding: 0;
      border: 0;
      background: none;
      color: var(--accent);
      font-weight: 550;
    }
    .summary[aria-expanded='true'] .icon {
      transform: rotate(180deg);
    }
    .sum div {
      display: grid;
      grid-template-columns: 1fr auto;
      gap: 0 var(--gap-2);
    }
    .sum .total {
      font-weight: 650;
    }
    .sum button {
      min-height: 24px;
      padding: 0;
      border: 0;
      background: none;
      color: var(--ink-2);
      font-weight: inherit;
      text-decoration: underline dotted var(--edge) 1px;
      text-underline-offset: 3px;
    }
    .sum button:hover {
      color: var(--accent);
    }
    .sum dd {
      position: relative;
      text-align: right;
      white-space: nowrap;
    }
    .sum .likely {
      white-space: normal;
    }
    .sum .opened {
      grid-column: 1 / -1;
      text-align: left;
      white-space: normal;
    }
    /* In a narrow column the sign and the picture say it to the eye. */
    @media (min-width: 900px) and (max-width: 1199px) {
      .hatched,
      .sum .oom > span {
        position: absolute;
        clip-path: inset(50%);
      }
    }
    .sum svg {
      vertical-align: -3px;
    }
    /* On a phone the bar stands under the verdict, as a part of the page's column, and the bytes below the map (app-styles.ts). */
    @media (max-width: 899px) {
      :host {
        display: contents;
      }
      :host > * {
        order: 5;
        padding: 6px var(--gap-3);
        background: var(--surface);
      }
      header {
        padding-top: var(--gap-3);
        border-top: 1px solid var(--line);
      }
      .gauge {
        order: 2;
        visibility: visible;
        padding: 0 var(--gap-3) var(--gap-2);
        background: none;
      }
      .gauge .bar {
        height: 14px;
      }
      .gauge .scale {
        margin-top: 4px;
        line-height: 14px;
      }
    }
    @media (forced-colors: active) {
      .bar i,
      .swatch {
        forced-color-adjust: none;
      }
    }
    @media print {
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
        gap: var(--gap-2) var(--gap-5);
        align-items: start;
        align-content: start;
      }
      :host > * {
        order: 0;
        padding: 0;
        grid-column: 1;
        background: none;
      }
      :host > header,
      :host > .gauge {
        grid-column: 1 / -1;
        order: 0;
        padding: 0;
        border: 0;
      }
      .table.open {
        grid-area: 3 / 2 / span 3 / 2;
        height: auto;
      }
      .row {
        min-height: 0;
        padding: 2px 0;
      }
      .summary {
        color: inherit;
      }
      .sum button {
        text-decoration: none;
      }
      .table:not(.open),
      .summary .icon,
      .row .icon {
        display: none;
      }
    }
  `,
]
