/** What a first visit may cost, and whom it may ask: the limits the page sets itself, on the files that were built. */
import { gzipSync } from 'node:zlib'
import { probe } from '../../scripts/page-report/probe.mjs'
import { control, drawn, expect, heldBack, LLAMA, once, open, test } from './fixtures.ts'

test.use({ storageState: { cookies: [], origins: [] } })

test('hints come once, and go with what they say', async ({ page }) => {
  await open(page)
  const hint = page.locator('oom-hints aside')
  await expect(hint).toContainText('1 of 3')
  // They hide no part of the picture, no bytes, and no control, however many there are.
  await page.getByRole('button', { name: /all settings/i }).click()
  await hint.scrollIntoViewIfNeeded()
  const said = await hint.boundingBox()
  const controls = 'oom-controls :is(input, select, button), oom-scales button, oom-compare-by :is(label, select)'
  for (const part of await page.locator(`oom-map .target, oom-breakdown .bar, ${controls}`).all()) {
    const box = await part.boundingBox()
    if (!box) continue
    expect(
      said!.y >= box.y + box.height ||
        said!.y + said!.height <= box.y ||
        said!.x + said!.width <= box.x ||
        said!.x >= box.x + box.width,
    ).toBe(true)
  }
  await page.getByRole('button', { name: 'Fewer settings' }).click()
  await hint.scrollIntoViewIfNeeded()
  const map = await page.locator('oom-map').boundingBox()
  await hint.getByRole('button', { name: 'Next' }).click()
  await expect(hint).toContainText('2 of 3')
  await hint.getByRole('button', { name: 'No more hints' }).click()
  await expect(hint).toHaveCount(0)
  // Nothing moved when they went.
  expect(await page.locator('oom-map').boundingBox()).toEqual(map)
  await open(page)
  await expect(page.locator('oom-hints')).toBeAttached()
  await expect(hint).toHaveCount(0)
})

test('at most 90 kB of JavaScript come before the map', once, async ({ page }) => {
  const sizes = new Map<string, Promise<number>>()
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.endsWith('.js')) {
      sizes.set(
        response.url(),
        // What still comes when the test has ended is not asked for.
        response.body().then(
          (body) => gzipSync(body).length,
          () => 0,
        ),
      )
    }
  })
  await page.addInitScript(probe)
  await page.goto('./?engine=cpu')
  await page.waitForFunction(() => 'map' in (window as unknown as { painted: object }).painted)
  const early = await page.evaluate(() => {
    const { map } = (window as unknown as { painted: { map: number } }).painted
    const entries = performance.getEntriesByType('resource')
    return entries.filter(({ startTime }) => startTime < map).map(({ name }) => name)
  })
  let sum = 0
  for (const url of early) sum += (await sizes.get(url)) ?? 0
  expect(sum).toBeGreaterThan(20_000)
  expect(sum).toBeLessThanOrEqual(90_000)
})

test('no other origin is asked, and no policy is broken', once, async ({ page, baseURL }) => {
  const foreign: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(baseURL ?? '') && !/^(data|blob):/.test(request.url())) foreign.push(request.url())
  })
  await page.addInitScript(() => {
    const broken: string[] = []
    Object.assign(window, { broken })
    document.addEventListener('securitypolicyviolation', (event) => broken.push(event.violatedDirective))
  })
  await page.goto('./?engine=cpu')
  await drawn(page)
  for (const name of ['Profile', 'GPUs', 'Map']) await page.getByRole('tab', { name, exact: true }).click()
  await page.getByRole('button', { name: 'Export' }).click()
  await page.waitForLoadState('networkidle')
  expect(foreign).toEqual([])
  expect(await page.evaluate(() => (window as unknown as { broken: string[] }).broken)).toEqual([])
})

test('a search engine and an installer find what they ask for', once, async ({ page, request }) => {
  await page.goto('./')
  const manifest = await page.locator('link[rel=manifest]').getAttribute('href')
  const { icons, start_url } = await (await request.get(manifest ?? '')).json()
  expect(start_url).toBe('./')
  for (const { src, type } of icons) {
    const icon = await request.get(src)
    expect(icon.headers()['content-type']).toContain(type)
  }
  const robots = await (await request.get('./robots.txt')).text()
  expect(robots).toMatch(/^User-agent: \*/)
})

test('a link to training waits for its formulas, and says what to do when they do not come', async ({ page }) => {
  const release = await heldBack(page, '**/training-*.js')
  await page.goto('./#task=full&gpu=H200')
  await expect(page.locator('h1')).toHaveText('Loading …')
  release()
  await expect(page.locator('h1')).toContainText('Full fine-tuning of Llama 3 8B')
  await expect(page.locator('oom-map path.boundary')).toBeAttached()
})

test('what a link needs is fetched beside the code that reads it', once, async ({ page }) => {
  const release = await heldBack(page, '**/page-*.js')
  const asked = ['catalogue', 'training'].map((part) => page.waitForRequest(`**/${part}-*.js`))
  await page.goto('./#model=Qwen/Qwen3-8B&task=full&gpu=H200')
  await Promise.all(asked)
  release()
  await expect(page.locator('h1')).toContainText('Full fine-tuning of Qwen3 8B')
})

test('a link to the model that the page has needs no catalogue beside it', once, async ({ page }) => {
  const release = await heldBack(page, '**/page-*.js')
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(`./#model=${LLAMA}&batch=2`, { waitUntil: 'commit' })
  await page.waitForRequest('**/page-*.js')
  await page.waitForTimeout(300)
  expect(asked.filter((url) => url.includes('/catalogue-'))).toEqual([])
  release()
  await expect(page.locator('h1')).toContainText('serves 2 sequences')
})

test('a training that cannot be loaded is refused with what to do, beside the last answer', once, async ({ page }) => {
  await page.route('**/training-*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: 'throw 1' }))
  await open(page)
  await page.getByRole('radio', { name: 'LoRA', exact: true }).check()
  await expect(page.locator('oom-answer .refusal')).toContainText('check the connection and choose the task again')
  await expect(page.locator('h1')).toContainText('Llama 3 8B in BF16')
})

test('a model typed before the catalogue is there is taken when it comes, wherever the focus went', async ({
  page,
}) => {
  const release = await heldBack(page, '**/catalogue-*.js')
  await open(page)
  await control(page, 'Model').fill('llama 3.3 70b')
  await page.keyboard.press('Enter')
  await control(page, 'GPU').fill('h200')
  await page.keyboard.press('Enter')
  await expect(page.locator('h1')).toContainText('Llama 3 8B in BF16 with a BF16 KV cache on one H200')
  release()
  await expect(page.locator('h1')).toContainText('Llama 3.3 70B Instruct in BF16 with a BF16 KV cache on one H200')
})
