/** Dialogs: each has its way out in its corner, in sight; verification says what it compares. */
import { expect, once, open, test } from './fixtures.ts'

test('every dialog has a way out in its corner', async ({ page, isMobile }) => {
  await open(page)
  const openers = {
    Verify: () => page.getByRole('button', { name: 'Verify' }).click(),
    Export: () => page.getByRole('button', { name: 'Export' }).click(),
    Examples: () => page.getByRole('button', { name: 'Examples …' }).filter({ visible: true }).click(),
    'Bring your own': () => page.getByTitle('Bring your own model').click(),
    ...(isMobile ? {} : { keys: () => page.getByRole('button', { name: 'Keyboard and pointer' }).click() }),
  }
  for (const [name, opens] of Object.entries(openers)) {
    await opens()
    const dialog = page.locator('dialog[open]')
    const out = dialog.getByRole('button', { name: 'Close' })
    await expect(out, name).toBeInViewport({ ratio: 1 })
    // Scrolled to its end it is still there.
    await dialog.locator('.body').evaluate((body) => body.scrollTo(0, 99_999))
    await expect(out, name).toBeInViewport({ ratio: 1 })
    await out.click()
    await expect(dialog, name).toHaveCount(0)
  }
})

test(
  'verification on the CPU is against the reference, and does not count the CPU against itself',
  once,
  async ({ page }) => {
    await open(page)
    await page.getByRole('button', { name: 'Verify' }).click()
    const dialog = page.locator('dialog[open]')
    await expect(dialog).toContainText('The CPU draws here.')
    const rows = dialog.locator('tr')
    await expect(rows.filter({ hasText: 'Mismatches' })).toContainText('0', { timeout: 20_000 })
    await expect(rows.filter({ hasText: 'Engine' })).toContainText('CPU')
    await expect(rows.filter({ hasText: 'Cells compared with the reference' })).toContainText(
      /^\D+\d+, \d+ numbers each/,
    )
    await expect(dialog).not.toContainText('with the CPU')
  },
)
