/** The map: an engine's canvas under SVG axes, boundary and cross-hairs, one stop for the keyboard. */
import { html, LitElement, nothing, svg, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { TrainingNeeded } from '../../memory/training-part.ts'
import { ScenarioError } from '../../scenario/parse.ts'
import type { Drawn as EngineDrawn, Frontiers } from '../engine/engine.ts'
import { engine, engineFailed } from '../engine/engines.ts'
import { nextTask } from '../idle.ts'
import { mapPainted } from '../map-painted.ts'
import { type Cursor, cursor } from '../state/cursor.ts'
import { page } from '../state/document.ts'
import { CatalogueNeeded, catalogue } from '../state/models.ts'
import { Watching } from '../state/signal.ts'
import { theme } from '../state/theme.ts'
import { training } from '../state/training.ts'
import { besideField } from '../words.ts'
import { boundary, cross, frames, marks } from './axes.ts'
import type { Box } from './gestures.ts'
import { mapStyles } from './map-styles.ts'
import { keyOf, type Picture, picture, type Size } from './picture.ts'
import { readout } from './readout.ts'
import type { Steered, Steering } from './steer.ts'

/** Without them (the connection broke) the map still shows its cells and its boundary. */
const axes = import('./d3-axes.ts').catch(() => null)

/** Detail of the event `oom-drawn`: what an engine drew, and where the colours begin. */
export type MapDrawn = EngineDrawn & Pick<Picture, 'from'>

interface Drawn {
  picture: Picture
  /** Axes, boundary and refusals: made once a picture. */
  overlay: TemplateResult
  frontiers: Frontiers
}

@customElement('oom-map')
export class OomMap extends LitElement implements Steered {
  /** What the canvas shows. */
  @state() private drawn: Drawn | null = null
  @state() private rectangle: Box | null = null
  @state() private spoken = ''
  /** Fetched once there is something to steer. */
  @state() private steering: Steering | null = null
  private size: Size | null = null
  private frame = 0
  /** The picture whose axes are drawn. */
  private axesOf = ''
  private stop: (() => void)[] = []
  private readonly observer = new ResizeObserver(() => this.measure())

  constructor() {
    super()
    new Watching(this, page, cursor)
  }

  static override styles = mapStyles

  override connectedCallback() {
    super.connectedCallback()
    this.stop = [page, theme, catalogue, training, engine].map((signal) => signal.watch(() => this.schedule()))
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    for (const stop of this.stop) stop()
    this.observer.disconnect()
  }

  protected override firstUpdated() {
    // Without it (the connection broke) the map is still seen.
    void mapPainted.then(() => this.steer()).catch(() => {})
    this.observer.observe(this)
    // The observer speaks with the next frame; the first map is drawn for that frame.
    void nextTask().then(() => this.measure())
  }

  private async steer() {
    const { listenToGestures, Steering } = await import('./steer.ts')
    const target = this.renderRoot.querySelector<HTMLElement>('.target')
    if (!target || !this.isConnected) return
    this.steering = new Steering(this)
    this.stop.push(listenToGestures(target, this.steering))
  }

  private measure() {
    const { clientWidth: width, clientHeight: height } = this
    if (width < 80 || height < 80) return
    const ratio = Math.min(3, window.devicePixelRatio || 1)
    const before = this.size
    if (before?.width === width && before.height === height && before.ratio === ratio) return
    this.size = { width, height, ratio }
    if (before) this.schedule()
    else void this.draw()
  }

  private schedule() {
    if (this.frame || !this.size) return
    this.frame = requestAnimationFrame(() => {
      this.frame = 0
      void this.draw()
    })
  }

  private async draw() {
    if (!this.size) return
    const { engine: painter } = engine.value
    const same = this.drawn?.picture.key === keyOf(page.value, this.size, theme.value)
    if (same && painter.surface.isConnected) return
    const next = this.present(this.size)
    if (!next) return
    const result = await painter.draw(next.drawing).catch((error: unknown) => void engineFailed(painter, error))
    if (!result || painter !== engine.value.engine) return
    const { frontiers } = result
    this.drawn = { picture: next, overlay: overlayOf(next, frontiers), frontiers }
    this.dispatchEvent(
      new CustomEvent('oom-drawn', {
        detail: { ...result, from: next.from } satisfies MapDrawn,
        bubbles: true,
        composed: true,
      }),
    )
  }

  /** The picture of the document; null while what it needs is on its way, or the scenario is wrong. */
  private present(size: Size): Picture | null {
    try {
      return picture(page.value, size, theme.value)
    } catch (error) {
      if ([CatalogueNeeded, TrainingNeeded, ScenarioError].some((kind) => error instanceof kind)) return null
      throw error
    }
  }

  override render() {
    const { drawn } = this
    const shape = drawn ? `--shape:${drawn.picture.width}/${drawn.picture.height}` : ''
    return html`<div class="stage" .style=${shape}>
      <div class="surface" data-engine=${engine.value.engine.kind}>${engine.value.engine.surface}</div>
      ${drawn ? html`${drawn.overlay}${this.crosses(drawn)}` : nothing}
      <div
        class="target ${this.steering ? 'steered' : ''}"
        role="application"
        tabindex="0"
        aria-roledescription="memory map"
        aria-label="Memory used by batch and sequence. Arrow keys walk the cells, Enter pins one, plus and minus zoom, 0 shows everything."
        @keydown=${this.key}
        @blur=${() => this.steering?.leave()}
      ></div>
      ${drawn ? readout(drawn.picture) : nothing}
      <p class="hidden" aria-live="polite">${this.spoken}</p>
    </div>`
  }

  protected override updated() {
    if (!this.drawn || this.drawn.picture.key === this.axesOf) return
    this.axesOf = this.drawn.picture.key
    void axes.then((loaded) => {
      if (this.picture) loaded?.drawAxes(this.renderRoot, this.picture)
    })
  }

  /** What moves over axes and boundary, in a drawing of its own: a browser paints again no more than that. */
  private crosses({ picture, frontiers }: Drawn) {
    const { input, view } = page.value
    const scenario = { batch: Number(input.batch ?? 1), sequence: Number(input.sequence ?? 8192) }
    const at = cursor.value
    const box = this.rectangle
    const ring = { x: picture.x.position(scenario.sequence), y: picture.y.position(scenario.batch) }
    return html`<svg class="overlay ${picture.panels.length > 1 ? 'many' : ''}" aria-hidden="true" viewBox="0 0 ${picture.width} ${picture.height}" preserveAspectRatio="none">
        ${this.steering?.context(picture, frontiers)}
        ${view.against ? this.steering?.kept(picture, view.against) : nothing}
        ${picture.panels.map((panel) => (panel.drawn ? marks(picture, panel, frontierOf(panel.drawn, frontiers), panel.own ? ring : null) : nothing))}
        ${cross(picture, scenario, 'pin', ({ own }) => own)}
        ${at ? cross(picture, at, 'hover', (_, index) => index === at.panel) : nothing}
        ${this.steering?.results(picture, frontiers, at ?? scenario, view.units)}
        ${box ? svg`<rect class="band" x=${Math.min(box.x0, box.x1)} y=${Math.min(box.y0, box.y1)} width=${Math.abs(box.x1 - box.x0)} height=${Math.abs(box.y1 - box.y0)} />` : nothing}
      </svg>`
  }

  // What steering needs.

  get picture() {
    return this.drawn?.picture ?? null
  }

  showBand(box: Box | null) {
    this.rectangle = box
  }

  say(cell: Cursor) {
    if (this.picture) this.spoken = readout.inWords(this.picture, cell)
  }

  private key(event: KeyboardEvent) {
    if (!event.ctrlKey && !event.metaKey && this.steering?.key(event)) event.preventDefault()
  }
}

const frontierOf = ({ frame, panel }: { frame: number; panel: number }, frontiers: Frontiers) => frontiers[frame][panel]

function overlayOf(picture: Picture, frontiers: Frontiers): TemplateResult {
  const names = {
    x: 'Tokens per sequence',
    y: 'Batch',
  }
  return html`<svg class="overlay" aria-hidden="true" viewBox="0 0 ${picture.width} ${picture.height}" preserveAspectRatio="none">
      ${frames(picture, names)}
      ${picture.panels.map((panel, i) =>
        panel.drawn ? boundary(picture, panel, frontierOf(panel.drawn, frontiers), `plot-${i}`) : nothing,
      )}
    </svg>
    ${picture.panels.map(({ slice, x, y }) =>
      slice.refusal
        ? html`<p class="impossible" .style=${`left:${x}px;top:${y}px;width:${picture.plot.width}px;height:${picture.plot.height}px`}>
            <span><b>Impossible.</b> ${besideField(slice.refusal)}</span>
          </p>`
        : nothing,
    )}`
}
