/** What all elements look alike in: controls, labels, focus. Values come from tokens.css. */
import { css } from 'lit'

export const shared = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ul,
  ol,
  figure {
    margin: 0;
    padding: 0;
  }

  ul,
  ol {
    list-style: none;
  }

  h2,
  h3 {
    font-size: var(--text);
    font-weight: 600;
  }

  button,
  input,
  select {
    font: inherit;
    font-variant-numeric: tabular-nums;
    color: inherit;
    letter-spacing: inherit;
  }

  button {
    cursor: pointer;
  }

  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
  }

  .hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  .field,
  .select {
    width: 100%;
    height: var(--control);
    padding: 0 var(--gap-2);
    border: 1px solid var(--edge);
    border-radius: var(--radius);
    background: var(--surface);
  }

  .label {
    display: flex;
    justify-content: space-between;
    gap: var(--gap-2);
    margin-bottom: 3px;
    color: var(--ink-2);
    font-size: var(--small);
    /* Whole pixels: see the answer's. */
    line-height: round(1.45em, 1px);
  }

  .error {
    margin-top: 3px;
    color: var(--oom);
    font-size: var(--small);
  }

  [aria-invalid='true'] {
    border-color: var(--oom) !important;
    outline-color: var(--oom);
  }

  /* Verdicts. */
  .fits {
    color: var(--fits);
  }

  .tight {
    color: var(--tight);
  }

  .oom {
    color: var(--oom);
  }

  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    height: var(--control);
    padding: 0 10px;
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
    white-space: nowrap;
  }

  .button:hover:not(:disabled) {
    border-color: var(--edge);
  }

  .button:disabled {
    color: var(--ink-3);
    cursor: default;
  }

  .quiet {
    border-color: transparent;
    background: none;
  }

  .quiet:hover:not(:disabled) {
    border-color: transparent;
    background: var(--sunken);
  }

  svg.icon {
    width: 16px;
    height: 16px;
    flex: none;
    fill: none;
    stroke: currentcolor;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  @media (min-width: 900px) and (max-width: 1199px) {
    .select {
      padding: 0 0 0 3px;
    }
  }

  @media (forced-colors: active) {
    .button,
    .field,
    .select {
      border-color: ButtonText;
    }
  }
`
