/** The views that share the map's place, as tabs: each answers a question of its own about the same scenario. */
import { css, html, LitElement } from 'lit'
import { customElement } from 'lit/decorators.js'
import { changeView, page, type ViewName, viewNames } from '../state/document.ts'
import { Watching } from '../state/signal.ts'
import { shared } from '../styles/shared.ts'
import { warmView } from './opened.ts'

const labels: Record<ViewName, [name: string, about: string]> = {
  map: ['Map', 'Memory over batch and sequence'],
  profile: ['Profile', 'What fills the memory along one axis'],
  gpus: ['GPUs', 'Which GPU, and how many'],
  models: ['Models', 'Every model on every GPU'],
  overlay: ['Overlay', 'Several boundaries on one plot'],
  compare: ['A | B', 'Two scenarios side by side'],
}

@customElement('oom-tabs')
export class OomTabs extends LitElement {
  constructor() {
    super()
    new Watching(this, page)
  }

  static override styles = [
    shared,
    css`
      :host {
        min-width: 0;
        overflow: hidden;
      }
      [role='tablist'] {
        display: flex;
        gap: 2px;
        padding: 0 var(--gap-2);
        border-bottom: 1px solid var(--line);
        overflow-x: auto;
        scrollbar-width: none;
      }
      [role='tab'] {
        height: 34px;
        padding: 0 12px;
        border: 0;
        border-bottom: 2px solid transparent;
        margin-bottom: -1px;
        background: none;
        color: var(--ink-2);
        white-space: nowrap;
      }
      [role='tab']:hover {
        color: var(--ink);
      }
      [role='tab'][aria-selected='true'] {
        color: var(--ink);
        font-weight: 600;
        border-bottom-color: var(--accent);
      }
      @media (max-width: 899px) {
        [role='tablist'] {
          padding: 0;
        }
        [role='tab'] {
          padding: 0 9px;
        }
      }
      @media (max-width: 359px) {
        [role='tab'] {
          padding: 0 5px;
        }
      }
      [role='tab']:focus-visible {
        outline-offset: -3px;
      }
      @media (forced-colors: active) {
        [role='tab'][aria-selected='false'] {
          border-bottom-color: ButtonFace;
        }
      }
    `,
  ]

  override render() {
    const { show } = page.value.view
    return html`<div role="tablist" aria-label="Views" @keydown=${this.key}>
      ${viewNames.map((name) => {
        const [label, about] = labels[name]
        const selected = name === show
        return html`<button
          role="tab"
          id=${name}
          title=${about}
          aria-selected=${selected ? 'true' : 'false'}
          tabindex=${selected ? 0 : -1}
          @click=${() => changeView({ show: name })}
          @pointerenter=${() => warmView(name)}
        >
          ${label}
        </button>`
      })}
    </div>`
  }

  private async key({ key }: KeyboardEvent) {
    const direction = { ArrowRight: 1, ArrowLeft: -1 }[key]
    if (!direction) return
    const next = viewNames.indexOf(page.value.view.show) + direction + viewNames.length
    changeView({ show: viewNames[next % viewNames.length] })
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>('[aria-selected=true]')?.focus()
  }
}
