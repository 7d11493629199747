/** What the map is split by: one of the usual fields side by side, and a further one from a list, as rows. */
import { css, html, LitElement } from 'lit'
import { customElement } from 'lit/decorators.js'
import { changeView, type PanelField, page } from '../state/document.ts'
import { Watching } from '../state/signal.ts'
import { shared } from '../styles/shared.ts'
import type { Changed } from '../widgets/events.ts'
import { panelFieldsFor, panelNames } from './panels.ts'
import '../widgets/segmented.ts'

/** So many fields have a button of their own; fewer on a phone, so that none is cut. */
const buttonsFor = (width: number) => Math.min(4, Math.floor(width / 62 - 3))

@customElement('oom-compare-by')
export class OomCompareBy extends LitElement {
  constructor() {
    super()
    new Watching(this, page)
  }

  static override styles = [
    shared,
    css`
      :host {
        --control: 30px;
        display: flex;
        gap: var(--gap-2);
        align-items: center;
        min-width: 0;
        overflow-x: auto;
        scrollbar-width: none;
      }
      select {
        width: 82px;
        height: 32px;
        flex: none;
        padding: 0 4px;
        border: 1px solid var(--edge);
        border-radius: var(--radius);
        background: var(--surface);
        color: var(--ink-2);
      }
      @media (max-width: 1199px) {
        :host {
          --segment-padding: 4px;
        }
      }
      @media (max-width: 899px) {
        :host {
          --segment-padding: 5px;
          flex-wrap: wrap;
        }
      }
      select.chosen {
        width: auto;
        color: var(--ink);
        font-weight: 550;
      }
    `,
  ]

  override render() {
    const { input, view } = page.value
    const fields = panelFieldsFor(input)
    const buttons = fields.slice(0, buttonsFor(window.innerWidth))
    const first = view.by.find((field) => buttons.includes(field))
    const second = view.by.find((field) => field !== first)
    const options = [{ value: '', label: 'One map' }, ...buttons.map((value) => ({ value, label: panelNames[value] }))]
    const show = (...by: (PanelField | undefined)[]) => changeView({ by: by.filter((field) => field !== undefined) })
    return html`<oom-segmented
        label="Compare"
        quiet
        .options=${options}
        .value=${first ?? (second ? 'none' : '')}
        @oom-change=${({ detail: { value } }: CustomEvent<Changed<PanelField | ''>>) =>
          value === '' ? show() : show(value, second === value ? undefined : second)}
      ></oom-segmented>
      <select
        aria-label="Compare by a further field"
        class=${second ? 'chosen' : ''}
        @change=${({ target }: Event) => show(first, ((target as HTMLSelectElement).value || undefined) as PanelField)}
      >
        <option value="" .selected=${!second}>${first ? '× …' : 'More …'}</option>
        ${fields
          .filter((field) => field !== first)
          .map((field) => html`<option value=${field} .selected=${field === second}>${panelNames[field]}</option>`)}
      </select>`
  }
}
