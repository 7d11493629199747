/** WCAG 2.2 AA as far as axe can tell, in the states a reader meets, on a light desktop and a dark phone (`npm run page-report` tries the other two). */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { control, expect, LLAMA, test } from './fixtures.ts'

async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual(
    [],
  )
}

const states: Record<string, { link: string; act?: (page: Page) => Promise<void> }> = {
  'at the beginning': { link: '' },
  'when it fits': { link: `model=${LLAMA}` },
  'out of memory': { link: `model=${LLAMA}&batch=64` },
  'with panels': { link: `model=${LLAMA}&by=gpu` },
  'with all settings': {
    link: '',
    act: (page) => page.getByRole('button', { name: /all settings/i }).click(),
  },
  'with a refusal': { link: `model=${LLAMA}&tp=3&gpus=2` },
  'with a broken link': { link: `model=${LLAMA}&batch=x` },
  'with an open list': {
    link: '',
    act: async (page) => {
      await control(page, 'GPU').click()
      await page.keyboard.type('a100')
    },
  },
  'with a formula': {
    link: '',
    act: (page) =>
      page
        .locator('oom-breakdown')
        .getByRole('button', { name: /^Weights/ })
        .click(),
  },
  'with the examples': {
    link: '',
    act: (page) => page.getByRole('button', { name: 'Examples' }).click(),
  },
  'with notes': {
    link: `model=${LLAMA}&gpu=T4&gpus=24&tp=8&seq=16k`,
    act: (page) => page.getByText('1 more note').click(),
  },
  'with the export dialog': { link: '', act: (page) => page.getByRole('button', { name: 'Export' }).click() },
  'under the pointer': {
    link: '',
    act: async (page) => {
      const box = await page.getByRole('application').boundingBox()
      if (box) await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    },
  },
}

for (const [name, { link, act }] of Object.entries(states)) {
  test(name, async ({ page }) => {
    await page.goto(`./?engine=cpu${link ? `#${link}` : ''}`)
    await expect(page.locator('h1')).toBeVisible()
    await page.waitForTimeout(300)
    await act?.(page)
    await page.waitForTimeout(300)
    await expectAccessible(page)
  })
}
