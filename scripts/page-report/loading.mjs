/** What a first visit costs: times until something is painted, and the bytes that came before. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { probe } from './probe.mjs'
import { median, spread, times } from './table.mjs'
import { categories, mainThread } from './trace.mjs'

/** @typedef {{ answer: number, map: number, answerCpu: number, mapCpu: number }} Visit */

/**
 * @param {import('playwright').Browser} browser
 * @param {string} url
 * @param {number} runs
 * @returns {Promise<import('./table.mjs').Row[]>}
 */
export async function measureLoading(browser, url, runs) {
  /** @type {Visit[]} */
  const visits = []
  // The first warms the browser up.
  await visit(browser, url)
  for (let i = 0; i < runs; i++) visits.push(await visit(browser, url))
  const cpu = (/** @type {number[]} */ values) => `; ${times(median(values))} of the main thread’s processor time`
  const answer = visits.map((one) => one.answer)
  const map = visits.map((one) => one.map)
  return [
    {
      what: 'Answer painted after navigation',
      value: spread(answer) + cpu(visits.map((one) => one.answerCpu)),
      target: '≤ 170 ms',
      met: median(answer) <= 170,
    },
    {
      what: 'Map painted after navigation, CPU engine',
      value: spread(map) + cpu(visits.map((one) => one.mapCpu)),
      target: '≤ 500 ms',
      met: median(map) <= 500,
    },
  ]
}

/**
 * A first visit: a browser context of its own has nothing in its cache.
 * @param {import('playwright').Browser} browser
 * @param {string} url
 * @returns {Promise<Visit>}
 */
async function visit(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.addInitScript(probe)
  await browser.startTracing(page, { categories })
  await page.goto(url)
  const painted = await paintedTimes(page)
  const trace = await browser.stopTracing()
  await context.close()
  const worked = (/** @type {string} */ mark) => {
    const { tasks, at } = mainThread(trace, mark)
    return tasks.filter(({ start }) => start < at).reduce((sum, { cpu }) => sum + cpu, 0)
  }
  return { ...painted, answerCpu: worked('painted answer'), mapCpu: worked('painted map') }
}

/**
 * @param {import('playwright').Page} page
 * @returns {Promise<{ answer: number, map: number }>} once both are there
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
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
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
  await page.addInitScript(probe)
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
