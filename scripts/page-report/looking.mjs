/** What axe finds in the page's states, light and dark, on a desktop and on a phone. */
import AxeBuilder from '@axe-core/playwright'

const LLAMA = 'meta-llama/Meta-Llama-3-8B'

/** Links to states that differ in what they show. */
const states = {
  opening: '',
  fits: `model=${LLAMA}`,
  'out of memory': `model=${LLAMA}&batch=64`,
  'side by side': `model=${LLAMA}&by=kv`,
  profile: `model=${LLAMA}&view=profile`,
  GPUs: `model=${LLAMA}&view=gpus`,
  models: `model=${LLAMA}&view=models`,
  boundaries: `model=${LLAMA}&view=overlay`,
  compared: `model=${LLAMA}&view=compare`,
  training: `model=${LLAMA}&task=qlora&runtime=transformers`,
  refused: `model=${LLAMA}&tp=3&gpus=2`,
}

const screens = [
  { name: 'desktop', viewport: { width: 1440, height: 900 }, isMobile: false },
  { name: 'phone', viewport: { width: 390, height: 844 }, isMobile: true },
]

/**
 * @param {import('playwright').Browser} browser
 * @param {string} url
 * @returns {Promise<import('./table.mjs').Row[]>}
 */
export async function measureLooking(browser, url) {
  /** @type {import('./table.mjs').Row[]} */
  const rows = []
  for (const { name, viewport, isMobile } of screens) {
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      const context = await browser.newContext({ viewport, isMobile, hasTouch: isMobile, colorScheme })
      const found = await violations(context, url)
      await context.close()
      rows.push({
        what: `axe, ${name}, ${colorScheme}, ${Object.keys(states).length} states`,
        value: found.length === 0 ? 'no violations' : found.join('; '),
        target: '0',
        met: found.length === 0,
        fixed: true,
      })
    }
  }
  return rows
}

/**
 * @param {import('playwright').BrowserContext} context
 * @param {string} url
 */
async function violations(context, url) {
  /** @type {string[]} */
  const found = []
  const page = await context.newPage()
  for (const [state, link] of Object.entries(states)) {
    await page.goto('about:blank')
    await page.goto(link ? `${url}#${link}` : url)
    await page.locator('oom-answer h1').waitFor()
    await page.waitForLoadState('networkidle')
    await page.waitForTimeout(500)
    const { violations } = await new AxeBuilder({ page })
      .options({ rules: { 'target-size': { enabled: true } }, resultTypes: ['violations'] })
      .setLegacyMode()
      .analyze()
    for (const { id, nodes } of violations) {
      const where = nodes[0].target.join(' ')
      found.push(`${state}: ${id} at ${where}${nodes.length > 1 ? ` and ${nodes.length - 1} more` : ''}`)
    }
  }
  return found
}
