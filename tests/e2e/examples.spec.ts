/** Situations to begin with: each is one choice away, is what it says, and can be undone. */
import { drawn, expect, expectAnswer, open, test } from './fixtures.ts'

test('an example is chosen, answered as the command line does, and undone', async ({ page }) => {
  await open(page)
  await page.getByRole('button', { name: 'Examples' }).click()
  const dialog = page.getByRole('dialog', { name: 'Begin with an example' })
  const example = dialog.getByRole('button', { name: /^DeepSeek-V3/ })
  await expect(example).toContainText('serves 64 sequences of 8k tokens')
  const said = /: +(.*)$/s.exec(await example.innerText())?.[1].trim()
  await example.click()
  await expect(dialog).toBeHidden()
  await expect(page.locator('.verdict')).toContainText(said ?? '')
  await expectAnswer(page, {
    model: 'deepseek-ai/DeepSeek-V3',
    hardware: { gpu: 'H200', count: 8 },
    batch: 64,
    sequence: 8192,
  })
  await drawn(page)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(page.locator('h1')).toContainText('Llama 3 8B in BF16')
})
