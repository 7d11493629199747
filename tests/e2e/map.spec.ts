/** The landscape: its cells, its boundary, moving in it; on both engines, with numbers from the command line. */
import type { Page } from '@playwright/test'
import { drawn, estimated, expect, expectAnswer, LLAMA, once, open, test } from './fixtures.ts'

/** The position of a cell in the map's window, by the axes' own arithmetic: cell n reaches from n − ½ to n + ½ on a log₂ axis. */
async function positionOf(page: Page, batch: number, sequence: number) {
  const plot = await page.locator('oom-map .edge').first().boundingBox()
  if (!plot) throw new Error('There is no plot')
  const along = (value: number, from: number, to: number) =>
    Math.log2(value / (from - 0.5)) / Math.log2((to + 0.5) / (from - 0.5))
  return {
    x: plot.x + plot.width * along(sequence, 1024, 131_072),
    y: plot.y + plot.height * (1 - along(batch, 1, 256)),
  }
}

for (const engine of ['cpu', 'gpu'] as const) {
  test.describe(`on the ${engine.toUpperCase()}`, () => {
    test('a click pins the cell under it', async ({ page }) => {
      await open(page, '', engine)
      const { x, y } = await positionOf(page, 2, 16_384)
      await page.mouse.click(x, y)
      await expect(page.locator('h1')).toContainText('serves 2 sequences')
      await expect(page).toHaveURL(/seq=/)
      const sequence = Number(/seq=(\d+)(k?)/.exec(page.url())?.[1] ?? 0) * (/seq=\d+k/.test(page.url()) ? 1024 : 1)
      expect(Math.abs(sequence - 16_384)).toBeLessThan(200)
      await expectAnswer(page, { model: LLAMA, batch: 2, sequence })
    })

    test('the boundary is exact: the batch it names fits, the next does not', async ({ page }) => {
      await open(page, `model=${LLAMA}`, engine)
      const labels = page.locator('oom-map .marktext')
      await expect(labels.first()).toBeAttached()
      const named = await labels.allTextContents()
      const { width } = page.viewportSize() ?? { width: 0 }
      // Labels stand at powers of two, from the left; on a phone there is room for every second only.
      const shown = [1024, 2048, 4096, 8192, 16_384, 32_768].map(
        (sequence) => estimated({ model: LLAMA, sequence }).maxBatch,
      )
      for (const text of named) expect(shown).toContain(Number(text))
      expect(named.length).toBeGreaterThanOrEqual(width > 800 ? 4 : 2)
    })

    test('zooming draws anew, and 0 shows everything again', once, async ({ page }) => {
      await open(page, '', engine)
      const map = page.getByRole('application')
      const before = await page.locator('oom-map path.boundary').getAttribute('d')
      await map.focus()
      await page.keyboard.press('+')
      await expect(page).toHaveURL(/s=.+&b=/)
      await expect(page.locator('oom-map path.boundary')).not.toHaveAttribute('d', before ?? '')
      await page.keyboard.press('0')
      await expect(page.locator('oom-map path.boundary')).toHaveAttribute('d', before ?? '')
    })
  })
}

test('both engines draw the same boundary and the same pixels', once, async ({ page }) => {
  const scene = `model=${LLAMA}&batch=8&by=gpus`
  const look = async (engine: 'cpu' | 'gpu') => {
    await open(page, scene, engine)
    await page.mouse.move(0, 0)
    const paths = await page
      .locator('oom-map path.boundary')
      .evaluateAll((found) => found.map((path) => path.getAttribute('d')))
    // Only what the engines paint: lines and text above it are smoothed by the browser, not everywhere alike.
    await page.locator('oom-map svg.overlay').evaluate((overlay: SVGElement) => {
      overlay.style.visibility = 'hidden'
    })
    const shot = await page.locator('oom-map canvas').screenshot()
    return { paths, shot }
  }
  const cpu = await look('cpu')
  const gpu = await look('gpu')
  expect(gpu.paths).toEqual(cpu.paths)
  // Verdicts are equal by arithmetic; shades may differ by one of 256 where a float is truncated.
  const differing = await page.evaluate(
    async ([a, b]) => {
      const pixels = async (data: string) => {
        const image = await createImageBitmap(
          new Blob([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))], { type: 'image/png' }),
        )
        const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
        context?.drawImage(image, 0, 0)
        return context?.getImageData(0, 0, image.width, image.height).data ?? new Uint8ClampedArray()
      }
      const [one, two] = [await pixels(a), await pixels(b)]
      let count = 0
      for (let i = 0; i < one.length; i++) if (Math.abs(one[i] - two[i]) > 8) count++
      return count / one.length
    },
    [cpu.shot.toString('base64'), gpu.shot.toString('base64')],
  )
  expect(differing).toBeLessThan(0.001)
})

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
  const box = await page.locator('oom-map .edge').nth(1).boundingBox()
  if (!box) throw new Error('There is no second panel')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await expect(page.locator('oom-map g.hover')).toHaveCount(3)
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
  await expect(page.locator('h1')).toContainText('Llama 3 8B in FP8')
})

test('panels compare two fields at once, as columns and rows', async ({ page }) => {
  await open(page, `model=${LLAMA}&by=weights`)
  await page.getByLabel('Compare by a further field').selectOption('GPU count')
  await expect(page).toHaveURL(/by=weights,gpus/)
  await expect(page.locator('oom-map .edge')).toHaveCount(12)
  for (const head of ['Weights in FP8', '4 GPUs']) {
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

test('a lost GPU comes back by itself, and nothing is lost', once, async ({ page }) => {
  await page.addInitScript(() => {
    const { requestDevice } = GPUAdapter.prototype
    GPUAdapter.prototype.requestDevice = async function (...args) {
      const device = await requestDevice.apply(this, args)
      Object.assign(globalThis, { lastDevice: device })
      return device
    }
  })
  await open(page, `model=${LLAMA}&batch=3&seq=20k`, 'gpu')
  const heading = await page.locator('h1').innerText()
  const path = await page.locator('oom-map path.boundary').getAttribute('d')
  await page.evaluate(() => {
    const { lastDevice } = globalThis as unknown as { lastDevice: GPUDevice }
    lastDevice.destroy()
  })
  await drawn(page, 'gpu')
  await page.getByRole('application').focus()
  await page.keyboard.press('+')
  await expect(page.locator('oom-map path.boundary')).not.toHaveAttribute('d', path ?? '')
  await page.keyboard.press('0')
  await expect(page.locator('oom-map path.boundary')).toHaveAttribute('d', path ?? '')
  await expect(page.locator('h1')).toHaveText(heading)
  await drawn(page, 'gpu')
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
