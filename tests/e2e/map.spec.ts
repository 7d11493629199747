/** The landscape: its cells, its boundary, moving in it; with numbers from the command line. */
import { estimated, expect, expectAnswer, LLAMA, once, open, test } from './fixtures.ts'
import { positionOf, walkMap } from './walk-map.ts'

walkMap('cpu')

test('the map is walked by keyboard and read aloud', async ({ page }) => {
  const { maxBatch } = estimated({ model: LLAMA })
  await open(page, `model=${LLAMA}&batch=${maxBatch}`)
  await page.getByRole('application').focus()
  await page.keyboard.press('ArrowUp')
  const live = page.locator('oom-map [aria-live]')
  await expect(live).toContainText(`${maxBatch + 1} sequences of 8k tokens: out of memory`)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Shift+ArrowRight')
  await expect(live).toContainText(`${maxBatch} sequences of 16k tokens: out of memory`)
  await page.keyboard.press('Enter')
  await expectAnswer(page, { model: LLAMA, batch: maxBatch, sequence: 16_384 })
})

test('a dragged rectangle is zoomed into, the wheel zooms at the pointer, a double click shows everything', async ({
  page,
  isMobile,
}) => {
  await open(page)
  const boundary = page.locator('oom-map path.boundary')
  const whole = (await boundary.getAttribute('d')) ?? ''
  const from = await positionOf(page, 16, 4096)
  const to = await positionOf(page, 2, 16_384)
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2)
  await page.mouse.move(to.x, to.y)
  await page.mouse.up()
  await expect(boundary).not.toHaveAttribute('d', whole)
  const [, tokens] = /s=(\d+k?)\.\./.exec(page.url()) ?? []
  expect(Math.abs(Number(tokens.replace('k', '')) * (tokens.endsWith('k') ? 1024 : 1) - 4096)).toBeLessThan(160)
  if (!isMobile) {
    const zoomed = (await boundary.getAttribute('d')) ?? ''
    await page.mouse.wheel(0, 240)
    await expect(boundary).not.toHaveAttribute('d', zoomed)
  }
  await page.mouse.dblclick(to.x, to.y)
  await expect(page).not.toHaveURL(/[#&]s=/)
  await expect(boundary).toHaveAttribute('d', whole)
})

test('axes are logarithmic or linear', once, async ({ page }) => {
  await open(page)
  const boundary = page.locator('oom-map path.boundary')
  const log = (await boundary.getAttribute('d')) ?? ''
  await page.getByRole('button', { name: 'Tokens: log₂' }).click()
  await expect(page).toHaveURL(/s=1k\.\.128k,linear/)
  await expect(boundary).not.toHaveAttribute('d', log)
  await page.getByRole('button', { name: 'Show everything' }).click()
  await expect(boundary).toHaveAttribute('d', log)
})

test('panels compare precisions, with one cross-hair in all', async ({ page }) => {
  await open(page, `model=${LLAMA}&by=weights`)
  const titles = page.locator('oom-map .title')
  await expect(titles).toHaveCount(3)
  await expect(titles.first()).toHaveText('Weights in BF16')
  const panel = page.locator('oom-map .edge').nth(1)
  await panel.scrollIntoViewIfNeeded()
  const box = await panel.boundingBox()
  if (!box) throw new Error('There is no second panel')
  // Each says what the pinned cell leaves there: 1 sequence of 8k tokens.
  const left = page.locator('oom-map text.marktext:is(.fits, .tight, .oom)')
  await expect(left).toHaveCount(3)
  for (const [i, weights] of ['bf16', 'fp8', 'awq-int4'].entries()) {
    const { capacity, perGpu } = estimated({ model: LLAMA, precision: { weights } })
    const spare = (Math.floor(((capacity - perGpu.total) / 2 ** 30) * 100) / 100).toFixed(2)
    await expect(left.nth(i)).toHaveText(`+${spare} GiB`)
  }
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await expect(page.locator('oom-map g.hover')).toHaveCount(3)
  // The one pointed at says more, beside the pointer.
  await expect(left).toHaveCount(2)
  await expect(page.locator('oom-map .readout')).toBeVisible()
  await expect(page.locator('oom-breakdown header span')).toHaveText(/^\s*Weights in FP8: \d/)
  // The others' numbers are those of the cell pointed at, and stand beside a dot there, not beside the pinned ring.
  for (const group of await page.locator('oom-map g:has(> text.fits, > text.tight, > text.oom)').all()) {
    const [dot, text] = [await group.locator('circle').boundingBox(), await group.locator('text').boundingBox()]
    const gap = Math.max((text?.x ?? 0) - (dot?.x ?? 0), (dot?.x ?? 0) - (text?.x ?? 0) - (text?.width ?? 0))
    expect(gap).toBeLessThan(20)
  }
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
  await expect(page.locator('h1')).toContainText('Llama 3 8B in FP8')
})

test('nothing is written over anything else, nor over the boundary', async ({ page }) => {
  for (const link of [
    'batch=4',
    'batch=4&by=kv',
    'batch=4&by=weights',
    'batch=4&by=gpus',
    'batch=6',
    'batch=4&by=gpu',
  ]) {
    await page.goto('about:blank')
    await open(page, `model=${LLAMA}&${link}`)
    await expect(page.locator('oom-map .context').first()).toBeAttached()
    const met = await page.locator('oom-map .stage').evaluate((stage) => {
      const seen = (element: Element) => element.getBoundingClientRect().width > 0
      const texts = [...stage.querySelectorAll('text')].filter(seen)
      const rings = [...stage.querySelectorAll('.ring')]
      const boxes = [...texts, ...rings].map((element) => ({ element, box: element.getBoundingClientRect() }))
      return boxes.flatMap(({ element, box: a }, i) =>
        boxes
          .slice(i + 1)
          .filter(({ element: other }) => !(rings.includes(element) && rings.includes(other)))
          .filter(({ box: b }) => a.left < b.right && b.left < a.right && a.top + 3 < b.bottom && b.top + 3 < a.bottom)
          .map(({ element: other }) => `${element.textContent} × ${other.textContent}`),
      )
    })
    expect(met, link).toEqual([])
  }
})

test('the map says where the model’s context ends', async ({ page }) => {
  // max_position_embeddings of Llama 3 8B: 8192.
  await open(page, `model=${LLAMA}&seq=2k`)
  await expect(page.locator('oom-map .contextname')).toHaveText('context 8k')
  const line = await page.locator('oom-map path.context').last().boundingBox()
  const { x } = await positionOf(page, 2, 8192)
  expect(Math.abs((line?.x ?? 0) - x)).toBeLessThan(2)
  // Of Llama 3.1 8B: 131072, where the axis ends.
  await page.goto('about:blank')
  await open(page, 'model=meta-llama/Llama-3.1-8B')
  await expect(page.locator('oom-map .contextname')).toHaveCount(0)
})

test('the boundary of the scenario kept as A is on the map of B', async ({ page }) => {
  await open(page, `model=${LLAMA}&batch=4&kv=fp8&a=${encodeURIComponent(`model=${LLAMA}&batch=4`)}`)
  const kept = (await page.locator('oom-map path.kept').getAttribute('d')) ?? ''
  await page.goto('about:blank')
  await open(page, `model=${LLAMA}&batch=4`)
  await expect(page.locator('oom-map path.kept')).toHaveCount(0)
  await expect(page.locator('oom-map path.boundary')).toHaveAttribute('d', kept)
})

test('zooming leaves the map where it is, and as large', once, async ({ page }) => {
  await open(page)
  const before = await page.locator('oom-map').boundingBox()
  await page.getByRole('application').focus()
  await page.keyboard.press('+')
  await expect(page.getByRole('button', { name: 'Show everything' })).toBeVisible()
  expect(await page.locator('oom-map').boundingBox()).toEqual(before)
})

test('panels compare two fields at once, as columns and rows', async ({ page, isMobile }) => {
  await open(page, `model=${LLAMA}&by=weights`)
  await page.getByLabel('Compare by a further field').selectOption('GPU count')
  await expect(page).toHaveURL(/by=weights,gpus/)
  await expect(page.locator('oom-map .edge')).toHaveCount(12)
  // Beside each other on a phone there is room for less.
  for (const head of [isMobile ? 'FP8' : 'Weights in FP8', '4 GPUs']) {
    await expect(page.locator('oom-map .title', { hasText: head })).toHaveCount(1)
  }
  // Row 4 GPUs, column FP8: the eighth panel.
  const panel = page.locator('oom-map .edge').nth(7)
  await panel.scrollIntoViewIfNeeded()
  const box = await panel.boundingBox()
  if (!box) throw new Error('There is no eighth panel')
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
  await expect(page.locator('h1')).toContainText('Llama 3 8B in FP8 with a BF16 KV cache on 4 × RTX 4090')
})

test('without WebGPU the CPU draws and says so', once, async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined })
  })
  await page.goto('./')
  await expect(page.locator('.engine span').first()).toHaveText(/no WebGPU/)
  await expectAnswer(page, { model: LLAMA, batch: 4 })
})

test('a double click shows everything and leaves the scenario and its history alone', async ({ page }) => {
  await open(page, `model=${LLAMA}&batch=4&s=4k..16k&b=1..32`)
  const box = await page.locator('oom-map .edge').first().boundingBox()
  if (!box) throw new Error('There is no plot')
  const entries = await page.evaluate(() => history.length)
  await page.mouse.dblclick(box.x + box.width * 0.7, box.y + box.height * 0.3)
  await expect(page).not.toHaveURL(/[#&]s=/)
  await expect(page.locator('h1')).toContainText('serves 4 sequences of 8k tokens')
  await expect(page.getByRole('button', { name: 'Undo' })).toBeDisabled()
  expect(await page.evaluate(() => history.length)).toBe(entries + 1)
  // A single click pins, and is one step back even at once.
  await page.mouse.click(box.x + box.width * 0.7, box.y + box.height * 0.3)
  await expect(page.locator('h1')).not.toContainText('serves 4 sequences of 8k tokens')
  await page.keyboard.press('Control+z')
  await expect(page.locator('h1')).toContainText('serves 4 sequences of 8k tokens')
})
