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
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
  await expect(page.locator('h1')).toContainText('Llama 3 8B in FP8')
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
