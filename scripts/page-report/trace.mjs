/** Reads a trace of the browser: what its main thread worked, and for how much processor time, which others do not lengthen. */

/**
 * @typedef {object} TraceEvent times in microseconds
 * @property {string} name
 * @property {string} ph
 * @property {number} pid
 * @property {number} tid
 * @property {number} ts
 * @property {number} [dur]
 * @property {number} [tdur]
 * @property {{ data?: { type?: string } }} [args]
 *
 * @typedef {{ start: number, wall: number, cpu: number }} Task milliseconds
 */

export const categories = ['disabled-by-default-devtools.timeline', 'devtools.timeline', 'blink.user_timing']

/**
 * The thread on which the page made a performance mark.
 * @param {Buffer} buffer of a trace
 * @param {string} mark
 */
export function mainThread(buffer, mark) {
  /** @type {{ traceEvents: TraceEvent[] }} */
  const { traceEvents } = JSON.parse(buffer.toString())
  const marked = traceEvents.find(({ name }) => name === mark)
  if (!marked) throw new Error(`The trace lacks the mark “${mark}”.`)
  const events = traceEvents
    .filter(({ pid, tid }) => pid === marked.pid && tid === marked.tid)
    .sort((a, b) => a.ts - b.ts)
  /** @type {Task[]} */
  const tasks = events
    .filter(({ name, ph }) => name === 'RunTask' && ph === 'X')
    .map(({ ts, dur = 0, tdur = 0 }) => ({ start: ts / 1000, wall: dur / 1000, cpu: tdur / 1000 }))
  return { events, tasks, at: marked.ts / 1000 }
}

/**
 * What events of a kind cost until their consequence is painted: the task that handles the event and the one that makes the
 * next frame. The wait for the display between them is left out: up to 16 ms at 60 Hz, whatever the page does.
 * @param {ReturnType<typeof mainThread>} thread
 * @param {string} kind of event, such as `keydown`
 * @returns {Omit<Task, 'start'>[]}
 */
export function inputCosts({ events, tasks, at }, kind) {
  const within = (/** @type {TraceEvent} */ event) =>
    tasks.findLast(({ start, wall }) => start <= event.ts / 1000 && event.ts / 1000 <= start + wall)
  const frames = new Set(events.filter(({ name }) => name === 'Commit').map(within))
  const handlers = new Set(
    events
      .filter(({ name, args, ts }) => name === 'EventDispatch' && args?.data?.type === kind && ts / 1000 > at)
      .map(within),
  )
  /** @type {Omit<Task, 'start'>[]} */
  const costs = []
  for (const handler of handlers) {
    const frame = handler && tasks.find((task) => task.start >= handler.start && frames.has(task))
    if (!frame) continue
    const parts = frame === handler ? [handler] : [handler, frame]
    costs.push({
      wall: parts.reduce((sum, { wall }) => sum + wall, 0),
      cpu: parts.reduce((sum, { cpu }) => sum + cpu, 0),
    })
  }
  return costs
}
