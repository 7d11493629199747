/** What comes out of a printer: the answer, the map and the breakdown on white paper, and nothing that only works on a screen. */
import { expect, open, test } from './fixtures.ts'

test('paper shows the answer, the map as it was drawn, and the breakdown, in light colours', async ({ page }) => {
  await open(page, 'batch=5')
  await expect(page.locator('oom-frontier tr').first()).toBeVisible()
  await page.emulateMedia({ media: 'print' })
  for (const part of ['oom-answer h1', 'oom-map .overlay >> nth=0', 'oom-breakdown .sum']) {
    await expect(page.locator(part)).toBeVisible()
  }
  await expect(page.locator('oom-breakdown oom-frontier table')).toBeVisible()
  for (const part of ['oom-tabs', 'oom-hints', 'oom-answer .changes']) await expect(page.locator(part)).toBeHidden()
  // Nothing to press but numbers that lead to their formulas, which paper shows as numbers.
  const controls = page
    .locator('oom-header, oom-controls, oom-compare-by, oom-scales, .skip')
    .locator('button, input, select')
  for (const control of await controls.all()) await expect(control).toBeHidden()
  // Which scenario it was, and when.
  const printed = page.locator('.printed')
  await expect(printed).toContainText(page.url())
  await expect(printed).toContainText(String(new Date().getFullYear()))
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

test('all of it is on one page of A4', async ({ page }) => {
  for (const link of ['batch=4', 'task=lora&runtime=peft&batch=1&seq=2k', 'batch=4&by=gpus']) {
    await page.goto('about:blank')
    await open(page, link)
    await expect(page.locator('oom-frontier tr').first()).toBeVisible()
    const pdf = (await page.pdf({ format: 'A4', preferCSSPageSize: false })).toString('latin1')
    expect(pdf.match(/\/Type\s*\/Page\b/g), link).toHaveLength(1)
  }
})
