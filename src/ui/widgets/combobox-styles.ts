/** How the combobox and its list look. */
import { css } from 'lit'
import { shared } from '../styles/shared.ts'

export const comboboxStyles = [
  shared,
  css`
    .box {
      position: relative;
    }
    .field {
      padding-right: 28px;
      font-weight: 550;
      text-overflow: ellipsis;
    }
    .box > .icon {
      position: absolute;
      right: 8px;
      top: 8px;
      color: var(--ink-3);
      pointer-events: none;
    }
    .hint {
      margin-top: 3px;
      color: var(--ink-3);
      font-size: var(--small);
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    #list {
      position: fixed;
      inset: auto;
      margin: 0;
      padding: 4px;
      max-height: min(60vh, 420px);
      overflow: auto;
      border: 1px solid var(--line);
      border-radius: 8px;
      background: var(--surface);
      color: var(--ink);
      box-shadow: var(--shadow);
    }
    [role='option'] {
      display: flex;
      align-items: center;
      gap: var(--gap-2);
      padding: 5px 6px 5px 10px;
      min-height: 30px;
      border-radius: 4px;
      cursor: pointer;
    }
    [role='option'] .name {
      flex: 1;
      min-width: 0;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    [role='option'] .detail {
      color: var(--ink-3);
      font-size: var(--small);
      white-space: nowrap;
    }
    [role='option'][aria-selected='true'] {
      background: var(--accent-ground);
    }
    [role='option'].present .name {
      font-weight: 600;
    }
    .star {
      display: grid;
      place-items: center;
      width: 24px;
      height: 24px;
      color: var(--ink-3);
      border-radius: 4px;
    }
    .star:hover,
    .star.on {
      color: var(--tight);
    }
    .none {
      padding: 8px 10px;
      color: var(--ink-2);
    }
    @media (max-width: 899px) {
      .hint {
        display: none;
      }
    }
    @media (forced-colors: active) {
      [role='option'][aria-selected='true'] {
        outline: 2px solid Highlight;
      }
    }
  `,
]
