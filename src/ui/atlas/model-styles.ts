/** How the matrix of models looks, beyond what all atlases share. */
import { css } from 'lit'
import { atlasStyles } from './atlas-styles.ts'

export const modelStyles = [
  ...atlasStyles,
  css`
    :host {
      position: relative;
    }
    .bar > .field {
      width: 148px;
      height: 30px;
    }
    .sum {
      min-height: 1.45em;
    }
    progress {
      position: absolute;
      right: var(--gap-2);
      top: 78px;
      width: 120px;
      height: 6px;
      accent-color: var(--accent);
    }
    .scroll[role='application'] {
      cursor: crosshair;
    }
    .scroll:focus-visible {
      outline-offset: -2px;
    }
    canvas {
      position: sticky;
      top: 0;
      left: 0;
      display: block;
    }
    .open {
      padding: 0;
      border: 0;
      background: none;
      text-align: left;
    }
    .open:hover {
      color: var(--accent);
      text-decoration: underline;
    }
    @media (max-width: 899px) {
      .bar > .field {
        flex: 1;
      }
      .sum {
        order: 1;
      }
      progress {
        top: auto;
        bottom: 4px;
      }
    }
  `,
]
