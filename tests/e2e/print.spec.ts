/** What comes out of a printer: the answer, the map and the breakdown on white paper, and nothing that only works on a screen. */
import { expect, open, test } from './fixtures.ts'

test('paper shows the answer, the map as it was drawn, and the breakdown, in light colours', async ({ page }) => {
  await open(page)
  await page.emulateMedia({ media: 'print' })
  for (const part of ['oom-answer h1', 'oom-map .overlay >> nth=0', 'oom-breakdown .sum']) {
    await expect(page.locator(part)).toBeVisible()
  }
  for (const part of ['oom-controls', 'oom-tabs', 'oom-hints', 'oom-header button >> nth=0', 'oom-answer .changes']) {
    await expect(page.locator(part)).toBeHidden()
  }
  const ink = await page.locator('oom-answer h1').evaluate((element) => getComputedStyle(element).color)
  expect(ink).toBe('rgb(22, 24, 29)')
  // Canvas and lines are scaled alike, so that the boundary stays where the colours change.
  const [canvas, lines] = await Promise.all(
    ['canvas', '.overlay'].map((part) => page.locator(`oom-map ${part}`).first().boundingBox()),
  )
  expect(lines).toEqual(canvas)
  const shape = await page
    .locator('oom-map .overlay')
    .first()
    .evaluate((element: SVGSVGElement) => {
      const { width, height } = element.viewBox.baseVal
      return width / height
    })
  expect((canvas?.width ?? 0) / (canvas?.height ?? 1)).toBeCloseTo(shape, 1)
})
