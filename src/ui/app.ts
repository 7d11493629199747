/** The page: controls, the answer with its map, and the breakdown; one viewport on a laptop, one column on a phone. */
import { css, html, LitElement, nothing } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import type { Drawn } from './engine/engine.ts'
import { engine } from './engine/engines.ts'
import type { Option } from './options.ts'
import { changeView, type PanelField, page, redo, undo } from './state/document.ts'
import { problems } from './state/link.ts'
import { Watching } from './state/signal.ts'
import { shared } from './styles/shared.ts'
import { opened } from './views/opened.ts'
import type { Changed } from './widgets/events.ts'
import './answer/answer.ts'
import './breakdown/breakdown.ts'
import './controls/controls.ts'
import './header.ts'
import './map/legend.ts'
import './map/map.ts'
import './views/tabs.ts'

const panels: Option[] = [
  { value: 'none', label: 'One map' },
  { value: 'precision.weights', label: 'Weights' },
  { value: 'precision.kvCache', label: 'KV cache' },
  { value: 'hardware.count', label: 'GPU count' },
  { value: 'hardware.gpu', label: 'GPUs' },
]

@customElement('oom-app')
export class OomApp extends LitElement {
  @state() private drawn: Drawn | null = null

  constructor() {
    super()
    new Watching(this, page as never, problems as never, engine as never)
  }

  static override styles = [
    shared,
    css`
      main {
        display: grid;
        grid-template: 'controls answer breakdown' auto 'controls map breakdown' 1fr / 288px minmax(0, 1fr) 332px;
        height: calc(100vh - 48px);
        min-height: 640px;
      }
      oom-controls,
      oom-breakdown {
        padding: var(--gap-4);
        overflow-y: auto;
        scrollbar-width: thin;
        background: var(--surface);
      }
      oom-controls {
        grid-area: controls;
        border-right: 1px solid var(--line);
      }
      oom-breakdown {
        grid-area: breakdown;
        border-left: 1px solid var(--line);
      }
      .answer {
        grid-area: answer;
        padding: var(--gap-4) var(--gap-5) var(--gap-3);
      }
      .map {
        grid-area: map;
        display: grid;
        grid-template-rows: auto auto minmax(0, 1fr) auto;
        gap: var(--gap-2) 0;
        min-height: 0;
        padding: 0 var(--gap-4) var(--gap-3) var(--gap-4);
      }
      .view {
        grid-row: 2 / -1;
        min-height: 0;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        align-items: center;
        gap: var(--gap-2) var(--gap-4);
        padding: 0 var(--gap-2) var(--gap-2);
      }
      .engine {
        display: flex;
        justify-content: space-between;
        gap: var(--gap-4);
        padding: 2px var(--gap-2) 0;
        color: var(--ink-3);
        font-size: var(--tiny);
      }
      .problems {
        margin-bottom: var(--gap-3);
        padding: var(--gap-2) var(--gap-3);
        border-radius: var(--radius);
        background: var(--tight-ground);
        color: var(--tight);
      }
      oom-segmented {
        --control: 30px;
      }
      @media (min-width: 1700px) {
        main {
          grid-template-columns: 320px minmax(0, 1fr) 400px;
        }
      }
      @media (max-width: 899px) {
        main {
          display: flex;
          flex-direction: column;
          height: auto;
          min-height: 0;
        }
        .answer {
          padding: var(--gap-2) var(--gap-3);
        }
        .answer {
          order: 1;
        }
        oom-controls {
          order: 2;
          border-block: 1px solid var(--line);
        }
        .map {
          order: 3;
          height: 330px;
          padding: var(--gap-2) var(--gap-2) 0;
        }
        .map.tall {
          height: 560px;
        }
        oom-breakdown {
          order: 4;
          border-top: 1px solid var(--line);
        }
        oom-controls,
        oom-breakdown {
          border-inline: 0;
          padding: var(--gap-2) var(--gap-3);
        }
        .bar {
          padding: 0 var(--gap-1) var(--gap-1);
        }
        .engine {
          display: none;
        }
      }
      @media (min-width: 900px) and (max-width: 1199px) {
        main {
          grid-template-columns: 256px minmax(0, 1fr) 280px;
        }
      }
    `,
  ]

  override connectedCallback() {
    super.connectedCallback()
    window.addEventListener('keydown', shortcuts)
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    window.removeEventListener('keydown', shortcuts)
  }

  override render() {
    const { by, show } = page.value.view
    return html`<oom-header role="banner"></oom-header>
      <main>
        <oom-controls></oom-controls>
        <div class="answer">
          ${
            problems.value.length
              ? html`<div class="problems" role="alert"><ul>
                  ${problems.value.map(({ key, text, message }) => html`<li>This link’s <b>${key}</b>${text ? ` (${text.slice(0, 40)})` : ''} was left out: ${message}</li>`)}
                </ul></div>`
              : nothing
          }
          <oom-answer></oom-answer>
        </div>
        <section class="map ${show === 'map' ? '' : 'tall'}" aria-label=${show === 'map' ? 'Map' : 'View'}>
          <oom-tabs></oom-tabs>
          ${show === 'map' ? this.map(by) : opened(show)}
        </section>
        <oom-breakdown></oom-breakdown>
      </main>`
  }

  private map(by: PanelField) {
    return html`<div class="bar">
        <oom-segmented
          label="Compare"
          quiet
          .options=${panels}
          .value=${by}
          @oom-change=${({ detail }: CustomEvent<Changed<PanelField>>) => changeView({ by: detail.value })}
        ></oom-segmented>
        <oom-legend></oom-legend>
      </div>
      <oom-map @oom-drawn=${({ detail }: CustomEvent<Drawn>) => {
        this.drawn = detail
      }}></oom-map>
      <p class="engine">
        <span>${engine.value.reason}</span>
        <span>${this.drawn ? `Drawn in ${Math.max(1, Math.round(this.drawn.milliseconds))} ms` : ''}</span>
      </p>`
  }
}

/** Undo and redo, wherever the focus is but in a text field, which has its own. */
function shortcuts(event: KeyboardEvent) {
  const typing = (event.composedPath()[0] as HTMLElement).matches?.('input:not([type=range], [type=radio])')
  if (!(event.ctrlKey || event.metaKey) || typing) return
  const key = event.key.toLowerCase()
  if (key === 'z') (event.shiftKey ? redo : undo)()
  else if (key === 'y') redo()
  else return
  event.preventDefault()
}
