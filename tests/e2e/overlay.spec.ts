/** Boundaries of several scenarios on one plot: each reading is the command line's largest batch. */
import { digits, estimated, expect, LLAMA, once, test } from './fixtures.ts'

const readings = 'oom-overlay .readings li'

test('GPUs on one plot, every line named and read', async ({ page, isMobile }) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&batch=4&view=overlay`)
  for (const [gpu, name] of [
    ['RTX-4090', 'RTX 4090'],
    ['H200', 'H200'],
  ]) {
    const { maxBatch } = estimated({ model: LLAMA, hardware: { gpu } })
    await expect(page.locator(readings, { hasText: name }).locator('b')).toHaveText(digits(maxBatch))
    // On a phone the plot has no room for every name; the list beside it has.
    if (!isMobile) await expect(page.locator('oom-overlay text.linename', { hasText: name })).toBeVisible()
  }
  await expect(page.locator('oom-overlay path.line.own')).not.toHaveCount(0)
})

test('lines are removed and added, and are part of the link', once, async ({ page }) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&batch=4&view=overlay`)
  await page.getByRole('button', { name: 'Remove MI300X' }).click()
  await expect(page.locator(readings, { hasText: 'MI300X' })).toHaveCount(0)
  await page.getByRole('combobox', { name: 'Add a GPU' }).click()
  await page.keyboard.type('b200')
  await page.keyboard.press('Enter')
  const { maxBatch } = estimated({ model: LLAMA, hardware: { gpu: 'B200' } })
  await expect(page.locator(readings, { hasText: 'B200' }).locator('b')).toHaveText(digits(maxBatch))
  await expect(page).toHaveURL(/lines=gpu:RTX-4090,[^&]*B200/)
  await page.reload()
  await expect(page.locator(readings, { hasText: 'B200' }).locator('b')).toHaveText(digits(maxBatch))
})

test('models and precisions too; what cannot be says so', once, async ({ page }) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&gpu=H100&view=overlay&lines=model`)
  const qwen = estimated({ model: 'Qwen/Qwen3-8B', hardware: { gpu: 'H100' } })
  await expect(page.locator(readings, { hasText: 'Qwen3 8B' }).locator('b')).toHaveText(digits(qwen.maxBatch))
  await page.getByRole('combobox', { name: 'Lines of' }).selectOption('precision.kvCache')
  const fp8 = estimated({ model: LLAMA, hardware: { gpu: 'H100' }, precision: { kvCache: 'fp8' } })
  await expect(page.locator(readings, { hasText: 'FP8' }).locator('b')).toHaveText(digits(fp8.maxBatch))
  await page.goto(`./?engine=cpu#model=${LLAMA}&gpu=H100&view=overlay&lines=gpus:1,3`)
  await page.reload()
  await expect(page.locator(readings, { hasText: '3 GPUs' })).toContainText('impossible')
})

test('the table holds the same numbers, and the plot is walked by keyboard', async ({ page }) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&batch=4&view=overlay&lines=gpu:RTX-4090,H200`)
  const slider = page.getByRole('slider', { name: /Enter pins/ })
  await slider.focus()
  const before = Number(await slider.getAttribute('aria-valuenow'))
  await page.keyboard.press('ArrowRight')
  await expect(slider).not.toHaveAttribute('aria-valuenow', String(before))
  const sequence = Number(await slider.getAttribute('aria-valuenow'))
  const { maxBatch } = estimated({ model: LLAMA, sequence, hardware: { gpu: 'H200' } })
  await expect(slider).toHaveAttribute('aria-valuetext', new RegExp(`H200 ${digits(maxBatch)}`))
  await page.locator('oom-overlay').getByText('Table').click()
  const at = estimated({ model: LLAMA, sequence: 32_768, hardware: { gpu: 'H200' } })
  const row = page
    .locator('oom-overlay tbody tr')
    .filter({ has: page.getByRole('rowheader', { name: '32k', exact: true }) })
  await expect(row.locator('td').nth(1)).toHaveText(digits(at.maxBatch))
})
