/** The map: an engine's canvas under SVG axes, boundary and cross-hairs, one stop for the keyboard. */
import { html, LitElement, nothing, svg } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { parseScenario, ScenarioError } from '../../scenario/parse.ts'
import type { Frontiers } from '../engine/engine.ts'
import { engine, engineFailed } from '../engine/engines.ts'
import { cursor } from '../state/cursor.ts'
import { type Change, changeView, edit, page, type Range } from '../state/document.ts'
import { CatalogueNeeded, catalogue } from '../state/models.ts'
import { Watching } from '../state/signal.ts'
import { theme } from '../state/theme.ts'
import { stepped } from '../widgets/steps.ts'
import { boundary, cross, drawAxes, frames } from './axes.ts'
import { type Box, type GestureTarget, listenToGestures } from './gestures.ts'
import { mapStyles } from './map-styles.ts'
import { type Panel, type Picture, picture, type Size } from './picture.ts'
import { readout } from './readout.ts'
import { cellAt, mostOf, moved, whole, zoomed } from './scales.ts'

interface Drawn {
  picture: Picture
  frontiers: Frontiers
}

@customElement('oom-map')
export class OomMap extends LitElement implements GestureTarget {
  /** What the canvas shows. */
  @state() private drawn: Drawn | null = null
  @state() private rectangle: Box | null = null
  @state() private spoken = ''
  private size: Size | null = null
  private frame = 0
  /** The picture whose axes are drawn. */
  private axesOf = ''
  private stop: (() => void)[] = []
  private readonly observer = new ResizeObserver(() => this.measure())

  constructor() {
    super()
    new Watching(this, page as never, cursor as never)
  }

  static override styles = mapStyles

  override connectedCallback() {
    super.connectedCallback()
    this.stop = [page, theme, catalogue, engine].map((signal) => signal.watch(() => this.schedule()))
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    for (const stop of this.stop) stop()
    this.observer.disconnect()
  }

  protected override firstUpdated() {
    const target = this.renderRoot.querySelector<HTMLElement>('.target')
    if (target) this.stop.push(listenToGestures(target, this))
    // Tells the size once the page is laid out: the answer is painted first, then the map.
    this.observer.observe(this)
  }

  private measure() {
    const { clientWidth: width, clientHeight: height } = this
    if (width < 80 || height < 80) return
    this.size = { width, height, ratio: Math.min(3, window.devicePixelRatio || 1) }
    this.schedule()
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
    const next = this.present(this.size)
    if (!next) return
    const { engine: painter } = engine.value
    if (this.drawn?.picture.key === next.key && painter.surface.isConnected) {
      this.drawn = { ...this.drawn, picture: next }
      return
    }
    const result = await painter.draw(next.drawing).catch((error: unknown) => void engineFailed(painter, error))
    if (!result || painter !== engine.value.engine) return
    this.drawn = { picture: next, frontiers: result.frontiers }
    this.dispatchEvent(new CustomEvent('oom-drawn', { detail: result, bubbles: true, composed: true }))
  }

  /** The picture of the document; null while the catalogue is on its way or the scenario is wrong. */
  private present(size: Size): Picture | null {
    try {
      return picture(page.value, size, theme.value)
    } catch (error) {
      if (error instanceof CatalogueNeeded || error instanceof ScenarioError) return null
      throw error
    }
  }

  override render() {
    const { drawn } = this
    return html`<div class="stage">
      ${engine.value.engine.surface}
      ${drawn ? this.overlay(drawn) : nothing}
      <div
        class="target"
        role="application"
        tabindex="0"
        aria-roledescription="memory map"
        aria-label="Memory used by batch and sequence. Arrow keys walk the cells, Enter pins one, plus and minus zoom, 0 shows everything."
        @keydown=${this.key}
        @blur=${this.leave}
      ></div>
      ${drawn ? readout(drawn.picture) : nothing}
      <p class="hidden" aria-live="polite">${this.spoken}</p>
    </div>`
  }

  protected override updated() {
    if (!this.drawn || this.drawn.picture.key === this.axesOf) return
    this.axesOf = this.drawn.picture.key
    drawAxes(this.renderRoot, this.drawn.picture)
  }

  private overlay({ picture, frontiers }: Drawn) {
    const { input } = page.value
    const scenario = { batch: Number(input.batch ?? 1), sequence: Number(input.sequence ?? 8192) }
    const names =
      input.task && input.task !== 'inference'
        ? { x: 'Tokens per sequence', y: 'Micro-batch' }
        : { x: 'Tokens per sequence', y: 'Sequences at once' }
    const at = cursor.value
    const box = this.rectangle
    return html`<svg class="overlay" aria-hidden="true" width=${picture.width} height=${picture.height}>
        ${frames(picture, names)}
        ${picture.panels.map((panel, i) =>
          panel.drawn
            ? boundary(picture, panel, frontiers[panel.drawn.frame][panel.drawn.panel], `plot-${i}`)
            : nothing,
        )}
        ${cross(picture, scenario, 'pin', ({ own }) => own)}
        ${at ? cross(picture, at, 'hover', (_, index) => index === at.panel) : nothing}
        ${box ? svg`<rect class="band" x=${Math.min(box.x0, box.x1)} y=${Math.min(box.y0, box.y1)} width=${Math.abs(box.x1 - box.x0)} height=${Math.abs(box.y1 - box.y0)} />` : nothing}
      </svg>
      ${picture.panels.map(({ slice, x, y }) =>
        slice.refusal
          ? html`<p class="impossible" .style=${`left:${x}px;top:${y}px;width:${picture.plot.width}px;height:${picture.plot.height}px`}>
              <span><b>Impossible.</b> ${slice.refusal}</span>
            </p>`
          : nothing,
      )}`
  }

  // Gestures

  hover(x: number, y: number) {
    const found = this.at(x, y)
    cursor.value = found
  }

  leave() {
    cursor.value = null
  }

  press(x: number, y: number) {
    const found = this.at(x, y)
    if (found) this.pin(found.batch, found.sequence, found.panel)
  }

  band(box: Box | null) {
    this.rectangle = box
  }

  zoomTo(box: Box) {
    const { drawn } = this
    const panel = drawn && this.panelAt(box.x0, box.y0)
    if (!drawn || !panel) return
    const { x, y } = drawn.picture
    const ends = (a: number, b: number) => [Math.min(a, b), Math.max(a, b)]
    const [x0, x1] = ends(box.x0 - panel.x, box.x1 - panel.x)
    const [y0, y1] = ends(box.y0 - panel.y, box.y1 - panel.y)
    changeView({
      x: whole({
        from: Math.max(1, x.value(x0)),
        to: Math.min(mostOf.x, Math.max(x.value(x1), x.value(x0) + 8)),
        scale: x.range.scale,
      }),
      y: whole({
        from: Math.max(1, y.value(y1)),
        to: Math.min(mostOf.y, Math.max(y.value(y0), y.value(y1) + 3)),
        scale: y.range.scale,
      }),
    })
  }

  zoomAt(x: number, y: number, factor: number, last: boolean) {
    const { drawn } = this
    const panel = drawn && (this.panelAt(x, y) ?? drawn.picture.panels[0])
    const view = this.present(this.size as Size)
    if (!panel || !view) return
    const settle = last ? whole : (range: Range) => range
    changeView(
      {
        x: settle(zoomed(view.x, view.x.value(x - panel.x), factor, mostOf.x)),
        y: settle(zoomed(view.y, view.y.value(y - panel.y), factor, mostOf.y)),
      },
      last,
    )
  }

  pan(dx: number, dy: number, last: boolean) {
    const view = this.present(this.size as Size)
    if (!view) return
    const x = moved(view.x, -dx / view.plot.width, mostOf.x)
    const y = moved(view.y, dy / view.plot.height, mostOf.y)
    if (last) changeView({ x: page.value.view.x && whole(x), y: page.value.view.y && whole(y) })
    else changeView({ x, y }, false)
  }

  reset() {
    changeView({ x: null, y: null })
  }

  private panelAt(x: number, y: number): Panel | null {
    const { picture } = this.drawn ?? {}
    return (
      picture?.panels.find(
        (p) => x >= p.x && y >= p.y && x <= p.x + picture.plot.width && y <= p.y + picture.plot.height,
      ) ?? null
    )
  }

  private at(x: number, y: number) {
    const panel = this.panelAt(x, y)
    if (!this.drawn || !panel?.slice.structure) return null
    const { picture } = this.drawn
    return {
      batch: cellAt(picture.y, y - panel.y),
      sequence: cellAt(picture.x, x - panel.x),
      panel: picture.panels.indexOf(panel),
      slice: panel.slice,
    }
  }

  private pin(batch: number, sequence: number, index: number) {
    const panel = this.drawn?.picture.panels[index]
    if (!panel) return
    const { by } = page.value.view
    const other: Change[] = by === 'none' || panel.own ? [] : [{ path: by, value: panel.value }]
    edit([...other, { path: 'batch', value: batch }, { path: 'sequence', value: sequence }])
  }

  // Keyboard

  private key(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || !this.drawn) return
    const { picture } = this.drawn
    const centre = picture.panels.find(({ own }) => own) ?? picture.panels[0]
    const now = cursor.value ?? this.pinned(centre)
    const size = event.shiftKey ? 'coarse' : event.altKey ? 'fine' : 'step'
    const move = (batch: number, sequence: number, panel = now.panel) => {
      cursor.value = { batch, sequence, panel, slice: picture.panels[panel].slice }
      this.spoken = readout.inWords(picture, cursor.value)
    }
    const zoom = (factor: number) =>
      this.zoomAt(centre.x + picture.x.position(now.sequence), centre.y + picture.y.position(now.batch), factor, true)
    const panels = picture.panels.length
    const actions: Record<string, () => void> = {
      ArrowLeft: () => move(now.batch, stepped(now.sequence, -1, size, 1, mostOf.x)),
      ArrowRight: () => move(now.batch, stepped(now.sequence, 1, size, 1, mostOf.x)),
      ArrowUp: () => move(stepped(now.batch, 1, size, 1, mostOf.y), now.sequence),
      ArrowDown: () => move(stepped(now.batch, -1, size, 1, mostOf.y), now.sequence),
      '[': () => move(now.batch, now.sequence, (now.panel + panels - 1) % panels),
      ']': () => move(now.batch, now.sequence, (now.panel + 1) % panels),
      Enter: () => {
        this.pin(now.batch, now.sequence, now.panel)
        cursor.value = null
      },
      '+': () => zoom(0.7),
      '=': () => zoom(0.7),
      '-': () => zoom(1 / 0.7),
      '0': () => this.reset(),
      Escape: () => (cursor.value ? this.leave() : this.reset()),
    }
    const action = actions[event.key]
    if (!action) return
    event.preventDefault()
    action()
  }

  private pinned(panel: Panel) {
    const { batch, sequence } = parseScenario(page.value.input)
    return { batch, sequence, panel: this.drawn?.picture.panels.indexOf(panel) ?? 0, slice: panel.slice }
  }
}
