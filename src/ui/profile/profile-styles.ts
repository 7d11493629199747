/** How profiles look. */
import { css } from 'lit'
import { chartStyles } from '../styles/chart.ts'
import { shared } from '../styles/shared.ts'

export const profileStyles = [
  shared,
  chartStyles,
  css`
    :host {
      grid-template-rows: auto auto minmax(0, 1fr);
    }
    .bar {
      flex-wrap: wrap;
      padding: 0 var(--gap-2);
    }
    .crossing:is(p) {
      padding: 0 var(--gap-2);
      color: var(--ink-2);
    }
    .crossing b {
      color: var(--ink);
    }
    .target:focus-visible {
      outline-offset: -2px;
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
    .leader {
      fill: none;
      stroke: var(--edge);
    }
    .name {
      fill: var(--ink);
      font-size: 12px;
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
    .safename,
    .contextname,
    .crossingname {
      fill: var(--ink);
      font-size: 12px;
      font-weight: 600;
      paint-order: stroke;
      stroke: var(--surface);
      stroke-width: 4px;
      stroke-linejoin: round;
    }
    .safename,
    .contextname {
      font-weight: 400;
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
    .context {
      stroke: var(--ink);
      stroke-width: 1.25;
      stroke-dasharray: 8 5;
    }
    .context.under {
      stroke: var(--surface);
      stroke-width: 3;
      stroke-dasharray: none;
      stroke-opacity: 0.7;
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
      padding: 0 var(--gap-2);
    }
    @media (forced-colors: active) {
      .ground {
        forced-color-adjust: none;
      }
    }
  `,
]
