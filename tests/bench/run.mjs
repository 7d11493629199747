/** `npm run bench [name …]`: runs the benchmark in Chromium and prints it. Ratios are medians of alternating repetitions in one run. */
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { chromium } from 'playwright'
import { createServer } from 'vite'
import { launchOptions } from '../../scripts/browser.mjs'

const server = await createServer({
  configFile: false,
  logLevel: 'error',
  server: { port: 0, hmr: false, watch: null },
})
await server.listen()
const browser = await chromium.launch(launchOptions('gpu'))
const session = await browser.newBrowserCDPSession()
const page = await browser.newPage()
page.on('pageerror', (error) => console.error(error))
await page.goto(`${server.resolvedUrls?.local[0]}tests/bench/index.html`)
await page.waitForFunction('globalThis.bench')

/** MiB the browser's page and GPU processes hold; null where the system does not tell. */
async function memory() {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  try {
    return processInfo
      .filter(({ type }) => /renderer|gpu/i.test(type))
      .map(({ id }) => Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1] ?? 0) / 1024)
      .reduce((a, b) => a + b, 0)
  } catch {
    return null
  }
}

/**
 * The result of `work` and the most memory seen while it ran.
 * @param {() => Promise<unknown>} work
 */
async function watched(work) {
  let peak = await memory()
  const timer = setInterval(async () => {
    const now = await memory()
    if (now !== null) peak = Math.max(peak ?? 0, now)
  }, 50)
  const result = await work()
  clearInterval(timer)
  return { result, peak: peak === null ? '' : `, peak memory of page and GPU process ${peak.toFixed(0)} MiB` }
}

const wanted = process.argv.slice(2)
/** @param {string} name */
const isWanted = (name) => wanted.length === 0 || wanted.includes(name)
console.log(`Adapter: ${await page.evaluate('adapter')}. Processor: ${cpus().length} × ${cpus()[0]?.model}.`)
if (isWanted('scaling')) {
  console.log('\nscaling')
  for (const kind of ['gpu', 'cpu']) {
    for (const cells of [1e5, 1e6, 1e7, 1e8]) {
      const { result, peak } = await watched(() => page.evaluate(`scale('${kind}', ${cells})`))
      console.log(`  ${kind}, ${cells.toExponential(0)} cells: ${result}${peak}`)
    }
  }
}
for (const name of await page.evaluate('Object.keys(bench)')) {
  if (!isWanted(name)) continue
  console.log(`\n${name}`)
  for (const line of await page.evaluate(`bench.${name}()`)) console.log(`  ${line}`)
}
await browser.close()
await server.close()
