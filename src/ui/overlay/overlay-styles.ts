/** How overlays look. Ten inks that differ in lightness as well as in hue (after Okabe and Ito 2008), each with its own dashes. */
import { css } from 'lit'
import { chartStyles } from '../styles/chart.ts'
import { shared } from '../styles/shared.ts'

export const overlayStyles = [
  shared,
  chartStyles,
  css`
    :host {
      grid-template-rows: auto minmax(0, 1fr);
      padding: 0 var(--gap-2);
    }
    .bar {
      align-items: start;
    }
    .both {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      gap: var(--gap-3);
      min-height: 0;
    }
    .edge {
      fill: var(--surface);
    }
    .l0 { --line-ink: light-dark(#0063a6, #63b8f0); }
    .l1 { --line-ink: light-dark(#b8460b, #ff9a62); --dash: 7 4; }
    .l2 { --line-ink: light-dark(#00725a, #4fd0aa); --dash: 2 3; }
    .l3 { --line-ink: light-dark(#8a3a92, #dd9be6); --dash: 10 3 2 3; }
    .l4 { --line-ink: light-dark(#7a5c00, #e3c04a); --dash: 14 4; }
    .l5 { --line-ink: light-dark(#3c4a5c, #b4c3d6); --dash: 5 2; }
    .l6 { --line-ink: light-dark(#b01c5c, #ff8fbb); --dash: 3 3 8 3; }
    .l7 { --line-ink: light-dark(#28704a, #8fdca0); --dash: 1 4; }
    .l8 { --line-ink: light-dark(#5340b5, #b0a4ff); --dash: 12 3 3 3 3 3; }
    .l9 { --line-ink: light-dark(#8c2f1a, #f0a08c); --dash: 4 6; }
    .line {
      fill: none;
      stroke: var(--line-ink);
      stroke-dasharray: var(--dash, none);
      stroke-width: 1.75;
      stroke-linejoin: round;
    }
    .line.own {
      stroke-width: 3;
    }
    .line.dim {
      opacity: 0.25;
    }
    .halo {
      fill: none;
      stroke: var(--surface);
      stroke-width: 5;
    }
    .linename {
      fill: var(--line-ink);
      font-size: 12px;
      font-weight: 550;
      paint-order: stroke;
      stroke: var(--surface);
      stroke-width: 4px;
      stroke-linejoin: round;
    }
    .linename.own {
      font-weight: 700;
    }
    .here {
      stroke: var(--edge);
      stroke-dasharray: 2 3;
    }
    .mark {
      fill: var(--surface);
      stroke: var(--line-ink);
      stroke-width: 2;
    }
    .ring {
      fill: none;
      stroke: var(--surface);
      stroke-width: 2;
    }
    .ring.outer {
      stroke: var(--ink);
      stroke-width: 5;
    }
    .readings {
      width: 176px;
      overflow: auto;
    }
    .readings h2 {
      margin-bottom: var(--gap-1);
      color: var(--ink-2);
      font-size: var(--small);
      font-weight: 500;
    }
    .readings li {
      display: grid;
      grid-template-columns: 18px minmax(0, 1fr) auto;
      gap: 7px;
      align-items: center;
      min-height: 26px;
      border-top: 1px solid var(--line);
    }
    .readings .own span {
      font-weight: 650;
    }
    @media (max-width: 899px) {
      :host {
        padding: 0 var(--gap-1);
      }
      .bar {
        flex-wrap: wrap;
      }
      .both {
        grid-template-columns: minmax(0, 1fr);
        grid-template-rows: minmax(0, 1fr) auto;
      }
      .readings {
        width: auto;
        max-height: 130px;
      }
      .readings ul {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 0 var(--gap-3);
      }
    }
    @media (forced-colors: active) {
      .line {
        stroke: CanvasText;
      }
    }
  `,
]
