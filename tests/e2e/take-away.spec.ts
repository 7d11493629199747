/** What leaves the page: the sweep as a file, the link, the report of a verification. */
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { digits, estimated, expect, LLAMA, open, test } from './fixtures.ts'

/** Nobody can answer the browser's file dialog here: the file chosen is a real one, in the browser's private file system. */
const chooseIn = (page: Page) =>
  page.addInitScript(() => {
    const showSaveFilePicker = async ({ suggestedName }: { suggestedName: string }) => {
      const folder = await navigator.storage.getDirectory()
      return folder.getFileHandle(suggestedName, { create: true })
    }
    Object.assign(window, { showSaveFilePicker })
  })

/** Names, sizes and last characters of the files there. */
const chosenFiles = (page: Page) =>
  page.evaluate(async () => {
    const files: { name: string; size: number; end: string }[] = []
    for await (const handle of (await navigator.storage.getDirectory()).values()) {
      const file = await (handle as FileSystemFileHandle).getFile()
      files.push({ name: file.name, size: file.size, end: await file.slice(-300).text() })
    }
    return files
  })

test('the visible sweep as CSV, one row per cell, rows equal to the command line', async ({ page }) => {
  await open(page, `model=${LLAMA}&s=1k..4k&b=1..8&by=kv`)
  await page.getByRole('button', { name: 'Export' }).click()
  const dialog = page.locator('dialog[open]')
  await dialog.getByLabel(/^Sequence lengths/).selectOption('2')
  await expect(dialog).toContainText('80 rows')
  const coming = page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Export' }).click()
  const file = await readFile(await (await coming).path(), 'utf8')
  const [head, ...rows] = file.trimEnd().split('\r\n')
  expect(rows).toHaveLength(80)
  const names = head.split(',').map((name) => name.replaceAll('"', ''))
  const row = rows[37].split(',').map((value) => value.replaceAll('"', ''))
  const at = (name: string) => row[names.findIndex((known) => known.startsWith(name))]
  const { perGpu, verdict } = estimated({
    model: LLAMA,
    sequence: Number(at('sequence')),
    batch: Number(at('batch')),
    precision: { kvCache: at('precision.kvCache') || null },
  })
  expect(Number(at('total'))).toBe(perGpu.total)
  expect(Number(at('kvCache'))).toBe(perGpu.kvCache)
  expect(at('verdict')).toBe(verdict)
})

for (const where of ['a chosen file', 'a download'] as const) {
  test(`a large export to ${where} shows progress and can be cancelled`, async ({ page }) => {
    if (where === 'a chosen file') await chooseIn(page)
    else await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'))
    await open(page, `model=${LLAMA}&b=1..65536`)
    await page.getByRole('button', { name: 'Export' }).click()
    const dialog = page.locator('dialog[open]')
    await dialog.getByLabel(/^Sequence lengths/).selectOption('64')
    await dialog.getByRole('button', { name: 'Export' }).click()
    await expect(dialog.getByRole('progressbar')).toBeVisible()
    await expect
      .poll(() => dialog.getByRole('progressbar').evaluate((bar: HTMLProgressElement) => bar.value))
      .toBeGreaterThan(0)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect(dialog.getByRole('status')).toHaveText('Cancelled.')
    // A file that was only begun is taken away again.
    if (where === 'a chosen file') await expect.poll(() => chosenFiles(page)).toEqual([])
  })
}

for (const kind of ['CSV', 'Parquet'] as const) {
  test(`a large export is written to the file that was chosen, as ${kind}`, async ({ page }) => {
    await chooseIn(page)
    await open(page, `model=${LLAMA}&b=1..512`)
    await page.getByRole('button', { name: 'Export' }).click()
    const dialog = page.locator('dialog[open]')
    await dialog.getByText(`Cells, ${kind}`).click()
    await dialog.getByLabel(/^Sequence lengths/).selectOption('256')
    await expect(dialog).toContainText('written to a file of your choice')
    await dialog.getByRole('button', { name: 'Export' }).click()
    await expect(dialog.getByRole('status')).toContainText('Saved', { timeout: 60_000 })
    const [{ name, size, end }] = await chosenFiles(page)
    await expect(dialog.getByRole('status')).toHaveText(`Saved, ${digits(Math.ceil(size / 1024))} KiB.`)
    expect(name).toBe(`oomscape-llama-3-8b-cells.${kind.toLowerCase()}`)
    if (kind === 'Parquet') expect(end.slice(-4)).toBe('PAR1')
    else expect(end).toContain(`\n131072,512,`)
  })
}

test('no file chosen, nothing exported', async ({ page }) => {
  await page.addInitScript(() => {
    Object.assign(window, { showSaveFilePicker: () => Promise.reject(new DOMException('given up', 'AbortError')) })
  })
  await open(page, `model=${LLAMA}&b=1..65536`)
  await page.getByRole('button', { name: 'Export' }).click()
  const dialog = page.locator('dialog[open]')
  await dialog.getByRole('button', { name: 'Export' }).click()
  await expect(dialog.getByRole('button', { name: 'Export' })).toBeEnabled()
  await expect(dialog.getByRole('status')).toHaveText('')
})

test('the link is copied as it stands in the address', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await open(page, `model=${LLAMA}&batch=5`)
  await page.getByRole('button', { name: 'Copy link' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url())
})
