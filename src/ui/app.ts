/** The page: controls, the answer with its map, and the breakdown; one viewport on a laptop, one column on a phone. */
import { html, LitElement, nothing } from 'lit'
import { query, state } from 'lit/decorators.js'
import { appStyles } from './app-styles.ts'
import type { OomControls } from './controls/controls.ts'
import { engine } from './engine/engines.ts'
import type { OomHeader } from './header.ts'
import { hintsLeft } from './help/hints-left.ts'
import { listenToShortcuts } from './help/shortcuts.ts'
import { nextTask, whenIdle } from './idle.ts'
import type { MapDrawn } from './map/map.ts'
import { page } from './state/document.ts'
import { problems } from './state/link.ts'
import { Watching } from './state/signal.ts'
import { opened } from './views/opened.ts'
import { besideField } from './words.ts'
import './answer/answer.ts'
import './breakdown/breakdown.ts'
import './controls/controls.ts'
import './header.ts'
import './map/compare-by.ts'
import './map/legend.ts'
import './map/map.ts'
import './map/scale-toggles.ts'
import './views/tabs.ts'

/** A link has room for ten thousand broken entries; a reader has not. */
const MOST_PROBLEMS = 8

/** Defined as `oom-app` by main.ts, once there is an answer to show. */
export class OomApp extends LitElement {
  @state() private drawn: MapDrawn | null = null
  /** How many of its parts are there: one more each task, the answer first. */
  @state() private parts = 1
  @query('oom-header') private header!: OomHeader | null
  @query('oom-controls') private controls!: OomControls | null
  private unlisten = () => {}

  constructor() {
    super()
    new Watching(this, page, problems, engine)
  }

  static override styles = appStyles

  protected override createRenderRoot() {
    // The first picture (scripts/first-picture.mjs) has done its work.
    this.shadowRoot?.replaceChildren()
    this.replaceChildren()
    return super.createRenderRoot()
  }

  override connectedCallback() {
    super.connectedCallback()
    this.unlisten = listenToShortcuts(
      () => void this.header?.help(),
      (label) => this.controls?.focusOn(label),
    )
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    this.unlisten()
  }

  protected override async firstUpdated() {
    while (this.parts < 4) {
      await nextTask()
      this.parts++
    }
    whenIdle(() => void import('./print.ts').then(({ tellPaper }) => tellPaper()).catch(() => {}))
    if (hintsLeft()) whenIdle(() => void import('./help/hints.ts').catch(() => {}))
  }

  override render() {
    const { by, show } = page.value.view
    const further = problems.value.length - MOST_PROBLEMS
    return html`<button class="button skip" @click=${this.skip}>Skip to the map</button>
      <oom-header role="banner"></oom-header>
      <main class=${this.parts < 4 ? 'coming' : ''}>
        ${this.parts < 2 ? nothing : html`<oom-controls @oom-examples=${() => this.header?.examples()}></oom-controls>`}
        <div class="answer">
          ${
            problems.value.length
              ? html`<div class="problems" role="alert"><ul>
                  ${problems.value.slice(0, MOST_PROBLEMS).map(({ key, text, message }) => html`<li>This link’s <b>${key.slice(0, 40)}</b>${text && !message.includes(text) ? ` (${text.slice(0, 40)})` : ''} was left out: ${besideField(message)}</li>`)}
                  ${further > 0 ? html`<li>and ${further} more entries</li>` : nothing}
                </ul></div>`
              : nothing
          }
          <oom-answer></oom-answer>
        </div>
        <section class="map ${show === 'map' && by.length === 0 ? '' : 'tall'}" aria-label=${show === 'map' ? 'Map' : 'View'}>
          ${this.parts < 3 ? nothing : html`<oom-tabs></oom-tabs>${show === 'map' ? this.map() : opened(show)}`}
        </section>
        <oom-breakdown></oom-breakdown>
      </main>`
  }

  /** To what stands in the map's place. The address says which scenario: no link can lead there. */
  private skip() {
    const map = this.renderRoot.querySelector('oom-map')?.shadowRoot?.querySelector<HTMLElement>('.target')
    const view = this.renderRoot.querySelector<HTMLElement>('.view')
    ;(map ?? view)?.focus()
  }

  private map() {
    return html`<div class="bar">
        <oom-compare-by></oom-compare-by>
        <oom-legend .from=${this.drawn?.from ?? 0}></oom-legend>
      </div>
      ${
        this.parts < 4
          ? nothing
          : html`<oom-map @oom-drawn=${({ detail }: CustomEvent<MapDrawn>) => {
              this.drawn = detail
            }}></oom-map>
            <div class="foot">
              <oom-hints></oom-hints>
              <p class="engine" title=${engine.value.reason}>
                <span>${engine.value.reason}</span>
                <span>${this.drawn ? `Drawn in ${Math.max(1, Math.round(this.drawn.milliseconds))} ms.` : ''}</span>
              </p>
              <oom-scales></oom-scales>
            </div>`
      }`
  }
}
