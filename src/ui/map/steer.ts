/** What gestures and keys on the map do: point at cells, pin them, zoom and move. It changes the document and the cursor; the map follows. */
import { parseScenario } from '../../scenario/parse.ts'
import { type Cursor, cursor } from '../state/cursor.ts'
import { changeView, edit, page, type Range, settle, takeBack, undo } from '../state/document.ts'
import { stepped } from '../widgets/steps.ts'
import { context } from './context.ts'
import { type Box, type GestureTarget, listenToGestures } from './gestures.ts'
import { kept } from './kept.ts'
import type { Panel, Picture } from './picture.ts'
import { rangesOf } from './ranges.ts'
import { results } from './results.ts'
import { axisScale, cellAt, mostOf, moved, showing, whole, zoomed } from './scales.ts'

export { listenToGestures }

/** What is steered. */
export interface Steered {
  /** What is seen; null before there is anything. */
  readonly picture: Picture | null
  /** The rectangle being drawn; null when there is none. */
  showBand(box: Box | null): void
  /** Says what a cell is to those who do not see it. */
  say(cell: Cursor): void
}

/** Milliseconds in which a second click makes a double click. */
const DOUBLE = 500

export class Steering implements GestureTarget {
  // Drawn by the map; here because they can wait for the first map.
  readonly results = results
  readonly context = context
  readonly kept = kept
  private readonly map: Steered
  /** Ends the pinning that the last click began. */
  private settling = 0
  /** When the first click of what may be a double click was made, and the scenario before it. */
  private first = { time: Number.NEGATIVE_INFINITY, input: page.value.input }
  /** The view when fingers or the pointer came down. */
  private held = page.value.view
  /** The view followed a walk and is not in the link yet. */
  private followed = false

  constructor(map: Steered) {
    this.map = map
  }

  hover(x: number, y: number) {
    cursor.value = this.cellAt(x, y)
  }

  leave() {
    cursor.value = null
    if (!this.followed) return
    this.followed = false
    changeView({})
  }

  press(x: number, y: number, time: number) {
    const cell = this.cellAt(x, y)
    if (!cell) return
    if (time - this.first.time > DOUBLE) this.first = { time, input: page.value.input }
    // The page follows at once, undo and the link only when it is no double click.
    this.pin(cell, false)
    clearTimeout(this.settling)
    this.settling = window.setTimeout(settle, DOUBLE)
  }

  band(box: Box | null) {
    this.map.showBand(box)
  }

  zoomTo(box: Box) {
    const panel = this.panelAt(box.x0, box.y0)
    if (!panel) return
    const { x, y } = panel.picture
    const ends = (a: number, b: number) => [Math.min(a, b), Math.max(a, b)]
    const [left, right] = ends(box.x0 - panel.x, box.x1 - panel.x)
    const [top, bottom] = ends(box.y0 - panel.y, box.y1 - panel.y)
    // At least a few cells, and no cell that the model does not know.
    const range = (from: number, to: number, fewest: number, most: number, scale: Range['scale']) =>
      whole({ from: Math.max(1, from), to: Math.min(most, Math.max(to, from + fewest)), scale })
    changeView({
      x: range(x.value(left), x.value(right), 8, mostOf.x, x.range.scale),
      y: range(y.value(bottom), y.value(top), 3, mostOf.y, y.range.scale),
    })
  }

  zoomAt(atX: number, atY: number, factor: number, last: boolean) {
    const panel = this.panelAt(atX, atY)
    if (!panel) return
    const { x, y } = this.axes(panel.picture)
    const settle = last ? whole : (range: Range) => range
    changeView(
      {
        x: settle(zoomed(x, x.value(atX - panel.x), factor, mostOf.x)),
        y: settle(zoomed(y, y.value(atY - panel.y), factor, mostOf.y)),
      },
      last,
    )
  }

  pan(dx: number, dy: number, last: boolean) {
    const { picture } = this.map
    if (!picture) return
    const axes = this.axes(picture)
    const x = moved(axes.x, -dx / picture.plot.width, mostOf.x)
    const y = moved(axes.y, dy / picture.plot.height, mostOf.y)
    const { view } = page.value
    if (last) changeView({ x: view.x && whole(x), y: view.y && whole(y) })
    else changeView({ x, y }, false)
  }

  grab() {
    this.held = page.value.view
  }

  letGo() {
    const { x, y } = this.held
    changeView({ x, y })
  }

  reset() {
    clearTimeout(this.settling)
    takeBack()
    // A busy page may have settled the first click before it heard of the second.
    if (JSON.stringify(page.value.input) !== JSON.stringify(this.first.input)) undo()
    this.showAll()
  }

  private showAll() {
    changeView({ x: null, y: null })
  }

  /** Acts on a key; whether it had a meaning. */
  key({ key, shiftKey, altKey }: KeyboardEvent): boolean {
    const { picture } = this.map
    if (!picture) return false
    const { panels, x, y } = picture
    const now = cursor.value ?? this.pinned(picture)
    const size = shiftKey ? 'coarse' : altKey ? 'fine' : 'step'
    const move = (to: Partial<Cursor>) => {
      const cell = { ...now, ...to }
      cursor.value = { ...cell, slice: panels[cell.panel].slice, label: panels[cell.panel].label }
      this.follow(picture, cell)
      this.map.say(cursor.value)
    }
    const along = (direction: 1 | -1) => ({ sequence: stepped(now.sequence, direction, size, 1, mostOf.x) })
    const up = (direction: 1 | -1) => ({ batch: stepped(now.batch, direction, size, 1, mostOf.y) })
    const turn = (by: number) => ({ panel: (now.panel + by + panels.length) % panels.length })
    const zoom = (factor: number) => {
      const { x: left, y: top } = panels[now.panel]
      this.zoomAt(left + x.position(now.sequence), top + y.position(now.batch), factor, true)
    }
    const actions: Record<string, () => void> = {
      ArrowLeft: () => move(along(-1)),
      ArrowRight: () => move(along(1)),
      ArrowUp: () => move(up(1)),
      ArrowDown: () => move(up(-1)),
      '[': () => move(turn(-1)),
      ']': () => move(turn(1)),
      Enter: () => {
        this.pin(now)
        this.leave()
      },
      '+': () => zoom(0.7),
      '=': () => zoom(0.7),
      '-': () => zoom(1 / 0.7),
      '0': () => this.showAll(),
      Escape: () => (cursor.value ? this.leave() : this.showAll()),
    }
    if (!Object.hasOwn(actions, key)) return false
    actions[key]()
    return true
  }

  /** Moves the view so that a cell is in it. */
  private follow(picture: Picture, { batch, sequence }: Cursor) {
    const axes = this.axes(picture)
    const x = showing(axes.x, sequence, mostOf.x)
    const y = showing(axes.y, batch, mostOf.y)
    if (x === axes.x.range && y === axes.y.range) return
    this.followed = true
    changeView({ x, y }, false)
  }

  /** The axes of the document, which may be ahead of what is drawn. */
  private axes({ plot }: Picture) {
    const { x, y } = rangesOf(page.value)
    return { x: axisScale(x, plot.width), y: axisScale(y, -plot.height) }
  }

  private panelAt(x: number, y: number): (Panel & { picture: Picture; index: number }) | null {
    const { picture } = this.map
    if (!picture) return null
    const { width, height } = picture.plot
    const index = picture.panels.findIndex((p) => x >= p.x && y >= p.y && x <= p.x + width && y <= p.y + height)
    return index < 0 ? null : { ...picture.panels[index], picture, index }
  }

  private cellAt(x: number, y: number): Cursor | null {
    const panel = this.panelAt(x, y)
    if (!panel?.slice.structure) return null
    const { picture, index, slice, label } = panel
    const cell = { batch: cellAt(picture.y, y - panel.y), sequence: cellAt(picture.x, x - panel.x) }
    return { ...cell, panel: index, slice, label }
  }

  /** Pins a cell; in another panel with what that panel differs in. */
  private pin({ batch, sequence, panel: index }: Cursor, last = true) {
    const panel = this.map.picture?.panels[index]
    if (!panel) return
    const changes = panel.own ? [] : panel.changes
    edit([...changes, { path: 'batch', value: batch }, { path: 'sequence', value: sequence }], last)
  }

  private pinned({ panels }: Picture): Cursor {
    const { batch, sequence } = parseScenario(page.value.input)
    const panel = Math.max(
      0,
      panels.findIndex(({ own }) => own),
    )
    return { batch, sequence, panel, slice: panels[panel].slice, label: panels[panel].label }
  }
}
