/** How the parts of the take-away dialog look. */
import { css } from 'lit'

export const takeStyles = css`
  :host {
    display: grid;
    gap: var(--gap-3);
    min-width: 0;
  }
  img {
    width: 100%;
    max-height: 46vh;
    object-fit: contain;
    border: 1px solid var(--line);
    border-radius: var(--radius);
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: var(--gap-2);
  }
  .notes {
    list-style: disc;
    padding-left: 18px;
    color: var(--ink-2);
  }
  .note:empty {
    display: none;
  }
  code {
    font: 0.95em var(--mono);
  }
`
