/** How the atlases look. */
import { css } from 'lit'
import { shared } from '../styles/shared.ts'

export const atlasStyles = [
  shared,
  css`
    /* What is read first comes first; what explains it is below. */
    :host {
      container: atlas / inline-size;
      display: grid;
      grid-template: auto auto minmax(0, 1fr) / minmax(0, 1fr);
      grid-auto-rows: auto;
      gap: var(--gap-2);
      height: 100%;
      min-height: 0;
      padding: 0 var(--gap-2);
    }
    .bar {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--gap-2) var(--gap-3);
    }
    oom-segmented {
      --control: 30px;
    }
    .check {
      display: inline-flex;
      gap: 6px;
      align-items: center;
      min-height: 24px;
      color: var(--ink-2);
    }
    .check input {
      width: 16px;
      height: 16px;
      margin: 0;
      accent-color: var(--accent);
    }
    .sum {
      color: var(--ink-2);
    }
    .sum b {
      color: var(--ink);
    }
    .said {
      display: contents;
    }
    .left {
      order: 1;
      color: var(--ink-3);
      font-size: var(--small);
      line-height: 1.4;
    }
    .link {
      padding: 0 2px;
      border: 0;
      background: none;
      color: var(--accent);
      min-height: 24px;
    }
    .link:hover {
      text-decoration: underline;
    }
    .sort {
      padding: 0;
      min-height: 24px;
      border: 0;
      background: none;
      color: inherit;
      white-space: nowrap;
    }
    .sort:hover,
    th[aria-sort] .sort {
      color: var(--ink);
    }
    .way {
      display: inline-block;
      min-width: 0.9em;
      margin-left: 2px;
      text-align: center;
    }
    .number .way:empty {
      display: none;
    }
    .memory .detail {
      margin-left: 3px;
    }
    .scroll {
      overflow: auto;
      min-height: 0;
      border-top: 1px solid var(--line);
      scrollbar-width: thin;
    }
    table {
      width: 100%;
      border-collapse: separate;
      border-spacing: 1px;
    }
    th,
    td {
      padding: 0 6px;
      height: 26px;
      font-weight: 400;
      text-align: left;
      white-space: nowrap;
    }
    .number {
      text-align: right;
    }
    thead th {
      position: sticky;
      top: 0;
      z-index: 2;
      background: var(--ground);
      color: var(--ink-3);
      font-size: var(--small);
    }
    tbody th,
    thead th:first-child {
      position: sticky;
      left: 0;
      background: var(--ground);
    }
    thead th:first-child {
      z-index: 3;
    }
    tbody th {
      z-index: 1;
    }
    [role='grid'] tbody th {
      max-width: 204px;
      overflow: hidden;
      text-overflow: ellipsis;
    }
    tr.own th .name {
      font-weight: 650;
    }
    .detail {
      margin-left: 6px;
      color: var(--ink-3);
      font-size: var(--small);
    }
    .detail.fits {
      color: var(--fits);
    }
    .detail.tight {
      color: var(--tight);
    }
    .cell {
      min-width: 44px;
      padding: 0 4px;
      border-radius: 2px;
      cursor: pointer;
    }
    .cell:hover {
      outline: 1.5px solid var(--ink);
    }
    .cell:focus-visible {
      outline: 2px solid var(--accent);
      outline-offset: 1px;
    }
    .cell.tight,
    .swatch.tight {
      background: linear-gradient(currentcolor, currentcolor) center calc(100% - 3px) / calc(100% - 8px) 1px no-repeat;
    }
    .cell.oom,
    .swatch.oom {
      color: var(--ink-2);
      background: repeating-linear-gradient(135deg, var(--line) 0 1.5px, transparent 1.5px 6px) var(--sunken);
    }
    .cell.impossible {
      min-width: 18px;
      text-align: center;
    }
    .cell.impossible,
    .swatch.impossible {
      color: var(--ink-3);
      background: none;
    }
    .cell.pinned {
      box-shadow: inset 0 0 0 2px var(--ground), 0 0 0 2px var(--ink);
      font-weight: 650;
    }
    .none {
      padding: var(--gap-3) 0;
      color: var(--ink-2);
    }
    .legend {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 2px var(--gap-3);
      padding-bottom: 2px;
      color: var(--ink-2);
      font-size: var(--tiny);
    }
    .scale,
    .key {
      display: inline-flex;
      gap: 6px;
      align-items: center;
    }
    .ramp {
      width: 120px;
      height: 10px;
      border-radius: 2px;
    }
    .swatch {
      display: inline-grid;
      place-items: center;
      width: 18px;
      height: 12px;
      border-radius: 2px;
    }
    @media (max-width: 899px) {
      :host {
        padding: 0 var(--gap-1);
      }
    }
    /* Two lines to a row, so that every number of GPUs has its column; how much memory stands under the name. */
    @container atlas (max-width: 640px) {
      .bar {
        gap: 6px var(--gap-2);
      }
      .bar > oom-gpu-filter {
        order: 1;
      }
      .many .memory {
        display: none;
      }
      th,
      td {
        padding: 0 3px;
      }
      th .detail,
      .needs .detail {
        display: block;
        margin: 0;
        line-height: 1.2;
      }
      .needs .detail {
        font-size: var(--tiny);
      }
      tbody th,
      [role='grid'] tbody th {
        height: 34px;
        max-width: 112px;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .cell {
        min-width: 28px;
        padding: 0 1px;
        font-size: var(--tiny);
      }
    }
    @media (forced-colors: active) {
      .ramp {
        forced-color-adjust: none;
      }
      .cell.oom {
        color: GrayText;
      }
      .cell.tight {
        text-decoration: underline dotted;
      }
    }
  `,
]
