/** How two scenarios look beside each other. */
import { css } from 'lit'
import { shared } from '../styles/shared.ts'

export const compareStyles = [
  shared,
  css`
    :host {
      display: grid;
      grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
      gap: var(--gap-3);
      height: 100%;
      min-height: 0;
      padding: 0 var(--gap-2);
    }
    .scroll:first-child {
      grid-row: 1 / -1;
    }
    .invitation {
      display: flex;
      flex-wrap: wrap;
      gap: var(--gap-2) var(--gap-4);
      align-items: center;
      justify-content: space-between;
      padding: var(--gap-2) 0;
      color: var(--ink-2);
    }
    .primary {
      border-color: var(--accent);
      background: var(--accent);
      color: var(--on-accent);
      font-weight: 600;
    }
    .actions {
      display: flex;
      flex-wrap: wrap;
      gap: var(--gap-2);
    }
    .scroll {
      overflow: auto;
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      align-content: start;
      gap: var(--gap-3);
      scrollbar-width: thin;
    }
    .side {
      display: grid;
      grid-template-columns: 22px 1fr;
      gap: var(--gap-2);
    }
    @media (min-width: 375px) {
      .side b {
        white-space: nowrap;
      }
    }
    .side svg {
      vertical-align: -3px;
    }
    .letter {
      display: grid;
      place-items: center;
      width: 20px;
      height: 20px;
      border-radius: 4px;
      background: var(--sunken);
      border: 1px solid var(--line);
      font-size: var(--small);
    }
    .whole {
      display: grid;
      grid-template-columns: 22px minmax(0, 1fr) auto;
      gap: var(--gap-2);
      align-items: center;
    }
    .sum {
      color: var(--ink-2);
      font-size: var(--small);
    }
    .bar {
      position: relative;
      height: 20px;
      border-radius: 4px;
      background: var(--sunken);
    }
    .bar i {
      position: absolute;
      inset-block: 0;
      border-right: 1px solid var(--surface);
    }
    .bar .limit {
      width: 2px;
      inset-block: -3px;
      border: 0;
      background: var(--ink);
    }
    table {
      width: 100%;
      border-collapse: collapse;
    }
    th,
    td {
      height: 30px;
      padding: 0 var(--gap-2);
      border-bottom: 1px solid var(--line);
      font-weight: 400;
      text-align: left;
      white-space: nowrap;
    }
    thead th {
      color: var(--ink-3);
      font-size: var(--small);
    }
    .number {
      text-align: right;
    }
    .less {
      display: none;
    }
    .half {
      width: 19%;
      padding: 0;
    }
    .half i {
      display: block;
      height: 14px;
    }
    .left i {
      margin-left: auto;
      border-radius: 3px 0 0 3px;
    }
    .right {
      border-left: 1px solid var(--edge);
    }
    .right i {
      border-radius: 0 3px 3px 0;
    }
    .strong > *,
    .change {
      font-weight: 600;
    }
    .changes {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
      padding-bottom: var(--gap-3);
    }
    .changes div {
      display: flex;
      gap: 6px;
      padding: 3px 10px;
      border: 1px solid var(--line);
      border-radius: 14px;
      background: var(--surface);
    }
    .changes dt {
      color: var(--ink-3);
    }
    .same {
      color: var(--ink-2);
    }
    @media (max-width: 899px) {
      :host {
        height: auto;
      }
      .scroll {
        overflow: visible;
      }
      .half,
      .unit {
        display: none;
      }
      .less {
        display: inline;
      }
      tbody th {
        white-space: normal;
      }
      th,
      td {
        padding: 0 var(--gap-1);
      }
      .whole {
        grid-template-columns: 22px minmax(0, 1fr);
      }
      .sum {
        grid-column: 2;
      }
    }
    @media (max-width: 374px) {
      table {
        font-size: var(--small);
      }
      th,
      td {
        padding: 0 2px;
      }
    }
    @media (forced-colors: active) {
      .bar i,
      .half i {
        forced-color-adjust: none;
      }
    }
  `,
]
