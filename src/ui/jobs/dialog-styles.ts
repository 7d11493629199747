/** How dialogs look, and the way out of them. */
import { css, html } from 'lit'
import { shared } from '../styles/shared.ts'
import { icon } from '../widgets/icons.ts'

export const dialogStyles = [
  shared,
  css`
    dialog {
      width: min(480px, calc(100vw - 24px));
      max-height: calc(100vh - 48px);
      padding: 0;
      overflow: hidden;
      border: 1px solid var(--line);
      border-radius: 12px;
      background: var(--surface);
      color: var(--ink);
      box-shadow: var(--shadow);
    }
    dialog::backdrop {
      background: rgb(10 12 16 / 40%);
    }
    form,
    .body {
      display: grid;
      gap: var(--gap-3);
    }
    /* It scrolls, so that the way out stays in its corner. */
    .body {
      max-height: calc(100vh - 50px);
      padding: var(--gap-5);
      overflow: auto;
      scrollbar-width: thin;
    }
    .out {
      position: absolute;
      top: 19px;
      right: 16px;
      width: 32px;
      padding: 0;
      background: var(--surface);
    }
    /* Leaves the corner to it. */
    .body > h2,
    .head {
      padding-right: 40px;
    }
    h2 {
      font-size: var(--large);
    }
    .foot {
      display: flex;
      justify-content: flex-end;
      gap: var(--gap-2);
      margin-top: var(--gap-2);
    }
    .primary {
      border-color: var(--accent);
      background: var(--accent);
      color: var(--on-accent);
      font-weight: 600;
    }
    .primary:hover:not(:disabled) {
      border-color: var(--ink);
    }
    .note {
      color: var(--ink-2);
    }
    progress {
      width: 100%;
      accent-color: var(--accent);
    }
    .good {
      color: var(--fits);
      font-weight: 600;
    }
    .bad {
      color: var(--oom);
      font-weight: 600;
    }
    kbd {
      padding: 1px 6px;
      border: 1px solid var(--line);
      border-radius: 4px;
      background: var(--sunken);
      font: var(--small) var(--font);
      white-space: nowrap;
    }
    table {
      border-collapse: collapse;
      width: 100%;
    }
    td {
      padding: 4px 0;
      border-top: 1px solid var(--line);
      vertical-align: top;
    }
    td:first-child {
      padding-right: var(--gap-4);
      white-space: nowrap;
    }
  `,
]

/** Last in its dialog, so that what is asked comes first to who goes by keyboard. */
export const wayOut = () => html`<button
  class="button quiet out"
  aria-label="Close"
  title="Close (Esc)"
  @click=${({ target }: Event) => (target as HTMLElement).closest('dialog')?.close()}
>
  ${icon('close')}
</button>`
