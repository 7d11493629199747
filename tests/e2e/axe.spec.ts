/**
 * WCAG 2.2 AA as far as axe can tell, in the states a reader meets, on a light desktop and a dark phone (`npm run page-report` tries the other
 * two). A walk opens the page once and goes from state to state.
 */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { control, expect, LLAMA, test } from './fixtures.ts'

interface Walk {
  link: string
  /** What is there once the page can be looked at. */
  ready?: string
  /** Ways from each state to the next; the first begins where the link leads. */
  steps?: Record<string, (page: Page) => Promise<unknown>>
}

const base = `model=${LLAMA}&batch=4`
const map = 'oom-map path.boundary'
const close = (page: Page) => page.keyboard.press('Escape')
const button = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).click()
const asTable = (element: string) => (page: Page) => page.locator(element).getByText('Table', { exact: true }).click()

const config = { model_type: 'llama', hidden_size: 64, num_hidden_layers: 2, num_attention_heads: 4, vocab_size: 99 }

const walks: Record<string, Walk> = {
  'the opening': {
    link: '',
    ready: map,
    steps: {
      'under the pointer': async (page) => {
        const box = await page.getByRole('application').boundingBox()
        if (box) await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
      },
      'an open list': async (page) => {
        await control(page, 'GPU').click()
        await page.keyboard.type('a100')
      },
      'a formula': async (page) => {
        await close(page)
        await page
          .locator('oom-breakdown')
          .getByRole('button', { name: /^Weights/ })
          .click()
      },
      'all settings': button(/all settings/i),
    },
  },
  'what is brought': {
    link: base,
    ready: map,
    steps: {
      'own model': async (page) => {
        await page.getByTitle('Bring your own model').click()
        await page.getByLabel('config.json').fill(JSON.stringify({ ...config, intermediate_size: 128 }))
        await expect(page.locator('oom-bring .preview')).toBeVisible()
      },
      'own model, refused': (page) => page.getByLabel('config.json').fill('{}'),
      'own GPU, refused': async (page) => {
        await close(page)
        await page.getByTitle('Bring your own GPU').click()
        await page.getByRole('button', { name: 'Use this GPU' }).click()
      },
    },
  },
  'what is taken away': {
    link: base,
    ready: map,
    steps: {
      export: button('Export'),
      figure: async (page) => {
        await page.locator('oom-export').getByText('Figure', { exact: true }).click()
        await expect(page.locator('oom-take-figure img')).toBeVisible()
      },
      command: (page) => page.locator('oom-export').getByText('Command', { exact: true }).click(),
      examples: async (page) => {
        await close(page)
        await page.getByRole('button', { name: 'Examples' }).click()
      },
    },
  },
  'when it fits': { link: `model=${LLAMA}` },
  'out of memory': { link: `model=${LLAMA}&batch=64` },
  panels: { link: `model=${LLAMA}&by=gpu` },
  'a refusal': { link: `model=${LLAMA}&tp=3&gpus=2` },
  'a broken link': { link: `model=${LLAMA}&batch=x` },
  notes: {
    link: `model=${LLAMA}&gpu=T4&gpus=24&tp=8&seq=16k`,
    ready: map,
    steps: { opened: (page) => page.getByText('1 more note').click() },
  },
  profile: {
    link: `${base}&view=profile`,
    ready: 'oom-profile path.area',
    steps: { 'as a table': asTable('oom-profile') },
  },
  'GPU atlas': {
    link: `${base}&view=gpus`,
    ready: 'oom-gpu-atlas .cell[aria-label]',
    steps: { 'some rows': (page) => page.getByRole('searchbox', { name: 'Find GPUs' }).fill('rtx 40') },
  },
  'model atlas': {
    link: `${base}&view=models`,
    ready: 'oom-model-atlas canvas',
    steps: {
      'as a table': async (page) => {
        await asTable('oom-model-atlas')(page)
        await expect(page.locator('oom-model-atlas tbody tr').first()).toBeVisible({ timeout: 20_000 })
      },
    },
  },
  overlay: {
    link: `${base}&view=overlay`,
    ready: 'oom-overlay path.line',
    steps: { 'as a table': asTable('oom-overlay') },
  },
  'comparison, empty': { link: `${base}&view=compare`, ready: 'oom-compare .invitation' },
  comparison: { link: `${base}&kv=fp8&view=compare&a=model=${LLAMA}%26batch=4`, ready: 'oom-compare tbody' },
}

for (const [name, { link, ready = 'h1', steps = {} }] of Object.entries(walks)) {
  test(name, async ({ page }) => {
    await page.goto(`./?engine=cpu${link ? `#${link}` : ''}`)
    await expect(page.locator(ready).first()).toBeAttached({ timeout: 20_000 })
    // All rows are made alike, and a thousand cells take axe a minute: some of them do.
    if (name !== 'GPU atlas') await expectAccessible(page)
    for (const [state, act] of Object.entries(steps))
      await test.step(state, () => act(page).then(() => expectAccessible(page)))
  })
}

async function expectAccessible(page: Page) {
  await page.waitForTimeout(300)
  // The page has one frame: no second page is needed to join what several found (axe's “legacy mode” leaves that out).
  const { violations } = await new AxeBuilder({ page })
    .options({ rules: { 'target-size': { enabled: true } }, resultTypes: ['violations'] })
    .setLegacyMode()
    .analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual(
    [],
  )
}
