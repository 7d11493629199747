/** Runs the benchmark in Chromium and prints it: `npm run bench`. */
import { chromium } from 'playwright'
import { createServer } from 'vite'
import { launchOptions } from '../../scripts/browser.mjs'

const server = await createServer({
  configFile: false,
  server: { port: 0, hmr: false, watch: null },
  logLevel: 'error',
})
await server.listen()
const browser = await chromium.launch(launchOptions())
const page = await browser.newPage()
page.on('console', (message) => console.log(message.text()))
page.on('pageerror', (error) => console.error(error))
await page.goto(`${server.resolvedUrls?.local[0]}tests/bench/index.html`)
await page.waitForFunction('globalThis.bench')
console.log(`Adapter: ${await page.evaluate('adapter')}`)
const wanted = process.argv.slice(2)
for (const name of await page.evaluate('Object.keys(bench)')) {
  if (wanted.length && !wanted.includes(name)) continue
  console.log(`\n${name}`)
  for (const line of await page.evaluate(`bench['${name}']()`)) console.log(`  ${line}`)
}
await browser.close()
await server.close()
