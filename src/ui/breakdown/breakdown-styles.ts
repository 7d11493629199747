/** How the breakdown looks. */
import { css } from 'lit'
import { shared } from '../styles/shared.ts'

export const breakdownStyles = [
  shared,
  css`
    oom-notes:not(:defined) {
      display: none;
    }
    :host {
      display: grid;
      gap: var(--gap-3);
      align-content: start;
    }
    header {
      display: flex;
      justify-content: space-between;
      align-items: baseline;
      gap: var(--gap-2);
    }
    header span {
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
    .scale {
      display: flex;
      justify-content: space-between;
      color: var(--ink-3);
      font-size: var(--tiny);
      margin-top: 5px;
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
    .exact {
      display: block;
      color: var(--ink-3);
      font-size: var(--tiny);
      font-weight: 400;
    }
    summary {
      min-height: 28px;
      padding: 4px 0;
      color: var(--accent);
      font-weight: 550;
      cursor: pointer;
    }
    .sum {
      display: grid;
      grid-template-columns: 1fr auto;
      gap: 3px var(--gap-2);
    }
    .sum dd {
      text-align: right;
    }
    .sum .strong {
      font-weight: 650;
    }
    .sum dt {
      color: var(--ink-2);
    }
    .sum svg {
      vertical-align: -3px;
    }
    .fits {
      color: var(--fits);
    }
    .tight {
      color: var(--tight);
    }
    .oom {
      color: var(--oom);
    }
    @media (forced-colors: active) {
      .bar i,
      .swatch {
        forced-color-adjust: none;
      }
    }
    @media print {
      details:not([open]),
      .row .icon {
        display: none;
      }
    }
  `,
]
