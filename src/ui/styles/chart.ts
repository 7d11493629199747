/** What charts beside the map have in common: a stage with a target for pointer and keys, quiet axes, and the same numbers as a table. */
import { css } from 'lit'

export const chartStyles = css`
  :host {
    display: grid;
    gap: var(--gap-2);
    height: 100%;
    min-height: 0;
  }
  .bar {
    display: flex;
    justify-content: space-between;
    gap: var(--gap-2);
  }
  oom-segmented {
    --control: 30px;
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
  .target svg {
    display: block;
  }
  .edge {
    fill: none;
    stroke: var(--line);
  }
  .tick {
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
  .scroll {
    height: 100%;
    overflow: auto;
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
`
