/** Figures, commands and JSON that leave the page: they open elsewhere, and say what the page says. */
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { estimated, expect, LLAMA, open, test } from './fixtures.ts'

const take = async (page: Page, what: string) => {
  await page.getByRole('button', { name: 'Export' }).click()
  const dialog = page.locator('oom-export dialog')
  await dialog.getByText(what, { exact: true }).click()
  return dialog
}

const saved = async (page: Page, name: string) => {
  const coming = page.waitForEvent('download')
  await page.getByRole('button', { name }).click()
  const download = await coming
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
}

for (const view of ['map', 'profile', 'overlay']) {
  test(`the ${view} as SVG and PNG, with title and address`, async ({ page, context }) => {
    if (view === 'map') await open(page, `model=${LLAMA}&batch=4`)
    else await page.goto(`./?engine=cpu#model=${LLAMA}&batch=4&view=${view}`)
    await expect(
      page.locator('oom-map path.boundary, oom-profile path.area, oom-overlay path.line').first(),
    ).toBeAttached()
    await take(page, 'Figure')
    const svg = await saved(page, 'Save SVG')
    expect(svg.name).toBe(`oomscape-llama-3-8b-${view}.svg`)
    const text = svg.bytes.toString('utf8')
    // The page itself may not parse anything: it demands trusted types.
    const other = await context.newPage()
    const parsed = await other.evaluate((source) => {
      const root = new DOMParser().parseFromString(source, 'image/svg+xml')
      const outside = [...root.querySelectorAll('[href]')].filter(
        (node) => !/^data:/.test(node.getAttribute('href') ?? ''),
      )
      return {
        broken: root.querySelector('parsererror') !== null,
        title: root.querySelector('title')?.textContent,
        words: [...root.querySelectorAll('text')].map((node) => node.textContent).join(' '),
        active: root.querySelectorAll('script, style, foreignObject').length + outside.length,
        variables: source.includes('var(--'),
        // Office programs paint a stroke over its letters.
        haloes: source.includes('paint-order'),
        fonts: new Set([...root.querySelectorAll('[font-family]')].map((node) => node.getAttribute('font-family')))
          .size,
      }
    }, text)
    expect(parsed).toMatchObject({
      broken: false,
      title: 'Llama 3 8B on one RTX 4090',
      active: 0,
      haloes: false,
      fonts: 1,
    })
    expect(parsed.words).toContain('serves 4 sequences of 8k tokens')
    expect(parsed.words).toContain(page.url().slice(0, 40))
    const { capacity } = estimated({ model: LLAMA, batch: 4 })
    if (view === 'map')
      expect(parsed.words).toContain(`${(Math.floor((capacity / 2 ** 30) * 100) / 100).toFixed(2)} GiB`)
    // Every line has its name and value, also where the plot has no room for it.
    if (view === 'overlay') expect(parsed.words).toMatch(/A100 SXM 80GB: \d+.*H100 SXM 80GB: \d+.*RTX 4090: 5/)
    if (view === 'map') expect(text).toContain('data:image/png;base64,')
    const png = await saved(page, 'Save PNG')
    expect(png.bytes.subarray(1, 4).toString()).toBe('PNG')
    expect(png.bytes.toString('utf8')).toContain(`Source\0\0\0\0\0${page.url()}`)
    expect(png.bytes.readUInt32BE(16)).toBe(2 * Number(/width="(\d+)"/.exec(text)?.[1]))
  })
}

test('where there is no plot, the figure says where there is one', async ({ page }) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&view=compare`)
  const dialog = await take(page, 'Figure')
  await expect(dialog).toContainText('open the map, the profile or the overlay')
})

test('the launch command follows the runtime', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await open(page, `model=${LLAMA}&batch=4&kv=fp8&gpus=2`)
  const dialog = await take(page, 'Command')
  const command = dialog.getByRole('region', { name: 'Command' })
  await expect(command).toContainText(`vllm serve ${LLAMA}`)
  await expect(command).toContainText('--kv-cache-dtype fp8')
  await expect(command).toContainText('--tensor-parallel-size 2')
  await dialog.getByRole('button', { name: 'Copy' }).first().click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await command.innerText())
})

test('scenario and estimate as JSON, to the byte what the command line says', async ({ page }) => {
  await open(page, `model=${LLAMA}&batch=4&kv=fp8`)
  const dialog = await take(page, 'JSON')
  const text = await dialog.getByRole('region', { name: 'Scenario and estimate' }).innerText()
  const { scenario, estimate, link } = JSON.parse(text) as { scenario: object; estimate: object; link: string }
  expect(estimate).toEqual(estimated(scenario))
  expect(link).toBe(page.url())
})

test('a command for a GPU on which the runtime does not run says so, and the JSON carries the note', async ({
  page,
}) => {
  await open(page, `model=${LLAMA}&gpu=M3-Max-128GB`)
  const dialog = await take(page, 'Command')
  await expect(dialog.locator('.bad')).toContainText('vLLM runs on Apple GPUs only through the plugin vllm-metal')
  const note = estimated({ model: LLAMA, batch: 4, hardware: { gpu: 'M3-Max-128GB' } }).notes?.[0]
  await page.locator('oom-export').getByText('JSON', { exact: true }).click()
  await expect(dialog).toContainText(JSON.stringify(note))
})
