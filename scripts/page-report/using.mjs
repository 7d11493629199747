/** What it costs to use the page: from an input to the frame that answers it, and the longest task on the way. */
import { median, spread, times } from './table.mjs'
import { categories, inputCosts, mainThread } from './trace.mjs'

const MOVES = 90

/**
 * @typedef {object} Gesture
 * @property {string} name
 * @property {string} event the one that changes the scenario or the view
 * @property {(page: import('playwright').Page) => Promise<void>} act
 */

/** @type {Gesture[]} */
const gestures = [
  { name: 'Dragging the sequence slider', event: 'input', act: dragSlider },
  { name: 'Typing the batch', event: 'keydown', act: typeBatch },
  { name: 'Turning the wheel over the map', event: 'wheel', act: turnWheel },
]

/**
 * @param {import('playwright').Browser} browser
 * @param {string} url
 * @returns {Promise<import('./table.mjs').Row[]>}
 */
export async function measureUsing(browser, url) {
  /** @type {import('./table.mjs').Row[]} */
  const rows = []
  for (const gesture of gestures) rows.push(...(await measureGesture(browser, url, gesture)))
  return rows
}

/**
 * @param {import('playwright').Browser} browser
 * @param {string} url
 * @param {Gesture} gesture
 * @returns {Promise<import('./table.mjs').Row[]>}
 */
async function measureGesture(browser, url, { name, event, act }) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.goto(url)
  await page.locator('oom-map path.boundary').first().waitFor({ state: 'attached' })
  // Compilers, workers and fetches of the beginning are not what is measured.
  await act(page)
  await page.waitForTimeout(500)
  await browser.startTracing(page, { categories })
  await page.evaluate(() => performance.mark('using'))
  await act(page)
  await page.waitForTimeout(300)
  const trace = await browser.stopTracing()
  await context.close()

  const thread = mainThread(trace, 'using')
  const costs = inputCosts(thread, event)
  const walls = costs.map(({ wall }) => wall)
  const after = thread.tasks.filter(({ start }) => start >= thread.at)
  const longest = Math.max(...after.map(({ wall }) => wall))
  const longestCpu = Math.max(...after.map(({ cpu }) => cpu))
  return [
    {
      what: `${name}: input to painted answer`,
      value: `${spread(walls)}; ${times(median(costs.map(({ cpu }) => cpu)))} of processor time`,
      target: '≤ 8 ms',
      met: median(walls) <= 8,
    },
    {
      what: `${name}: longest task on the main thread`,
      value: `${times(longest)}; ${times(longestCpu)} of processor time`,
      target: '≤ 50 ms',
      met: longest <= 50,
    },
  ]
}

/** @param {import('playwright').Page} page */
async function dragSlider(page) {
  const slider = page.getByRole('slider', { name: /^Tokens/ })
  const box = await slider.boundingBox()
  if (!box) throw new Error('There is no slider for the sequence.')
  const [y, from, to] = [box.y + box.height / 2, box.x + box.width * 0.2, box.x + box.width * 0.8]
  await page.mouse.move(from, y)
  await page.mouse.down()
  for (let i = 1; i <= MOVES; i++) await page.mouse.move(from + ((to - from) * i) / MOVES, y)
  await page.mouse.up()
}

/** @param {import('playwright').Page} page */
async function typeBatch(page) {
  await page.getByRole('textbox', { name: 'Batch' }).focus()
  for (let i = 0; i < MOVES; i++) {
    await page.keyboard.press(i % 20 < 10 ? 'ArrowUp' : 'ArrowDown')
    // As a held key repeats, thirty times a second; pressed as fast as a program can, keys wait for each other.
    await page.waitForTimeout(33)
  }
}

/** @param {import('playwright').Page} page */
async function turnWheel(page) {
  const box = await page.locator('oom-map').boundingBox()
  if (!box) throw new Error('There is no map.')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  for (let i = 0; i < MOVES; i++) await page.mouse.wheel(0, i % 30 < 15 ? -40 : 40)
}
