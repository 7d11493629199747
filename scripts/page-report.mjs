/**
 * `npm run page-report`: measures the built page against what it promises, and prints the table. Builds the page only when
 * it is older than its sources. Times are medians of `--runs N` (7 unless said) and still those of a busy machine: beside
 * them stands processor time, which others do not lengthen. `--check` fails on what is the same on every machine (bytes,
 * requests, axe, what fits the screen), never on times; `--write` keeps the table in docs/page-report.md; `--no-lighthouse`
 * leaves out the part that npm has to fetch.
 */

import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright'
import { build, preview } from 'vite'
import { launchOptions } from './browser.mjs'
import { isFresh } from './fresh.mjs'
import { measureAsking } from './page-report/asking.mjs'
import { measureLighthouse } from './page-report/lighthouse.mjs'
import { measureBytes, measureLoading } from './page-report/loading.mjs'
import { measureLooking } from './page-report/looking.mjs'
import { markdown } from './page-report/table.mjs'
import { measureUsing } from './page-report/using.mjs'
import { ensureBrowser, mainly, root, SetupError } from './setup.mjs'

const sources = ['src', 'shaders', 'public', 'index.html', 'vite.config.ts', 'package-lock.json']
const folder = join(root, 'dist/page')

await mainly(async () => {
  const { check, write, runs, lighthouse } = options()
  process.env.CHROME_PATH = await ensureBrowser()
  await buildPage()
  const server = await preview({ root, logLevel: 'warn', preview: { host: '127.0.0.1', port: 0 } })
  const address = server.httpServer.address()
  if (typeof address !== 'object' || !address) throw new SetupError('The page could not be served.')
  const url = `http://127.0.0.1:${address.port}/?engine=cpu`
  // Emulating a graphics card would take the processor's time from the page.
  const browser = await chromium.launch(launchOptions('processor'))

  /** @type {[name: string, measure: () => Promise<import('./page-report/table.mjs').Row[]>][]} */
  const parts = [
    ['first visits', () => measureLoading(browser, url, runs)],
    ['bytes and requests', () => measureBytes(browser, url, folder)],
    ['dragging, typing, zooming', () => measureUsing(browser, url)],
    ['questions', () => measureAsking(browser, url)],
    ['axe', () => measureLooking(browser, url)],
  ]
  if (lighthouse) parts.push(['Lighthouse', () => measureLighthouse(url, Math.min(runs, 3))])
  const rows = []
  for (const [name, measure] of parts) {
    console.error(`Measuring ${name} …`)
    // One part that breaks says so in the table, and the others are still measured.
    rows.push(...(await measure().catch((error) => [broken(name, error)])))
  }
  const about = `Chromium ${browser.version()}, ${cpus().length} × ${cpus()[0]?.model.trim()}, the built page on localhost.`
  await browser.close()
  await server.close()

  const table = markdown(rows)
  console.log(`${table}\n\n${about}`)
  if (write)
    writeFileSync(
      join(root, 'docs/page-report.md'),
      `# Page report\n\nMade by \`npm run page-report -- --write\`. ${about}\n\n${table}\n`,
    )
  const failed = rows.filter(({ met, fixed }) => fixed && met === false)
  if (check && failed.length > 0) throw new SetupError(`Not as promised: ${failed.map(({ what }) => what).join('; ')}`)
})

/**
 * @param {string} name of a part
 * @param {Error} error
 * @returns {import('./page-report/table.mjs').Row}
 */
const broken = (name, { message }) => ({
  what: `Measuring ${name}`,
  value: message.split('\n')[0],
  target: 'no error',
  met: false,
  fixed: true,
})

/** Builds into a folder of its own and moves that into place: somebody may be testing the page that stands there. */
async function buildPage() {
  if (
    isFresh(
      join(folder, 'index.html'),
      sources.map((path) => join(root, path)),
    )
  )
    return
  console.error('Building the page …')
  const fresh = `${folder}-${process.pid}`
  await build({ root, logLevel: 'warn', build: { outDir: fresh } })
  rmSync(folder, { recursive: true, force: true })
  renameSync(fresh, folder)
}

function options() {
  try {
    const { values } = parseArgs({
      options: {
        check: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        lighthouse: { type: 'boolean', default: true },
        runs: { type: 'string', default: '7' },
      },
      allowNegative: true,
    })
    const runs = Number(values.runs)
    if (!Number.isInteger(runs) || runs < 1 || runs > 100)
      throw new Error(`--runs ${values.runs} is not between 1 and 100`)
    return { ...values, runs }
  } catch (error) {
    throw new SetupError(
      `${error instanceof Error ? error.message : error}. Known are --runs N, --check, --write and --no-lighthouse.`,
    )
  }
}
