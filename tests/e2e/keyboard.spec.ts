/** The main path without a pointer: choose, read, walk the map, undo; and every stop can be seen. */
import type { Page } from '@playwright/test'
import { control, expect, expectAnswer, LLAMA, open, test } from './fixtures.ts'

/** The element that has the focus, through shadow roots: its name and whether a ring shows it. */
const focused = (page: Page) =>
  page.evaluate(() => {
    let element = document.activeElement
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
    const ringed = (node: Element | null): boolean => {
      if (!node) return false
      const { outlineStyle, outlineWidth } = getComputedStyle(node)
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1
    }
    return {
      tag: element?.localName ?? '',
      role: element?.getAttribute('role') ?? '',
      id: element?.id ?? '',
      ringed: ringed(element) || ringed(element?.parentElement ?? null),
    }
  })

test('every stop of the keyboard shows where it is, and the map is one of them', async ({ page }) => {
  await open(page)
  const stops: string[] = []
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab')
    const stop = await focused(page)
    if (stop.tag === 'body' || stop.tag === '') break
    expect(stop.ringed, JSON.stringify(stop)).toBe(true)
    stops.push(stop.role || stop.tag)
  }
  expect(stops.filter((stop) => stop === 'application')).toHaveLength(1)
  expect(stops.filter((stop) => stop === 'combobox')).toHaveLength(2)
})

test('the first stop skips to the map, and leaves the address alone', async ({ page }) => {
  await open(page, `model=${LLAMA}&batch=4`)
  const before = page.url()
  await page.keyboard.press('Tab')
  const skip = page.getByRole('button', { name: 'Skip to the map' })
  await expect(skip).toBeFocused()
  await expect(skip).toBeInViewport({ ratio: 1 })
  await page.keyboard.press('Enter')
  await expect(page.getByRole('application')).toBeFocused()
  await expect(skip).not.toBeInViewport()
  expect(page.url()).toBe(before)
})

test('choose a model and a GPU, find a cell on the map, pin it, undo', async ({ page }) => {
  await open(page)
  await page.keyboard.press('g')
  await page.keyboard.type('a100 80')
  await page.keyboard.press('Enter')
  await expect(page.locator('h1')).toContainText('on one A100 SXM 80GB')
  await page.getByRole('application').focus()
  await page.keyboard.press('Shift+ArrowUp')
  await page.keyboard.press('Enter')
  const scenario = { model: LLAMA, batch: 8, hardware: { gpu: 'A100-SXM-80GB' } }
  await expectAnswer(page, scenario)
  await page.keyboard.press('Control+z')
  await expectAnswer(page, { ...scenario, batch: 4 })
  await page.keyboard.press('Control+Shift+z')
  await expectAnswer(page, scenario)
})

test('chips without room are reached from their button, which Escape comes back to', async ({ page }) => {
  // On a phone the line is swiped.
  await page.setViewportSize({ width: 1024, height: 768 })
  await open(page, `model=${LLAMA}&batch=16&seq=16k`)
  const more = page.locator('oom-suggestions .more')
  await more.focus()
  await page.keyboard.press('Enter')
  await expect(page.locator('oom-suggestions .fix:focus')).toBeVisible()
  await page.keyboard.press('Shift+Tab')
  await expect(page.locator('oom-suggestions .fix:focus')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(more).toBeFocused()
  await expect(more).toHaveAttribute('aria-expanded', 'false')
})

test('M and G one after the other: a field reached by its letter is left once something is chosen', async ({
  page,
}) => {
  await open(page)
  await page.keyboard.press('m')
  await page.keyboard.type('qwen2.5 7b')
  await expect(page.getByRole('option', { name: 'Qwen2.5 7B' }).first()).toBeVisible()
  await page.keyboard.press('Enter')
  await page.keyboard.press('g')
  await page.keyboard.type('a100 80')
  await page.keyboard.press('Enter')
  await expect(page.locator('h1')).toContainText(/Qwen2\.5 7B .* on one A100 .*80GB/)
})

test('? opens the keyboard map and Escape closes it', async ({ page }) => {
  await open(page)
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toContainText('Walk the cells')
  await expect(page.getByRole('heading', { name: 'Keyboard and pointer', exact: true })).toBeInViewport()
  expect(await page.getByRole('dialog').evaluate((dialog) => dialog.scrollTop)).toBe(0)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('two tabs do not disturb each other', async ({ page, context }) => {
  await open(page, `model=${LLAMA}&batch=2`)
  const other = await context.newPage()
  await open(other, `model=${LLAMA}&batch=6`)
  await page.keyboard.press('Control+z')
  await expect(page.locator('h1')).toContainText('serves 2 sequences')
  await expect(other.locator('h1')).toContainText('serves 6 sequences')
})

test('a walk on a zoomed map takes the view along', async ({ page }) => {
  await open(page)
  await page.getByRole('application').focus()
  for (let i = 0; i < 15; i++) await page.keyboard.press('+')
  const ring = page.locator('oom-map g.hover .ring').first()
  const inside = async () => {
    const [at, plot] = [await ring.boundingBox(), await page.locator('oom-map .edge').first().boundingBox()]
    if (!at || !plot) return false
    const [x, y] = [at.x + at.width / 2, at.y + at.height / 2]
    return x >= plot.x && x <= plot.x + plot.width && y >= plot.y && y <= plot.y + plot.height
  }
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowUp', 'ArrowUp', 'Shift+ArrowUp', 'ArrowLeft']) {
    await page.keyboard.press(key)
    await expect.poll(inside, key).toBe(true)
  }
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/[#&]s=/)
})

test('an opened list begins at what is chosen, says what it leaves out, and Enter changes nothing', async ({
  page,
}) => {
  for (const [link, label, name] of [
    [`model=${LLAMA}`, 'Model', 'Llama 3 8B'],
    ['model=01-ai/Yi-34B', 'Model', 'Yi 34B'],
    [`model=${LLAMA}&gpu=M2-Max-96GB`, 'GPU', 'M2 Max 96GB'],
  ] as const) {
    await page.goto('about:blank')
    await open(page, link)
    await control(page, label).click()
    const list = page.locator('oom-controls').getByRole('listbox', { name: label })
    const active = list.locator('[aria-selected=true]')
    await expect(active).toContainText(name)
    await expect(active).toBeInViewport()
    await expect(control(page, label)).toHaveAttribute('aria-activedescendant', (await active.getAttribute('id')) ?? '')
    if (label === 'Model') await expect(list).toContainText(/\d+ more: type to find them\./)
    await page.keyboard.press('Enter')
    await expect(list).toBeHidden()
    await expect(control(page, label)).toHaveValue(name)
  }
})
