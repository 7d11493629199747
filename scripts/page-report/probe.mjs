/**
 * Runs in the page under measure, before its own code, and notes when things are painted. A message posted while a frame
 * is made arrives once the frame is: that is the time noted. Also a performance mark, so that a trace shows it.
 */
export function probe() {
  /** @type {Record<string, number>} */
  const painted = {}
  Object.assign(window, { painted })

  let inFrame = false
  /** @param {() => void} then */
  const afterFrame = (then) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = then
    port2.postMessage(null)
  }
  /** @param {string} name */
  const note = (name) => {
    if (painted[name]) return
    painted[name] = performance.now()
    performance.mark(`painted ${name}`)
  }
  const inside = (/** @type {string} */ element, /** @type {string} */ selector) =>
    document.querySelector('oom-app')?.shadowRoot?.querySelector(element)?.shadowRoot?.querySelector(selector)
  /** The elements of the first picture begin with first, those that live with oom. */
  const answered = (/** @type {string} */ kind) =>
    inside(`${kind}-answer`, '.verdict')?.checkVisibility({ visibilityProperty: true }) &&
    // On a phone the bytes are below controls and map, and hidden until those are there.
    Boolean(inside(`${kind}-breakdown`, '.sum'))

  const everyFrame = () => {
    inFrame = true
    const live = answered('oom')
    const has = live || answered('first')
    afterFrame(() => {
      inFrame = false
      if (document.body?.firstElementChild) note('anything')
      if (has) note('answer')
      if (live) note('live')
    })
    if (!live || !painted.map) requestAnimationFrame(everyFrame)
  }
  requestAnimationFrame(everyFrame)

  document.addEventListener('oom-drawn', () => {
    if (inFrame) afterFrame(() => note('map'))
    else requestAnimationFrame(() => afterFrame(() => note('map')))
  })
}
