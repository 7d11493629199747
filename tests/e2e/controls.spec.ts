/** What is asked, as people type it, and what is said where it cannot be. */
import { control, expect, expectAnswer, LLAMA, once, open, test } from './fixtures.ts'

test('a model and a GPU are found by what people type, by keyboard alone', once, async ({ page }) => {
  await open(page)
  await control(page, 'Model').focus()
  await page.keyboard.type('llama 70')
  await page.keyboard.press('Enter')
  await expect(page.locator('h1')).toContainText('Llama 3.3 70B Instruct')
  await control(page, 'GPU').focus()
  await page.keyboard.type('h200')
  await page.keyboard.press('Enter')
  await expect(page.locator('h1')).toContainText('on one H200')
  const model = 'meta-llama/Llama-3.3-70B-Instruct'
  await expectAnswer(page, { model, batch: 4, hardware: { gpu: 'H200' } })
  await control(page, 'GPU').fill('4090')
  await page.keyboard.press('Enter')
  await expect(page.locator('h1')).toContainText('on one RTX 4090')
  await control(page, 'GPU').fill('no such card')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await expect(page.locator('h1')).toContainText('on one RTX 4090')
})

test('numbers are read as people write them, and refused with a reason', once, async ({ page }) => {
  await open(page)
  const sequence = control(page, 'Tokens per sequence')
  for (const [text, shown] of [
    ['32k', '32k'],
    ['128K', '128k'],
    ['1M', '1M'],
    ['6000', `6\u202f000`],
  ]) {
    await sequence.fill(text)
    await sequence.press('Enter')
    await expect(page.locator('h1')).toContainText(`of ${shown} tokens`)
  }
  for (const text of ['-5', '0', 'abc', '', '1e300', '99999999999999999999', 'NaN']) {
    await sequence.fill(text)
    await expect(sequence).toHaveAttribute('aria-invalid', 'true')
    // Field, value, limits, and what to write.
    await expect(sequence).toHaveAccessibleDescription(
      `Tokens per sequence: ${text ? `“${text}” is not` : 'needs'} a whole number from 1 to 16M, such as 8 or 32k.`,
    )
    await expect(page.locator('h1')).toContainText('of 6\u202f000 tokens')
    await expect(sequence).toHaveValue(text)
  }
  // What its beginning would mean is not left behind.
  await sequence.fill('')
  for (const text of ['1e300', '17M']) {
    await sequence.pressSequentially(text)
    await expect(sequence).toHaveAttribute('aria-invalid', 'true')
    await expect(page.locator('h1')).toContainText('of 6\u202f000 tokens')
    await sequence.fill('')
  }
  await sequence.fill('8k')
  await sequence.press('ArrowUp')
  await expect(page.locator('h1')).toContainText('of 9k tokens')
  await sequence.press('Shift+ArrowUp')
  await expect(page.locator('h1')).toContainText('of 18k tokens')
  await sequence.press('Alt+ArrowUp')
  await expect(page.locator('h1')).toContainText(`of 18\u202f433 tokens`)
})

test('a training task answers by a runtime that trains', async ({ page, isMobile }) => {
  await open(page)
  if (isMobile) await page.getByRole('button', { name: /all settings/ }).click()
  await page.locator('oom-controls').getByText('LoRA', { exact: true }).click()
  await expect(page.locator('h1')).toContainText('LoRA fine-tuning of Llama 3 8B')
  await expectAnswer(page, { model: LLAMA, batch: 4, task: 'lora', runtime: 'transformers' })
})

test('an impossible layout is said at its field, and the last good answer stays', async ({ page }) => {
  await open(page)
  await page.getByRole('button', { name: /all settings/i }).click()
  const tensor = page.getByLabel('Tensor parallel')
  // What it means is said while one is in it.
  await tensor.focus()
  await expect(page.getByText('GPUs that share every layer', { exact: false }).last()).toBeVisible()
  await tensor.fill('3')
  await expect(page.getByRole('alert').first()).toBeVisible()
  await expect(page.locator('h1')).toContainText('Llama 3 8B in BF16')
  // Controls are called what they are called on the page, and what one change mends is one click.
  const refusal = page.locator('oom-answer .refusal')
  await expect(refusal).toContainText('GPUs: 1 is not a multiple of')
  await refusal.getByRole('button', { name: 'Set Tensor parallel to auto' }).click()
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect(tensor).toHaveValue('')
})

test('a number of GPUs that cannot be laid out comes with those that can', once, async ({ page }) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&gpus=3`)
  const heading = page.locator('h1')
  await expect(heading).toContainText('There is no answer: Tensor parallel: 3 does not divide the model')
  for (const name of ['2 GPUs', '4 GPUs', 'Pipeline 3'])
    await expect(heading.getByRole('button', { name })).toBeVisible()
  await heading.getByRole('button', { name: '2 GPUs' }).click()
  await expectAnswer(page, { model: LLAMA, hardware: { count: 2 } })
})
