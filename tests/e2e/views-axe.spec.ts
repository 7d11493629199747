/** WCAG 2.2 AA as far as axe can tell, in the views and dialogs beside the map, on a light desktop and a dark phone (`npm run page-report` tries the other two). */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, LLAMA, test } from './fixtures.ts'

async function expectAccessible(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual(
    [],
  )
}

const base = `model=${LLAMA}&batch=4`
const states: Record<string, { link: string; ready: string; act?: (page: Page) => Promise<void> }> = {
  profile: { link: `${base}&view=profile`, ready: 'oom-profile path.area' },
  'profile as a table': {
    link: `${base}&view=profile`,
    ready: 'oom-profile path.area',
    act: (page) => page.locator('oom-profile').getByText('Table').click(),
  },
  'GPU atlas': {
    link: `${base}&view=gpus`,
    ready: 'oom-gpu-atlas .cell[aria-label]',
    // All rows are made alike; axe takes a minute for a thousand cells.
    act: (page) => page.getByRole('searchbox', { name: 'Find GPUs' }).fill('rtx 40'),
  },
  'model atlas': { link: `${base}&view=models`, ready: 'oom-model-atlas canvas' },
  'model table': {
    link: `${base}&view=models`,
    ready: 'oom-model-atlas canvas',
    act: async (page) => {
      await page.locator('oom-model-atlas').getByText('Table', { exact: true }).click()
      await expect(page.locator('oom-model-atlas tbody tr').first()).toBeVisible({ timeout: 20_000 })
    },
  },
  overlay: { link: `${base}&view=overlay`, ready: 'oom-overlay path.line' },
  'overlay as a table': {
    link: `${base}&view=overlay`,
    ready: 'oom-overlay path.line',
    act: (page) => page.locator('oom-overlay').getByText('Table').click(),
  },
  'comparison, empty': { link: `${base}&view=compare`, ready: 'oom-compare .invitation' },
  comparison: { link: `${base}&kv=fp8&view=compare&a=model=${LLAMA}%26batch=4`, ready: 'oom-compare tbody' },
  'own model': {
    link: base,
    ready: 'oom-map path.boundary',
    act: async (page) => {
      await page.getByTitle('Bring your own model').click()
      const config = {
        model_type: 'llama',
        hidden_size: 64,
        num_hidden_layers: 2,
        num_attention_heads: 4,
        vocab_size: 99,
      }
      await page.getByLabel('config.json').fill(JSON.stringify({ ...config, intermediate_size: 128 }))
      await expect(page.locator('oom-bring .preview')).toBeVisible()
    },
  },
  'own model, refused': {
    link: base,
    ready: 'oom-map path.boundary',
    act: async (page) => {
      await page.getByTitle('Bring your own model').click()
      await page.getByLabel('config.json').fill('{}')
    },
  },
  'own GPU': {
    link: base,
    ready: 'oom-map path.boundary',
    act: async (page) => {
      await page.getByTitle('Bring your own GPU').click()
      await page.getByRole('button', { name: 'Use this GPU' }).click()
    },
  },
  'figure to take away': {
    link: base,
    ready: 'oom-map path.boundary',
    act: async (page) => {
      await page.getByRole('button', { name: 'Export' }).click()
      await page.locator('oom-export').getByText('Figure', { exact: true }).click()
      await expect(page.locator('oom-take-figure img')).toBeVisible()
    },
  },
  'command to take away': {
    link: base,
    ready: 'oom-map path.boundary',
    act: async (page) => {
      await page.getByRole('button', { name: 'Export' }).click()
      await page.locator('oom-export').getByText('Command', { exact: true }).click()
    },
  },
}

for (const [name, { link, ready, act }] of Object.entries(states)) {
  test(name, async ({ page }) => {
    await page.goto(`./?engine=cpu#${link}`)
    await expect(page.locator(ready).first()).toBeAttached({ timeout: 20_000 })
    await act?.(page)
    await page.waitForTimeout(300)
    await expectAccessible(page)
  })
}
