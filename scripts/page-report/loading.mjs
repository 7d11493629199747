/** What a first visit costs: times until something is painted, and the bytes that came before. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { probe } from './probe.mjs'
import { median, spread, times } from './table.mjs'
import { categories, mainThread } from './trace.mjs'

/** @typedef {{ answer: number, live: number, map: number }} Painted milliseconds: the answer in the page, the one the code keeps up to date, the map */

/** Visits whose processor time is traced; tracing slows them down, so that the clock is read at others. */
const TRACED = 3

/**
 * @param {import('playwright').Browser} browser
 * @param {string} url
 * @param {number} runs
 * @returns {Promise<import('./table.mjs').Row[]>}
 */
export async function measureLoading(browser, url, runs) {
  // The first warms the browser up.
  await visit(browser, url)
  /** @type {Painted[]} */
  const painted = []
  for (let i = 0; i < runs; i++) painted.push(await visit(browser, url))
  /** @type {Painted[]} */
  const worked = []
  for (let i = 0; i < TRACED; i++) worked.push(await tracedVisit(browser, url))
  /** @type {number[]} */
  const empty = []
  for (let i = 0; i < runs; i++) empty.push(await emptyVisit(browser, url))
  /** @type {Painted[]} */
  const linked = []
  for (let i = 0; i < runs; i++) linked.push(await visit(browser, `${url}#b=2`))
  const row = (/** @type {keyof Painted} */ name, /** @type {string} */ what, /** @type {number} */ most) => {
    const clock = painted.map((one) => one[name])
    const work = times(median(worked.map((one) => one[name])))
    return {
      what,
      value: `${spread(clock)}; ${work} of the main thread’s processor time`,
      target: `≤ ${most} ms`,
      met: median(clock) <= most,
    }
  }
  return [
    { what: 'For comparison, a page of one word painted after navigation', value: spread(empty) },
    row('answer', 'Answer painted after navigation', 170),
    row('map', 'Map painted after navigation, CPU engine', 500),
    { what: 'Page alive after navigation', value: spread(painted.map(({ live }) => live)) },
    { what: 'Answer to a link’s scenario painted', value: spread(linked.map(({ answer }) => answer)) },
  ]
}

/**
 * A first visit: a browser context of its own has nothing in its cache.
 * @param {import('playwright').Browser} browser
 */
async function firstVisit(browser) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.addInitScript(probe)
  return { context, page }
}

/**
 * When answer and map are painted.
 * @param {import('playwright').Browser} browser
 * @param {string} url
 */
async function visit(browser, url) {
  const { context, page } = await firstVisit(browser)
  await page.goto(url)
  const painted = await paintedTimes(page)
  await context.close()
  return painted
}

/**
 * When the least of pages is painted: what the browser and the machine take for themselves.
 * @param {import('playwright').Browser} browser
 * @param {string} url
 */
async function emptyVisit(browser, url) {
  const { context, page } = await firstVisit(browser)
  const address = new URL('one-word.html', url).href
  await page.route(address, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><h1>Fits</h1>' }),
  )
  await page.goto(address)
  const get = () => /** @type {any} */ (window).painted.anything
  await page.waitForFunction(get)
  const painted = await page.evaluate(get)
  await context.close()
  return /** @type {number} */ (painted)
}

/**
 * How long the main thread works for answer and map.
 * @param {import('playwright').Browser} browser
 * @param {string} url
 * @returns {Promise<Painted>}
 */
async function tracedVisit(browser, url) {
  const { context, page } = await firstVisit(browser)
  await browser.startTracing(page, { categories })
  await page.goto(url)
  await paintedTimes(page)
  const trace = await browser.stopTracing()
  await context.close()
  const worked = (/** @type {string} */ mark) => {
    const { tasks, at } = mainThread(trace, mark)
    return tasks.filter(({ start }) => start < at).reduce((sum, { cpu }) => sum + cpu, 0)
  }
  return { answer: worked('painted answer'), live: worked('painted live'), map: worked('painted map') }
}

/**
 * @param {import('playwright').Page} page
 * @returns {Promise<Painted>} once both are there
 */
async function paintedTimes(page) {
  const get = () => /** @type {any} */ (window).painted
  await page.waitForFunction(
    () => /** @type {any} */ (window).painted?.answer && /** @type {any} */ (window).painted.map,
  )
  return page.evaluate(get)
}

/**
 * @param {import('playwright').Browser} browser
 * @param {string} url
 * @param {string} folder of the built page
 * @returns {Promise<import('./table.mjs').Row[]>}
 */
export async function measureBytes(browser, url, folder) {
  const { context, page } = await firstVisit(browser)
  /** @type {string[]} */
  const foreign = []
  /** @type {string[]} */
  const said = []
  const { origin } = new URL(url)
  page.on('request', (request) => {
    const address = new URL(request.url())
    if (address.protocol.startsWith('http') && address.origin !== origin) foreign.push(address.href)
  })
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type())) said.push(message.text())
  })
  page.on('pageerror', (error) => said.push(String(error)))
  await page.goto(url)
  const { map } = await paintedTimes(page)
  // What comes later comes by itself, too: it must stay on this origin.
  await page.waitForLoadState('networkidle')
  const before = await page.evaluate(
    (until) =>
      performance
        .getEntriesByType('resource')
        .filter(({ name, startTime }) => startTime < until && new URL(name).pathname.endsWith('.js'))
        .map(({ name }) => new URL(name).pathname.slice(1)),
    map,
  )
  await context.close()
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'))
  const kilobytes = (/** @type {string[]} */ names) =>
    names.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, name))).length, 0) / 1000
  const early = kilobytes(before)
  return [
    {
      what: 'JavaScript before the map is painted, gzip',
      value: `${early.toFixed(1)} kB in ${before.length} ${before.length === 1 ? 'file' : 'files'}`,
      target: '≤ 90 kB',
      met: early <= 90,
      fixed: true,
    },
    { what: 'All JavaScript, workers included, gzip', value: `${kilobytes(all).toFixed(1)} kB in ${all.length} files` },
    {
      what: 'Requests to other origins',
      value: String(foreign.length),
      target: '0',
      met: foreign.length === 0,
      fixed: true,
    },
    {
      what: 'Console warnings and errors',
      value: said.length === 0 ? '0' : said.join('; '),
      target: '0',
      met: said.length === 0,
      fixed: true,
    },
  ]
}
