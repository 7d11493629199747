/** How profiles look. */
import { css } from 'lit'
import { shared } from '../styles/shared.ts'

export const profileStyles = [
  shared,
  css`
    :host {
      display: grid;
      grid-template-rows: auto auto minmax(0, 1fr);
      gap: var(--gap-2);
      min-height: 0;
      height: 100%;
    }
    .bar {
      display: flex;
      flex-wrap: wrap;
      justify-content: space-between;
      gap: var(--gap-2);
      padding: 0 var(--gap-2);
    }
    oom-segmented {
      --control: 30px;
    }
    .crossing:is(p) {
      padding: 0 var(--gap-2);
      color: var(--ink-2);
    }
    .crossing b {
      color: var(--ink);
    }
    .stage {
      position: relative;
      min-height: 0;
      overflow: hidden;
    }
    .target {
      position: absolute;
      inset: 0;
      cursor: crosshair;
      touch-action: pan-y;
      border-radius: var(--radius);
    }
    .target:focus-visible {
      outline-offset: -2px;
    }
    .target svg {
      display: block;
    }
    .area {
      stroke: var(--surface);
      stroke-width: 0.75;
    }
    .stroke {
      fill: none;
      stroke: var(--surface);
      stroke-width: 1;
      stroke-opacity: 0.45;
    }
    .edge {
      fill: none;
      stroke: var(--line);
    }
    .tick,
    .leader {
      fill: none;
      stroke: var(--edge);
    }
    text {
      fill: var(--ink-2);
      font: 11px var(--font);
      font-variant-numeric: tabular-nums;
    }
    .axisname {
      fill: var(--ink-3);
    }
    .name {
      fill: var(--ink);
      font-size: 12px;
    }
    .bytes {
      fill: var(--ink-2);
    }
    .beyond {
      fill: var(--ground);
      fill-opacity: 0.58;
    }
    .beyondname {
      fill: var(--oom);
      font-size: 12px;
      font-weight: 550;
    }
    .halo {
      stroke: var(--surface);
      stroke-width: 5;
      stroke-opacity: 0.85;
    }
    .capacity {
      stroke: var(--ink);
      stroke-width: 1.75;
    }
    .safe {
      stroke: var(--ink);
      stroke-dasharray: 2 3;
    }
    .capacityname,
    .crossingname {
      fill: var(--ink);
      font-size: 12px;
      font-weight: 600;
      paint-order: stroke;
      stroke: var(--surface);
      stroke-width: 4px;
      stroke-linejoin: round;
    }
    circle.crossing {
      fill: var(--surface);
      stroke: var(--oom);
      stroke-width: 2.25;
    }
    path.crossing {
      stroke: var(--oom);
      stroke-dasharray: 4 3;
    }
    .pin {
      stroke: #fff;
      stroke-opacity: 0.95;
      stroke-dasharray: 2 3;
      stroke-width: 1;
    }
    .here {
      stroke: #fff;
      stroke-width: 1;
    }
    .under {
      stroke: #101318;
      stroke-opacity: 0.65;
      stroke-dasharray: none;
      stroke-width: 2;
    }
    .mark {
      fill: #fff;
      stroke: #101318;
      stroke-width: 2;
    }
    .scroll {
      height: 100%;
      overflow: auto;
      padding: 0 var(--gap-2);
    }
    table {
      border-collapse: collapse;
      font-variant-numeric: tabular-nums;
    }
    th,
    td {
      padding: 5px 14px 5px 0;
      border-bottom: 1px solid var(--line);
      text-align: right;
      white-space: nowrap;
      font-weight: 400;
    }
    thead th {
      position: sticky;
      top: 0;
      background: var(--ground);
      color: var(--ink-2);
      font-size: var(--small);
    }
    tbody th {
      font-weight: 600;
    }
    .pinned > * {
      background: var(--accent-ground);
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
      .ground {
        forced-color-adjust: none;
      }
    }
  `,
]
