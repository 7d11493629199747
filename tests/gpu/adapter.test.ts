/** Without an adapter nothing below tests/gpu has been tested, so its absence is a failure, not a reason to skip. */
import { expect, test } from 'vitest'

test('the browser has a WebGPU adapter', async () => {
  expect(navigator.gpu, 'this browser has no WebGPU: use a current Chrome or Chromium').toBeDefined()
  const adapter = await navigator.gpu.requestAdapter()
  expect(adapter, 'requestAdapter() gave null: see the flags in scripts/browser.mjs').not.toBeNull()
  const { vendor, architecture, description } = adapter!.info
  console.info(`WebGPU adapter: ${[vendor, architecture, description].filter(Boolean).join(', ')}`)
})
