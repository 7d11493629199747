/**
 * The page where WebGPU draws: everything that needs a device runs here, in a browser that presents its canvas (scripts/browser.mjs). The
 * other specs draw on the CPU, in one that leaves the graphics card alone.
 */
import { launchOptions } from '../../scripts/browser.mjs'
import { digits, drawn, estimated, expect, gpuRow, LLAMA, once, open, test } from './fixtures.ts'
import { walkMap } from './walk-map.ts'

test.use({ launchOptions: launchOptions('gpu') })

walkMap('gpu')

test('both engines draw the same boundary and the same pixels', once, async ({ page }) => {
  const scene = `model=${LLAMA}&batch=8&by=gpus`
  const look = async (engine: 'cpu' | 'gpu') => {
    await open(page, scene, engine)
    await page.mouse.move(0, 0)
    const paths = await page
      .locator('oom-map path.boundary')
      .evaluateAll((found) => found.map((path) => path.getAttribute('d')))
    // Only what the engines paint: lines and text above it are smoothed by the browser, not everywhere alike.
    await page
      .locator('oom-map svg.overlay')
      .first()
      .evaluate((overlay: SVGElement) => {
        overlay.style.visibility = 'hidden'
      })
    const shot = await page.locator('oom-map canvas').screenshot()
    return { paths, shot }
  }
  const cpu = await look('cpu')
  const gpu = await look('gpu')
  expect(gpu.paths).toEqual(cpu.paths)
  // Verdicts are equal by arithmetic; shades may differ by one of 256 where a float is truncated.
  const differing = await page.evaluate(
    async ([a, b]) => {
      const pixels = async (data: string) => {
        const image = await createImageBitmap(
          new Blob([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))], { type: 'image/png' }),
        )
        const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
        context?.drawImage(image, 0, 0)
        return context?.getImageData(0, 0, image.width, image.height).data ?? new Uint8ClampedArray()
      }
      const [one, two] = [await pixels(a), await pixels(b)]
      let count = 0
      for (let i = 0; i < one.length; i++) if (Math.abs(one[i] - two[i]) > 8) count++
      return count / one.length
    },
    [cpu.shot.toString('base64'), gpu.shot.toString('base64')],
  )
  expect(differing).toBeLessThan(0.001)
})

test('a lost GPU comes back by itself, and nothing is lost', once, async ({ page }) => {
  await page.addInitScript(() => {
    const { requestDevice } = GPUAdapter.prototype
    GPUAdapter.prototype.requestDevice = async function (...args) {
      const device = await requestDevice.apply(this, args)
      Object.assign(globalThis, { lastDevice: device })
      return device
    }
  })
  await open(page, `model=${LLAMA}&batch=3&seq=20k`, 'gpu')
  const heading = await page.locator('h1').innerText()
  const path = await page.locator('oom-map path.boundary').getAttribute('d')
  await page.evaluate(() => {
    const { lastDevice } = globalThis as unknown as { lastDevice: GPUDevice }
    lastDevice.destroy()
  })
  await drawn(page, 'gpu')
  await page.getByRole('application').focus()
  await page.keyboard.press('+')
  await expect(page.locator('oom-map path.boundary')).not.toHaveAttribute('d', path ?? '')
  await page.keyboard.press('0')
  await expect(page.locator('oom-map path.boundary')).toHaveAttribute('d', path ?? '')
  await expect(page.locator('h1')).toHaveText(heading)
  await drawn(page, 'gpu')
})

test('where the GPU draws, it evaluates the atlases too', once, async ({ page }) => {
  test.slow()
  await page.goto(`./?engine=gpu#model=${LLAMA}&batch=4&view=gpus`)
  await expect(page.locator('oom-gpu-atlas .sum[data-engine=gpu]')).toContainText('hold it alone', { timeout: 60_000 })
  for (const [gpu, name] of [
    ['RTX-4090', 'RTX 4090'],
    ['H200', 'H200'],
  ]) {
    const { maxSequence } = estimated({ model: LLAMA, batch: 4, hardware: { gpu } })
    const most = new RegExp(`up to ${digits(maxSequence)} tokens`)
    await expect(gpuRow(page, name).locator('td.cell').first()).toHaveAttribute('aria-label', most)
  }
  await page.goto(`./?engine=gpu#model=${LLAMA}&gpu=H200&view=models`)
  await expect(page.locator('oom-model-atlas progress')).toHaveCount(1, { timeout: 60_000 })
  await expect(page.locator('oom-model-atlas progress')).toHaveCount(0, { timeout: 60_000 })
  await expect(page.locator('oom-model-atlas .sum')).toHaveAttribute('data-engine', 'gpu')
  await page.locator('oom-model-atlas').getByText('Table', { exact: true }).click()
  await page.getByRole('searchbox', { name: 'Find models' }).fill('qwen3 8b')
  const { maxSequence } = estimated({ model: 'Qwen/Qwen3-8B', hardware: { gpu: 'H200' } })
  const row = page
    .locator('oom-model-atlas tbody tr')
    .filter({ has: page.getByRole('button', { name: 'Qwen3 8B', exact: true }) })
  await expect(row).toContainText(`${digits(maxSequence)} tokens`, { timeout: 60_000 })
})

test('verification compares engines cell by cell and finds no difference', async ({ page }) => {
  await open(page, `model=${LLAMA}&s=1k..8k&b=1..16`, 'gpu')
  await page.getByRole('button', { name: 'Verify' }).click()
  const rows = page.locator('dialog[open] tr')
  await expect(rows.filter({ hasText: 'Mismatches' })).toContainText('0', { timeout: 40_000 })
  await expect(rows.filter({ hasText: 'Engine' })).not.toContainText('CPU')
  await expect(rows.filter({ hasText: 'Cells compared' })).toContainText('784')
})
