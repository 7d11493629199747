/** What the map has to do whichever engine draws it. */
import type { Page } from '@playwright/test'
import { estimated, expect, expectAnswer, LLAMA, once, open, test } from './fixtures.ts'

/** The position of a cell in the map's window, by the axes' own arithmetic: cell n reaches from n − ½ to n + ½ on a log₂ axis. */
export async function positionOf(page: Page, batch: number, sequence: number) {
  const plot = await page.locator('oom-map .edge').first().boundingBox()
  if (!plot) throw new Error('There is no plot')
  const along = (value: number, from: number, to: number) =>
    Math.log2(value / (from - 0.5)) / Math.log2((to + 0.5) / (from - 0.5))
  return {
    x: plot.x + plot.width * along(sequence, 1024, 131_072),
    y: plot.y + plot.height * (1 - along(batch, 1, 256)),
  }
}

export function walkMap(engine: 'cpu' | 'gpu'): void {
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
