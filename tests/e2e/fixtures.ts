/** What every end-to-end test stands on: a console that has to stay silent, and the command line's numbers to compare with. */
import { execFileSync } from 'node:child_process'
import { test as base, expect, type Page } from '@playwright/test'
import type { Estimate } from '../../src/memory/estimate.ts'

export { expect }

/** Fails a test in which the page warned or failed. */
export const test = base.extend<{ silence: undefined }>({
  silence: [
    async ({ page }, use) => {
      const said: string[] = []
      page.on('console', (message) => {
        if (['warning', 'error'].includes(message.type())) said.push(message.text())
      })
      page.on('pageerror', (error) => said.push(String(error)))
      await use(undefined)
      expect(said).toEqual([])
    },
    { auto: true },
  ],
})

/** A test of what does not depend on the screen: walked on the desktop alone (playwright.config.ts). */
export const once = { tag: '@once' }

export const LLAMA = 'meta-llama/Meta-Llama-3-8B'

/** The command line's answer to a scenario; asked once for each. */
export function estimated(scenario: object): Estimate {
  const input = JSON.stringify(scenario)
  let answer = answers.get(input)
  if (!answer) {
    const options = { input, encoding: 'utf8' as const }
    answer = JSON.parse(execFileSync(process.execPath, ['bin/oomscape.mjs', 'estimate', '-'], options)) as Estimate
    answers.set(input, answer)
  }
  return answer
}

const answers = new Map<string, Estimate>()

/** Opens the page at a link and waits for its map. */
export async function open(page: Page, link = '', engine: 'cpu' | 'gpu' = 'cpu'): Promise<void> {
  await page.goto(`./?engine=${engine}${link ? `#${link}` : ''}`)
  await drawn(page, engine)
}

export async function drawn(page: Page, engine: 'cpu' | 'gpu' = 'cpu'): Promise<void> {
  const by = engine === 'gpu' ? /^Drawn by WebGPU on / : /CPU/
  await expect(page.locator('.engine span').first()).toHaveText(by, { timeout: 20_000 })
  await expect(page.locator(`oom-map [data-engine=${engine}] canvas`)).toBeAttached()
  await expect(page.locator('oom-map path.boundary').first()).toBeAttached({ timeout: 20_000 })
  await expect(page.locator('oom-map .target.steered')).toBeAttached()
}

/** Whole numbers and bytes as the page writes them: digits in threes, a narrow space between. */
export const digits = (n: number) => String(n).replace(/\B(?=(\d{3})+$)/g, '\u202f')

/** A component's exact bytes in the breakdown. */
export const bytesOf = (page: Page, name: string) =>
  page.locator('oom-breakdown li', { hasText: new RegExp(`^\\s*${name}`) }).locator('.exact')

/** Checks the page's answer, its limits and every component against the command line, byte for byte. */
export async function expectAnswer(page: Page, scenario: object): Promise<Estimate> {
  const expected = estimated(scenario)
  const answer = page.locator('oom-answer')
  await expect(answer.locator('.verdict')).toHaveClass(new RegExp(expected.verdict))
  // What holds with the margin is said under it.
  await expect(answer.locator('dd').nth(0)).toHaveText(new RegExp(`^\\s*${digits(expected.maxBatch)}(?![\\d\u202f])`))
  // Where the model was made for less, what memory would hold is said under it.
  await expect(answer.locator('dd').nth(1)).toHaveText(
    new RegExp(`(^|hold|memory:)\\s*${digits(expected.maxSequence)}(?![\\d\u202f])`),
  )
  const shown = listed(expected)
  await expect(page.locator('oom-breakdown .exact')).toHaveText(shown.map((bytes) => `${digits(bytes)} B`))
  return expected
}

/** The components of an answer that are more than 0, as the page lists them: what grows with the load comes last. */
export function listed({ perGpu }: Estimate): number[] {
  const { total: _, kvCache, activations, ...others } = perGpu
  const { communication, overhead, ...first } = others
  return [...Object.values(first), communication, overhead, activations, kvCache].filter((bytes) => bytes > 0)
}

/** A GPU's row in the atlas. */
export const gpuRow = (page: Page, name: string) =>
  page.locator('oom-gpu-atlas tbody tr').filter({ has: page.locator('th .name', { hasText: new RegExp(`^${name}$`) }) })

/** The control with a label. */
export const control = (page: Page, label: string | RegExp) =>
  page.locator('oom-controls').getByLabel(label, { exact: true }).and(page.locator('input, select'))

/** Holds files back until the function returned is called. */
export async function heldBack(page: Page, files: string): Promise<() => void> {
  let letGo = () => {}
  const held = new Promise<void>((done) => {
    letGo = done
  })
  await page.route(files, async (route) => {
    await held
    await route.continue()
  })
  return letGo
}
