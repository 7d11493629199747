/** What stands in the page before its code has come: the opening scenario's answer, the same as the code's own, and nothing of it where the address asks for another. */
import type { Page } from '@playwright/test'
import { digits, drawn, estimated, expect, heldBack, LLAMA, listed, once, test } from './fixtures.ts'

const CODE = '**/assets/*.js'

/** On a phone the bytes are below controls and map, which come with the code. */
const parts = (isMobile: boolean) => ({
  answer: ['h1', 'dl', '.verdict'],
  ...(isMobile ? {} : { breakdown: ['.sum', 'li:last-child'] }),
})

/** Where what is said stands. */
async function places(page: Page, kind: 'first' | 'oom', isMobile: boolean) {
  const found: Record<string, (number | undefined)[]> = {}
  for (const [element, selectors] of Object.entries(parts(isMobile))) {
    for (const selector of selectors) {
      const box = await page.locator(`${kind}-${element} ${selector}`).boundingBox()
      found[`${element} ${selector}`] = [box?.x, box?.y, box?.width, box?.height].map((length) =>
        Math.round(length ?? -1),
      )
    }
  }
  return found
}

test('the opening answer is there before the code, to the byte, and stays where it stands', async ({
  page,
  isMobile,
}) => {
  const letGo = await heldBack(page, CODE)
  await page.goto('./?engine=cpu', { waitUntil: 'commit' })
  const expected = estimated({ model: LLAMA, batch: 4 })
  const answer = page.locator('first-answer')
  await expect(answer.locator('.verdict')).toHaveClass(new RegExp(expected.verdict))
  await expect(answer.locator('dd > :first-child').first()).toHaveText(digits(expected.maxBatch))
  await expect(page.locator('first-breakdown .exact')).toHaveText(listed(expected).map((bytes) => `${digits(bytes)} B`))
  // Nothing can be entered that would be lost.
  await expect(page.locator('main[inert]')).toBeVisible()
  // Lines break as they will once the page's own letters have come.
  await page.waitForFunction(() => [...document.fonts].some(({ status }) => status === 'loaded'))
  const words = await answer.locator('h1').innerText()
  const before = await places(page, 'first', isMobile)
  letGo()
  await drawn(page)
  await expect(page.locator('first-answer')).toHaveCount(0)
  expect(await page.locator('oom-answer h1').innerText()).toBe(words)
  expect(await places(page, 'oom', isMobile)).toEqual(before)
})

test('a link never shows the opening answer', once, async ({ page }) => {
  const letGo = await heldBack(page, CODE)
  await page.goto('./?engine=cpu#b=1', { waitUntil: 'commit' })
  await expect(page.locator('first-answer')).toBeAttached()
  await expect(page.locator('first-answer')).toBeHidden()
  letGo()
  await drawn(page)
  await expect(page.locator('oom-answer .verdict')).toBeVisible()
})

test('the chosen theme holds before the code', once, async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem('oomscape.theme', JSON.stringify('dark')))
  const letGo = await heldBack(page, CODE)
  await page.goto('./?engine=cpu', { waitUntil: 'commit' })
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  letGo()
  await drawn(page)
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
})
