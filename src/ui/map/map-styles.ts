/** How the map's overlay looks. */
import { css } from 'lit'
import { shared } from '../styles/shared.ts'

export const mapStyles = [
  shared,
  css`
    :host {
      display: block;
      position: relative;
      min-height: 0;
      overflow: hidden;
    }
    .stage,
    .surface,
    .target,
    canvas,
    .overlay {
      position: absolute;
      inset: 0;
      width: 100%;
      height: 100%;
    }
    .target.steered {
      cursor: crosshair;
    }
    .target {
      touch-action: pan-y;
      border-radius: var(--radius);
    }
    .target:focus-visible {
      outline-offset: -2px;
    }
    .overlay {
      isolation: isolate;
      pointer-events: none;
    }
    .edge {
      fill: none;
      stroke: var(--line);
    }
    .axis line {
      stroke: var(--edge);
    }
    .axis .domain {
      stroke: none;
    }
    .axis.bare text {
      display: none;
    }
    text {
      fill: var(--ink-2);
      font: 11px var(--font);
      font-variant-numeric: tabular-nums;
    }
    .axisname {
      fill: var(--ink-3);
    }
    .title {
      font-size: var(--small);
    }
    .title.own {
      fill: var(--ink);
      font-weight: 650;
    }
    .halo {
      fill: none;
      stroke: var(--surface);
      stroke-width: 5;
      stroke-opacity: 0.85;
    }
    .boundary {
      fill: none;
      stroke: var(--ink);
      stroke-width: 1.75;
      stroke-linejoin: round;
    }
    .mark {
      fill: var(--surface);
      stroke: var(--ink);
      stroke-width: 1.5;
    }
    .marktext {
      fill: var(--ink);
      font-weight: 600;
      paint-order: stroke;
      stroke: var(--surface);
      stroke-width: 3.5px;
      stroke-linejoin: round;
    }
    .marktext.fits {
      fill: var(--fits);
    }
    .marktext.tight {
      fill: var(--tight);
    }
    .marktext.oom {
      fill: var(--oom);
    }
    .many .pin:has(~ .hover) {
      opacity: 0.45;
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
    .contextname {
      paint-order: stroke;
      stroke: var(--surface);
      stroke-width: 4px;
      stroke-linejoin: round;
    }
    .kept {
      fill: none;
      stroke: var(--ink);
      stroke-width: 1.5;
      stroke-dasharray: 5 4;
    }
    .region {
      font-size: var(--small);
      font-weight: 550;
      fill: var(--ink-2);
      paint-order: stroke;
      stroke: var(--surface);
      stroke-width: 4px;
      stroke-linejoin: round;
    }
    .pin .underline,
    .hover .underline {
      fill: none;
      stroke: #000;
      stroke-opacity: 0.35;
      stroke-width: 1;
      transform: translate(1px, 1px);
    }
    .pin .line,
    .hover .line {
      fill: none;
      stroke: #fff;
      stroke-opacity: 0.75;
      stroke-dasharray: 2 3;
    }
    .hover .line {
      stroke-opacity: 0.9;
      stroke-dasharray: none;
      stroke-width: 0.75;
    }
    .ring {
      fill: none;
      stroke: #fff;
      stroke-width: 2.25;
    }
    .ring.outer {
      stroke: #101318;
      stroke-width: 5;
    }
    .band {
      fill: rgb(255 255 255 / 18%);
      stroke: var(--ink);
      stroke-dasharray: 4 3;
    }
    .impossible {
      position: absolute;
      display: grid;
      place-items: center;
      padding: var(--gap-3);
      background: var(--sunken);
      color: var(--ink-2);
      text-align: center;
      overflow: auto;
    }
    .impossible b {
      color: var(--oom);
    }
    .readout {
      position: absolute;
      display: grid;
      gap: 1px;
      padding: 6px 9px;
      border-radius: var(--radius);
      border: 1px solid var(--line);
      background: var(--surface);
      box-shadow: var(--shadow);
      font-size: var(--small);
      white-space: nowrap;
      pointer-events: none;
    }
    .readout.right {
      margin-left: 14px;
    }
    .readout.left {
      transform: translateX(calc(-100% - 14px));
    }
    .readout.above {
      margin-top: -64px;
    }
    .readout.below {
      margin-top: 14px;
    }
    .readout svg {
      width: 12px;
      height: 12px;
      vertical-align: -1px;
    }
    .readout .fits {
      color: var(--fits);
    }
    .readout .tight {
      color: var(--tight);
    }
    .readout .oom {
      color: var(--oom);
    }
    @media (forced-colors: active) {
      .halo,
      .ring.outer {
        stroke: Canvas;
      }
      .boundary,
      .context,
      .kept,
      .ring,
      .mark {
        stroke: CanvasText;
      }
      text {
        fill: CanvasText;
        stroke: none;
      }
    }
    /* Nothing is drawn for paper: what the screen shows is scaled as a whole. */
    @media print {
      .stage {
        position: relative;
        width: min(100%, 96mm * var(--shape));
        height: auto;
        margin-inline: auto;
        aspect-ratio: var(--shape);
      }
      .readout,
      .hover {
        display: none;
      }
    }
  `,
]
