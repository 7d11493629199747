/** What leaves the page: the sweep as a file, the link, the report of a verification. */
import { readFile } from 'node:fs/promises'
import { estimated, expect, LLAMA, open, test } from './fixtures.ts'

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

test('a large export shows progress and can be cancelled', async ({ page }) => {
  await open(page, `model=${LLAMA}&b=1..65536`)
  await page.getByRole('button', { name: 'Export' }).click()
  const dialog = page.locator('dialog[open]')
  await dialog.getByLabel(/^Sequence lengths/).selectOption('64')
  await dialog.getByRole('button', { name: 'Export' }).click()
  await expect(dialog.getByRole('progressbar')).toBeVisible()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog.getByRole('status')).toHaveText('Cancelled.')
})

test('verification compares engines cell by cell and finds no difference', async ({ page }) => {
  await open(page, `model=${LLAMA}&s=1k..8k&b=1..16`, 'gpu')
  await page.getByRole('button', { name: 'Verify' }).click()
  const rows = page.locator('dialog[open] tr')
  await expect(rows.filter({ hasText: 'Mismatches' })).toContainText('0', { timeout: 40_000 })
  await expect(rows.filter({ hasText: 'Engine' })).not.toContainText('CPU')
  await expect(rows.filter({ hasText: 'Cells compared' })).toContainText('784')
})

test('the link is copied as it stands in the address', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await open(page, `model=${LLAMA}&batch=5`)
  await page.getByRole('button', { name: 'Copy link' }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url())
})
