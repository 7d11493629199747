/** How the dialog for one's own models and GPUs looks. */
import { css } from 'lit'

export const bringStyles = css`
  dialog {
    width: min(640px, calc(100vw - 24px));
  }
  dialog.over {
    outline: 2px dashed var(--accent);
    outline-offset: -8px;
  }
  .head {
    display: flex;
    justify-content: space-between;
    align-items: center;
    gap: var(--gap-3);
  }
  textarea.field {
    height: auto;
    padding: var(--gap-2);
    resize: vertical;
    font: var(--small) / 1.5 var(--mono);
  }
  code {
    font: 0.95em var(--mono);
  }
  .row,
  .row form {
    display: flex;
    flex-wrap: wrap;
    gap: var(--gap-2);
    align-items: center;
  }
  .row form {
    flex: 1;
    min-width: 260px;
  }
  .row form .field {
    flex: 1;
    width: 120px;
    min-width: 120px;
  }
  .file {
    position: relative;
    overflow: hidden;
  }
  .file input {
    position: absolute;
    inset: 0;
    opacity: 0;
    cursor: pointer;
  }
  .file:focus-within {
    outline: 2px solid var(--accent);
  }
  .preview {
    display: grid;
    gap: var(--gap-2);
    padding: var(--gap-3);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--ground);
    overflow-wrap: anywhere;
  }
  .preview h3 {
    font-size: var(--large);
  }
  .preview dl {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 3px var(--gap-3);
  }
  .preview dt {
    color: var(--ink-3);
  }
  .preview table {
    width: auto;
  }
  .preview th {
    padding: 4px var(--gap-4) 4px 0;
    border-top: 1px solid var(--line);
    font-weight: 400;
    text-align: left;
  }
  .preview td {
    text-align: right;
  }
  summary {
    min-height: 24px;
    color: var(--accent);
    cursor: pointer;
  }
  .assumed {
    padding: var(--gap-2) var(--gap-3);
    border-radius: var(--radius);
    background: var(--tight-ground);
    color: var(--tight);
  }
  .assumed ul {
    list-style: disc;
    padding-left: 18px;
  }
  .missing {
    color: var(--oom);
  }
  .saved {
    display: grid;
    gap: 6px;
  }
  .saved li {
    display: flex;
    align-items: center;
    gap: var(--gap-2);
  }
  p[role='status']:empty {
    display: none;
  }
`
