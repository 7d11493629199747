/**
 * Pointers and wheel on the map: hover, click, a rectangle to zoom into, two fingers or Shift to pan and pinch, the wheel to zoom at the pointer.
 * It knows pixels; what they mean is the map's.
 */
export interface Box {
  x0: number
  y0: number
  x1: number
  y1: number
}

export interface GestureTarget {
  hover(x: number, y: number): void
  leave(): void
  /** `time` in milliseconds, as the event says, not when it was handled. */
  press(x: number, y: number, time: number): void
  /** The rectangle being drawn; null when it is given up. */
  band(box: Box | null): void
  zoomTo(box: Box): void
  /** Zooms by a factor at a point; smaller than 1 goes in. `last` ends the movement. */
  zoomAt(x: number, y: number, factor: number, last: boolean): void
  pan(dx: number, dy: number, last: boolean): void
  /** A movement may begin. */
  grab(): void
  /** It was none: the browser scrolls the page instead. */
  letGo(): void
  reset(): void
}

/** Pixels a pointer may tremble in a click. */
const SLACK = 5

export function listenToGestures(element: HTMLElement, target: GestureTarget): () => void {
  const pointers = new Map<number, { x: number; y: number }>()
  let start: { x: number; y: number } | null = null
  let mode: 'idle' | 'press' | 'band' | 'pan' | 'pinch' = 'idle'
  let wheelEnd = 0

  const point = (event: MouseEvent) => {
    const { left, top } = element.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }
  const spread = () => {
    const [a, b] = [...pointers.values()]
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, distance: Math.hypot(a.x - b.x, a.y - b.y) || 1 }
  }

  const on = {
    pointerdown(event: PointerEvent) {
      if (event.button > 1) return
      element.setPointerCapture(event.pointerId)
      pointers.set(event.pointerId, point(event))
      if (pointers.size === 1) target.grab()
      if (pointers.size > 1) {
        mode = 'pinch'
        target.band(null)
        return
      }
      start = point(event)
      mode = 'press'
      if (event.button === 1) event.preventDefault()
    },
    pointermove(event: PointerEvent) {
      const at = point(event)
      const before = pointers.get(event.pointerId)
      if (!before || mode === 'idle') return target.hover(at.x, at.y)
      if (mode === 'pinch') {
        const was = spread()
        pointers.set(event.pointerId, at)
        const is = spread()
        target.pan(is.x - was.x, is.y - was.y, false)
        return target.zoomAt(is.x, is.y, was.distance / is.distance, false)
      }
      pointers.set(event.pointerId, at)
      if (mode === 'press' && start && Math.hypot(at.x - start.x, at.y - start.y) > SLACK) {
        const finger = event.pointerType === 'touch'
        // Up and down a finger scrolls the page.
        if (finger && Math.abs(at.y - start.y) > Math.abs(at.x - start.x)) mode = 'idle'
        else mode = event.shiftKey || event.buttons === 4 || finger ? 'pan' : 'band'
      }
      if (mode === 'pan') target.pan(at.x - before.x, at.y - before.y, false)
      else if (mode === 'band' && start) target.band({ x0: start.x, y0: start.y, x1: at.x, y1: at.y })
      target.hover(at.x, at.y)
    },
    pointerup(event: PointerEvent) {
      const at = point(event)
      pointers.delete(event.pointerId)
      if (mode === 'press' && event.button === 0) target.press(at.x, at.y, event.timeStamp)
      else if (mode === 'band' && start) {
        target.band(null)
        const box = { x0: start.x, y0: start.y, x1: at.x, y1: at.y }
        if (Math.abs(box.x1 - box.x0) > SLACK && Math.abs(box.y1 - box.y0) > SLACK) target.zoomTo(box)
      } else if (mode === 'pan' || mode === 'pinch') target.pan(0, 0, true)
      // The finger that stays after a pinch moves the map.
      mode = pointers.size > 1 ? 'pinch' : pointers.size === 1 ? 'pan' : 'idle'
    },
    pointercancel(event: PointerEvent) {
      pointers.delete(event.pointerId)
      target.band(null)
      if (mode === 'pan' || mode === 'pinch') target.letGo()
      mode = 'idle'
    },
    pointerleave() {
      if (mode === 'idle') target.leave()
    },
    wheel(event: WheelEvent) {
      // Where the page itself scrolls, the wheel is the page's; with Ctrl, and for a pinch on a touchpad, it is the map's.
      if (document.documentElement.scrollHeight > window.innerHeight + 1 && !event.ctrlKey) return
      event.preventDefault()
      const { x, y } = point(event)
      const notch = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 24 : 1
      if (event.shiftKey) target.pan(-(event.deltaX || event.deltaY) * notch, 0, false)
      else target.zoomAt(x, y, 2 ** ((event.deltaY * notch) / (event.ctrlKey ? 120 : 480)), false)
      clearTimeout(wheelEnd)
      wheelEnd = window.setTimeout(() => target.pan(0, 0, true), 250)
    },
    dblclick() {
      target.reset()
    },
  }
  for (const [type, listener] of Object.entries(on)) {
    element.addEventListener(type, listener as EventListener, { passive: type !== 'wheel' && type !== 'pointerdown' })
  }
  return () => {
    clearTimeout(wheelEnd)
    for (const [type, listener] of Object.entries(on)) element.removeEventListener(type, listener as EventListener)
  }
}
