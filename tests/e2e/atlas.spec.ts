/** Which GPU, how many, and which model on which: cells of the atlases are the command line's answers. */
import type { Page } from '@playwright/test'
import { digits, estimated, expect, gpuRow, LLAMA, once, test } from './fixtures.ts'

const swept = (page: Page) =>
  expect(page.locator('oom-gpu-atlas .sum')).toContainText('hold it alone', { timeout: 20_000 })

test('every GPU is ranked by how few of them hold the scenario', async ({ page, isMobile }) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&batch=4&view=gpus`)
  await swept(page)
  expect(await page.locator('oom-gpu-atlas tbody tr').count()).toBeGreaterThan(70)
  for (const [gpu, name] of [
    ['RTX-4090', 'RTX 4090'],
    ['T4', 'T4'],
    ['H200', 'H200'],
  ]) {
    const first = [1, 2, 4, 8].find(
      (count) => estimated({ model: LLAMA, batch: 4, hardware: { gpu, count } }).verdict !== 'oom',
    )
    await expect(gpuRow(page, name).locator('.needs b')).toHaveText(String(first))
    for (const [column, count] of [
      [0, 1],
      [3, 8],
    ]) {
      const { maxSequence } = estimated({ model: LLAMA, batch: 4, hardware: { gpu, count } })
      const most = maxSequence > 0 ? new RegExp(`up to ${digits(maxSequence)} tokens`) : /nothing fits/
      await expect(gpuRow(page, name).locator('td.cell').nth(column)).toHaveAttribute('aria-label', most)
    }
  }
  // Three GPUs do not divide 32 heads, nor do five, six and seven: no columns for them.
  const heads = page.locator('oom-gpu-atlas thead th')
  await expect(heads).toHaveText([/GPU/, /Memory/, /Needs/, /^\s*1/, /^\s*2/, /^\s*4/, /^\s*8/])
  await expect(page.getByText('3, 5, 6 and 7 GPUs cannot share the model.')).toHaveAttribute(
    'title',
    /32 attention heads/,
  )
  // A cell says its number to the last token; on a phone in four characters, rounded down.
  const { maxSequence } = estimated({ model: LLAMA, batch: 4, hardware: { gpu: 'H200' } })
  await expect(gpuRow(page, 'H200').locator('td.cell').first()).toHaveText(
    isMobile ? `${Math.floor(maxSequence / 1024)}k` : digits(maxSequence),
  )
  // llama.cpp splits by layers, over any number.
  await page.goto(`./?engine=cpu#model=${LLAMA}&batch=4&runtime=llama.cpp&view=gpus`)
  await page.reload()
  await swept(page)
  await expect(heads).toHaveCount(3 + 8)
})

test('every number of GPUs is in sight, whatever the width', once, async ({ page }) => {
  for (const [width, height] of [
    [1440, 900],
    [1024, 768],
  ]) {
    await page.setViewportSize({ width, height })
    await page.goto('about:blank')
    await page.goto(
      './?engine=cpu#model=meta-llama/Llama-3.1-8B&task=qlora&runtime=transformers&gpu=T4&seq=2k&view=gpus',
    )
    await swept(page)
    await expect(page.locator('oom-gpu-atlas thead th')).toHaveCount(3 + 8)
    const scroller = page.locator('oom-gpu-atlas .scroll')
    expect(await scroller.evaluate((at) => at.scrollWidth - at.clientWidth)).toBe(0)
    // Whole, too: shortened, a number says no more than is true.
    const { maxSequence } = estimated({
      model: 'meta-llama/Llama-3.1-8B',
      task: 'qlora',
      runtime: 'transformers',
      sequence: 2048,
      hardware: { gpu: 'T4' },
    })
    const cell = gpuRow(page, 'T4').locator('td.cell').first()
    await expect(cell).toHaveAttribute('title', new RegExp(`up to ${digits(maxSequence)} tokens`))
    const said = (await cell.innerText()).replace(/\D*$/, '')
    expect(Number(said) * 1024).toBeLessThanOrEqual(maxSequence)
    expect((Number(said) + 0.1) * 1024).toBeGreaterThan(maxSequence)
  }
})

test('the matrix is as sharp as the screen, and as large as its place', once, async ({ browser, baseURL }) => {
  const page = await browser.newPage({ deviceScaleFactor: 2, baseURL })
  await page.goto(`./?engine=cpu#model=${LLAMA}&view=models`)
  const canvas = page.locator('oom-model-atlas canvas')
  const sizes = () =>
    canvas.evaluate((element: HTMLCanvasElement) => {
      const { clientWidth, clientHeight } = element.closest('.scroll') as HTMLElement
      return [element.width, element.height, element.clientWidth, element.clientHeight, clientWidth, clientHeight]
    })
  await expect.poll(async () => (await sizes())[0]).toBeGreaterThan(600)
  const [width, height, wide, high, room, rest] = await sizes()
  expect([width, height]).toEqual([2 * wide, 2 * high])
  expect([wide, high]).toEqual([room, rest])
  await page.close()
})

test('filters, and opens a cell as the scenario', async ({ page }) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&batch=4&view=gpus`)
  await swept(page)
  const before = await page.locator('oom-gpu-atlas tbody tr').count()
  await page.getByLabel('Vendor').selectOption('AMD')
  await swept(page)
  expect(await page.locator('oom-gpu-atlas tbody tr').count()).toBeLessThan(before)
  await page.getByLabel('Vendor').selectOption('')
  await page.getByRole('searchbox', { name: 'Find GPUs' }).fill('h200')
  await swept(page)
  await gpuRow(page, 'H200').locator('td.cell').nth(1).click()
  await expect(page.locator('h1')).toContainText('on 2 × H200')
  await expect(gpuRow(page, 'H200').locator('td.cell.pinned')).toHaveCount(1)
})

test('GPUs on which the runtime does not run are left out, counted, and shown on demand, never named as the answer', async ({
  page,
}) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&batch=4&view=gpus`)
  await swept(page)
  const left = page.locator('oom-gpu-atlas .left').last()
  await expect(left).toContainText(/^\s*Without \d+ GPUs on which vLLM does not run: \d+ Apple, /)
  for (const name of ['V100 SXM 32GB', 'TPU v5e', 'M3 Max 128GB']) await expect(gpuRow(page, name)).toHaveCount(0)
  await page.getByRole('button', { name: 'Show all' }).click()
  await swept(page)
  await expect(gpuRow(page, 'TPU v6e').locator('.needs')).toHaveText('cannot run')
  // Arc Pro B60 and L4 are both sold with 24 GB; drivers leave 22.7 and 22.0 GiB, and the command line says which holds it.
  const holds = (gpu: string) => estimated({ model: LLAMA, batch: 4, hardware: { gpu } }).verdict !== 'oom'
  expect([holds('Arc-Pro-B60'), holds('L4')]).toEqual([true, false])
  await expect(page.locator('oom-gpu-atlas .sum')).toContainText('Least memory that fits: 1 × Arc Pro B60')
  await expect(page.locator('oom-gpu-atlas tbody tr .name').first()).toHaveText('Arc Pro B60')
  await page.getByRole('button', { name: 'Leave out' }).click()
  await expect(gpuRow(page, 'TPU v6e')).toHaveCount(0)
})

test('Macs of one size are one row, and one to a computer', async ({ page }) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&batch=4&runtime=llama.cpp&gpu=M2-24GB&view=gpus`)
  await swept(page)
  const row = gpuRow(page, 'Mac 24GB')
  await expect(row).toHaveClass('own')
  await expect(row.locator('th')).toHaveAttribute('title', /M2 24GB, M3 24GB/)
  await expect(row.locator('td.cell').nth(1)).toHaveAttribute('aria-label', /impossible.*computer of its own/)
  const { maxSequence } = estimated({
    model: LLAMA,
    batch: 4,
    runtime: 'llama.cpp',
    hardware: { gpu: 'M5-24GB' },
  })
  const most = maxSequence > 0 ? new RegExp(`up to ${digits(maxSequence)} tokens`) : /nothing fits/
  await expect(row.locator('td.cell').first()).toHaveAttribute('aria-label', most)
})

test('a card without BF16 units is opened in FP16, as vLLM refuses BF16 there', async ({ page }) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&view=gpus`)
  await swept(page)
  await expect(gpuRow(page, 'T4')).toContainText('in FP16')
  await gpuRow(page, 'T4').locator('td.cell').nth(1).click()
  await expect(page.locator('h1')).toContainText('in FP16')
  await expect(page.locator('h1')).toContainText('on 2 × T4')
})

test('columns sort: by click and by keyboard, said in words and to screen readers', async ({ page }) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&batch=4&view=gpus`)
  await swept(page)
  const atlas = page.locator('oom-gpu-atlas')
  const first = atlas.locator('tbody tr .name').first()
  const head = (name: string | RegExp) => atlas.getByRole('columnheader', { name })
  await expect(head('Needs')).toHaveAttribute('aria-sort', 'ascending')
  await expect(atlas.locator('.left').first()).toContainText('Least total memory first')
  await head('Memory').getByRole('button').click()
  await expect(head('Memory')).toHaveAttribute('aria-sort', 'ascending')
  await expect(head('Needs')).not.toHaveAttribute('aria-sort')
  await expect(first).toHaveText('RTX 2060')
  await head('Memory').getByRole('button').click()
  await expect(atlas.locator('.left').first()).toContainText('Most memory first')
  await expect(first).toHaveText('MI350X / MI355X')
  // Along the headings and down into the cells.
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  await expect(head(/^GPU/)).toHaveAttribute('aria-sort', 'ascending')
  await expect(first).toHaveText('A2 / A16')
  await page.keyboard.press('ArrowDown')
  await expect(atlas.locator('td[tabindex="0"]')).toBeFocused()
  await head('8 GPUs').getByRole('button').click()
  await expect(head('8 GPUs')).toHaveAttribute('aria-sort', 'descending')
  await expect(atlas.locator('.left').first()).toContainText('Longest sequence on 8 GPUs first')
})

test('is walked by keyboard: one tab stop, arrows, Enter', async ({ page }) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&batch=4&view=gpus`)
  await swept(page)
  const stops = page.locator('oom-gpu-atlas td[tabindex="0"]')
  await expect(stops).toHaveCount(1)
  await stops.focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  const name = await page.locator('oom-gpu-atlas tbody tr').nth(1).locator('.name').innerText()
  await page.keyboard.press('Enter')
  await expect(page.locator('h1')).toContainText(`on 2 × ${name}`)
})

test('largest batch instead of longest sequence', once, async ({ page }) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&batch=4&view=gpus`)
  await swept(page)
  await page.locator('oom-gpu-atlas').getByText('Largest batch').click()
  const { maxBatch } = estimated({ model: LLAMA, batch: 4, hardware: { gpu: 'H200' } })
  await expect(gpuRow(page, 'H200').locator('td.cell').first()).toHaveAttribute(
    'aria-label',
    new RegExp(`up to ${digits(maxBatch)} sequences`),
  )
})

test('every model on one GPU, as a table with the command line’s numbers', async ({ page }) => {
  test.slow()
  await page.goto(`./?engine=cpu#model=${LLAMA}&batch=2&gpu=H200&view=models`)
  await page.locator('oom-model-atlas').getByText('Table', { exact: true }).click()
  // From its beginning: the largest that fit.
  await expect(page.locator('oom-model-atlas tbody tr').first()).toContainText('Fits', { timeout: 30_000 })
  expect(await page.locator('oom-model-atlas .scroll').evaluate((scroller) => scroller.scrollTop)).toBe(0)
  await page.getByRole('searchbox', { name: 'Find models' }).fill('qwen3')
  for (const model of ['Qwen/Qwen3-8B', 'Qwen/Qwen3-32B']) {
    const { maxSequence } = estimated({ model, batch: 2, hardware: { gpu: 'H200' } })
    const row = page
      .locator('oom-model-atlas tbody tr')
      .filter({ has: page.getByRole('button', { name: new RegExp(`^${model.slice(5).replaceAll('-', ' ')}$`) }) })
    await expect(row).toContainText(`${digits(maxSequence)} tokens`, { timeout: 30_000 })
  }
  await page.getByRole('button', { name: 'Qwen3 8B', exact: true }).click()
  await expect(page.locator('h1')).toContainText('Qwen3 8B')
})

test('the matrix is walked by keyboard and says its cells', async ({ page }) => {
  test.slow()
  await page.goto(`./?engine=cpu#model=${LLAMA}&gpu=H200&view=models`)
  const matrix = page.getByRole('application', { name: /Models by GPUs/ })
  await expect(page.locator('oom-model-atlas .sum')).toContainText(/^[1-9]\d+ models × \d+ GPUs, one of each/)
  await expect(page.locator('oom-model-atlas progress')).toHaveCount(0, { timeout: 40_000 })
  await matrix.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowLeft')
  const { maxSequence } = estimated({ model: LLAMA, hardware: { gpu: 'H200' } })
  await expect(page.locator('oom-model-atlas [aria-live]')).toContainText(
    `Llama 3 8B on one H200: up to ${digits(maxSequence)} tokens`,
  )
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.locator('h1')).not.toContainText('Llama 3 8B')
})

test('the view of models is left without a word', async ({ page }) => {
  await page.goto(`./?engine=cpu#model=${LLAMA}&batch=4&view=models`)
  await expect(page.locator('oom-model-atlas [data-engine]')).toContainText(/models × /, { timeout: 20_000 })
  const tab = (name: string) => page.getByRole('tab', { name, exact: true })
  for (let i = 0; i < 3; i++) {
    await page.waitForTimeout(1500)
    await tab('Map').click()
    await expect(page.locator('oom-model-atlas')).toHaveCount(0)
    await page.waitForTimeout(300)
    await tab('Models').click()
  }
})
