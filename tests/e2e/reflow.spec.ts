/** Narrow screens: everything is there without scrolling sideways (WCAG 2.2, 1.4.10: 320 CSS pixels). */
import { expect, LLAMA, open, test } from './fixtures.ts'

for (const width of [320, 390]) {
  test(`nothing is cut at ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 844 })
    await open(page, `model=${LLAMA}&batch=4`)
    const views = ['Map', 'Profile', 'GPUs', 'Models', 'Overlay', 'A | B']
    for (const name of [...views, 'Map']) {
      const tab = page.getByRole('tab', { name, exact: true })
      await expect(tab).toBeInViewport({ ratio: 0.95 })
      await tab.click()
      if (name === 'A | B') await page.getByRole('button', { name: 'Keep as A' }).click()
      await page.waitForTimeout(300)
      expect(await page.evaluate(() => document.documentElement.scrollWidth), name).toBeLessThanOrEqual(width)
    }
    const further = page.getByLabel('Compare by a further field')
    const box = await further.boundingBox()
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width)
    for (const button of await page.locator('oom-header .button:visible').all()) {
      const at = await button.boundingBox()
      expect((at?.x ?? 0) + (at?.width ?? 0)).toBeLessThanOrEqual(width)
    }
  })
}

test('on a phone, the profile’s names are whole and A | B has no scroller of its own', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open(page, `model=${LLAMA}&batch=4&gpus=2`)
  await page.getByRole('tab', { name: 'Profile' }).click()
  const name = page.locator('oom-profile text.name', { hasText: 'Communication' })
  await expect(name).toBeAttached({ timeout: 20_000 })
  const [text, stage] = [await name.boundingBox(), await page.locator('oom-profile .stage').boundingBox()]
  expect((text?.x ?? 0) + (text?.width ?? 0)).toBeLessThanOrEqual((stage?.x ?? 0) + (stage?.width ?? 0))
  await page.getByRole('tab', { name: 'A | B' }).click()
  await page.getByRole('button', { name: 'Keep as A' }).click()
  const inner = page.getByRole('region', { name: 'A against B' })
  expect(await inner.evaluate((at) => at.scrollHeight - at.clientHeight)).toBeLessThanOrEqual(1)
})
