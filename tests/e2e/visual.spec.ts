/**
 * The main states as pictures, on a light desktop and a dark phone; compared tolerantly (playwright.config.ts), because no two machines
 * draw text alike. `npx playwright test visual --update-snapshots` draws them anew.
 */
import type { Page } from '@playwright/test'
import { drawn, expect, LLAMA, test } from './fixtures.ts'

const states: Record<string, { link: string; ready: (page: Page) => Promise<void> }> = {
  opening: { link: `model=${LLAMA}&batch=4`, ready: drawn },
  panels: { link: `model=${LLAMA}&batch=16&seq=16k&by=weights`, ready: drawn },
  training: { link: `model=${LLAMA}&task=lora&runtime=peft&gpu=RTX-4090&batch=2&seq=4k`, ready: drawn },
  profile: { link: `model=${LLAMA}&batch=4&view=profile`, ready: shows('oom-profile path.area') },
  gpus: { link: `model=${LLAMA}&batch=4&view=gpus`, ready: shows('oom-gpu-atlas .cell[aria-label]') },
  overlay: { link: `model=${LLAMA}&batch=4&view=overlay`, ready: shows('oom-overlay path.line') },
}

function shows(selector: string) {
  return (page: Page) => expect(page.locator(selector).first()).toBeAttached({ timeout: 20_000 })
}

for (const [name, { link, ready }] of Object.entries(states)) {
  test(name, async ({ page }) => {
    await page.goto(`./?engine=cpu#${link}`)
    await ready(page)
    await expect(page.locator('oom-answer .fix').first()).toHaveAttribute('aria-disabled', 'false')
    await page.evaluate(() => document.fonts.ready)
    // How long it took to draw is no part of the picture.
    await expect(page).toHaveScreenshot(`${name}.png`, { mask: [page.locator('.engine')] })
  })
}
