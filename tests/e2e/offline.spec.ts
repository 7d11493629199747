/** After one visit the page needs no network, wherever it is opened. */
import { control, drawn, expect, LLAMA, test } from './fixtures.ts'

test('everything works offline after the first visit', async ({ page, context }) => {
  await page.goto('./?engine=cpu')
  await drawn(page)
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
  await page.reload()
  await context.setOffline(true)
  await page.goto(`./?engine=cpu#model=${LLAMA}&batch=3`)
  await page.reload()
  await drawn(page)
  await expect(page.locator('h1')).toContainText('serves 3 sequences')
  await control(page, 'Model').fill('Gemma 2B')
  await page.keyboard.press('Enter')
  await expect(page.locator('h1')).toContainText('Gemma 2B')
  await page
    .locator('oom-breakdown')
    .getByRole('button', { name: /^Weights/ })
    .click()
  await expect(page.locator('oom-formula .formula').first()).toBeVisible()
  await page.getByRole('button', { name: 'Export' }).click()
  await expect(page.locator('dialog[open]')).toContainText('rows')
})
