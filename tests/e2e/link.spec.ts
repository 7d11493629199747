/** The address is the document: what is opened is what was left. */
import { control, expect, expectAnswer, LLAMA, open, test } from './fixtures.ts'

const link = `model=Qwen/Qwen3-8B&gpu=H100-SXM-80GB&gpus=2&batch=12&seq=40k&weights=fp8&kv=fp8&s=2k..256k&b=1..64&by=kv&units=GB`

test('a link restores scenario and view', async ({ page }) => {
  await open(page, link)
  await expectAnswer(page, {
    model: 'Qwen/Qwen3-8B',
    batch: 12,
    sequence: 40 * 1024,
    hardware: { gpu: 'H100-SXM-80GB', count: 2 },
    precision: { weights: 'fp8', kvCache: 'fp8' },
  })
  await expect(page.locator('oom-map .title')).toHaveCount(2)
  await expect(page.locator('.verdict')).toContainText('GB')
  expect(new URL(page.url()).hash).toBe(`#${link}`)
})

test('what is changed is in the address, and reloading keeps it', async ({ page }) => {
  await open(page)
  await control(page, 'Batch').fill('7')
  await control(page, 'Batch').press('Enter')
  await page.getByLabel('KV cache', { exact: true }).first().selectOption('fp8')
  await expect(page).toHaveURL(/batch=7.*kv=fp8/)
  const heading = await page.locator('h1').innerText()
  await page.reload()
  await expect(page.locator('h1')).toHaveText(heading)
})

test('back and forward walk through the changes', async ({ page }) => {
  await open(page)
  await control(page, 'Batch').fill('7')
  await control(page, 'Batch').press('Enter')
  await expect(page).toHaveURL(/batch=7/)
  await control(page, 'Batch').fill('9')
  await control(page, 'Batch').press('Enter')
  await expect(page).toHaveURL(/batch=9/)
  await page.goBack()
  await expect(page.locator('h1')).toContainText('serves 7 sequences')
  await page.goForward()
  await expect(page.locator('h1')).toContainText('serves 9 sequences')
})

test('a GPU by another of its names is in the map once, and pinned there', async ({ page }) => {
  await open(page, `model=${LLAMA}&gpu=nvidia%20h100&by=gpu`)
  const titles = page.locator('oom-map .title')
  await expect(titles.filter({ hasText: /^H100/ })).toHaveText(['H100 SXM 80GB'])
  await expectAnswer(page, { model: LLAMA, hardware: { gpu: 'H100-SXM-80GB' } })
})

test('a broken link says which entry is wrong and keeps the rest', async ({ page }) => {
  await open(page, `model=${LLAMA}&batch=minus&seq=16k&kv=fp8&colour=red`)
  await expect(page.getByRole('alert')).toContainText('batch')
  await expect(page.getByRole('alert')).toContainText('colour')
  await expectAnswer(page, { model: LLAMA, sequence: 16384, precision: { kvCache: 'fp8' } })
})

test('an unknown model in a link is refused with the nearest names', async ({ page }) => {
  await page.goto('./?engine=cpu#model=Llama-3-9B')
  await expect(page.getByRole('alert').first()).toContainText('Did you mean')
})

test('a custom model and a custom GPU travel in the link', async ({ page }) => {
  const config = {
    model_type: 'llama',
    hidden_size: 2048,
    intermediate_size: 5632,
    num_hidden_layers: 22,
    num_attention_heads: 32,
    num_key_value_heads: 4,
    vocab_size: 32000,
    torch_dtype: 'bfloat16',
  }
  const bytes = new Uint8Array(
    await new Response(
      new Blob([JSON.stringify(config)]).stream().pipeThrough(new CompressionStream('deflate-raw')),
    ).arrayBuffer(),
  )
  const packed = Buffer.from(bytes).toString('base64url')
  await open(page, `model=~${packed}&gpu=My+card:16384:512&batch=2`)
  await expect(page.locator('h1')).toContainText('on one My card')
  await expectAnswer(page, {
    model: config,
    batch: 2,
    hardware: { gpu: { name: 'My card', memoryMiB: 16384, reserveMiB: 512 } },
  })
})

test('works where storage is switched off', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('denied', 'SecurityError')
      },
    })
  })
  await open(page)
  await page.getByRole('button', { name: /colours$/ }).click()
  await expectAnswer(page, { model: LLAMA, batch: 4 })
})

test('a link of thousands of broken entries is opened, a few of them named', async ({ page }) => {
  const broken = Array.from({ length: 20_000 }, (_, i) => `k${i}=1`).join('&')
  await open(page, `model=${LLAMA}&batch=5&${broken}`)
  await expect(page.locator('.problems li')).toHaveCount(9)
  await expect(page.locator('.problems')).toContainText('and 19992 more entries')
  await expect(page.locator('h1')).toContainText('serves 5 sequences')
})
