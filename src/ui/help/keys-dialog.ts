/** The keyboard map, on `?`. */
import { css, html, LitElement } from 'lit'
import { customElement, query } from 'lit/decorators.js'
import { dialogStyles, wayOut } from '../jobs/dialog-styles.ts'

const groups: [name: string, keys: [keys: string, what: string][]][] = [
  [
    'Anywhere but in a field',
    [
      ['Ctrl Z', 'Undo'],
      ['Ctrl Shift Z', 'Redo'],
      ['M', 'Choose a model'],
      ['G', 'Choose a GPU'],
      ['?', 'This list'],
    ],
  ],
  [
    'On the map',
    [
      ['← → ↑ ↓', 'Walk the cells'],
      ['Shift', 'with arrows: twice or half'],
      ['Alt', 'with arrows: one token, one sequence'],
      ['[ ]', 'Walk the panels'],
      ['Enter', 'Pin the cell'],
      ['+ −', 'Zoom at the cell'],
      ['0 or Esc', 'Show everything'],
    ],
  ],
  [
    'With a pointer on the map',
    [
      ['Click', 'Pin the cell'],
      ['Drag', 'Zoom into a rectangle'],
      ['Shift drag', 'Move the map; with a finger sideways'],
      ['Wheel, pinch', 'Zoom at the pointer'],
      ['Double click', 'Show everything'],
    ],
  ],
  [
    'In the other views',
    [
      ['← →', 'On tabs: the next view; on profile and overlay: the next length, with Shift further'],
      ['← → ↑ ↓', 'Walk the cells of GPUs and models'],
      ['Enter', 'Pin the length, open the cell'],
    ],
  ],
  [
    'In number fields',
    [
      ['32k, 1M', '32 768, 1 048 576'],
      ['↑ ↓', 'Step; with Shift twice or half, with Alt by one'],
    ],
  ],
]

@customElement('oom-keys')
export class OomKeys extends LitElement {
  @query('dialog') private dialog!: HTMLDialogElement

  static override styles = [
    dialogStyles,
    css`
      td:first-child {
        width: 132px;
        white-space: nowrap;
      }
      @media (min-width: 900px) {
        dialog {
          width: min(860px, calc(100vw - 48px));
        }
        .groups {
          columns: 2;
          column-gap: 32px;
        }
        section {
          margin-bottom: var(--gap-4);
          break-inside: avoid;
        }
      }
    `,
  ]

  async show() {
    await this.updateComplete
    if (!this.dialog.open) this.dialog.showModal()
  }

  override render() {
    return html`<dialog aria-labelledby="title">
      <div class="body" tabindex="0" role="region" aria-labelledby="title">
        <h2 id="title">Keyboard and pointer</h2>
        <div class="groups">${groups.map(
          ([name, keys]) => html`<section>
            <h3>${name}</h3>
            <table>
              ${keys.map(([key, what]) => html`<tr><td><kbd>${key}</kbd></td><td>${what}</td></tr>`)}
            </table>
          </section>`,
        )}</div>
      </div>
      ${wayOut()}
    </dialog>`
  }
}
